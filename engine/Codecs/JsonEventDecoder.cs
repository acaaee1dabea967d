using System.Text.Json;
using System.Text.Unicode;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Native JSON by <see cref="Utf8JsonReader"/>, the judge of what is legal. It first finds where the last value of every known key
/// stands, skipping unknown keys unread, and leaves the meaning of the values to <see cref="JsonEventJudge"/>.
/// </summary>
public sealed class JsonEventDecoder : IEventDecoder
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DecodeLimits.MaxDepth };

    private readonly DecodeLimits limits;
    private readonly JsonEventJudge judge;
    private readonly JsonToken[] tokens = new JsonToken[JsonEventJudge.TokenCount];

    public JsonEventDecoder(CodeBook codes, PseudonymKey key, DecodeLimits limits)
    {
        this.limits = limits;
        judge = new JsonEventJudge(codes, key, limits);
    }

    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        if (record.Length > limits.MaxRecordBytes)
        {
            return new Verdict(RejectReason.TooLarge);
        }

        // The reader leaves the inside of strings unread, so that they are UTF-8 has to be seen first.
        return Utf8.IsValid(record) && TryScan(record)
            ? judge.Judge(record, tokens, arrival, out decoded)
            : new Verdict(RejectReason.Malformed);
    }

    private bool TryScan(ReadOnlySpan<byte> record)
    {
        Array.Clear(tokens);
        var reader = new Utf8JsonReader(record, Options);
        try
        {
            return TryScanObject(ref reader);
        }
        catch (JsonException)
        {
            // The reader has no verdict other than this exception. It is the judge, not the fast path.
            return false;
        }
    }

    private bool TryScanObject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = JsonEventJudge.SlotOf(reader.ValueSpan, reader.ValueIsEscaped);
            reader.Read();
            if (slot >= 0)
            {
                tokens[slot] = TokenAt(ref reader);
            }

            reader.Skip();
        }

        // The event's closing brace has been read; anything but white space behind it makes Read throw.
        return !reader.Read();
    }

    private static JsonToken TokenAt(ref Utf8JsonReader reader)
    {
        var kind = reader.TokenType switch
        {
            JsonTokenType.Null => JsonTokenKind.Null,
            JsonTokenType.True => JsonTokenKind.True,
            JsonTokenType.False => JsonTokenKind.False,
            JsonTokenType.Number => JsonTokenKind.Number,
            JsonTokenType.String => JsonTokenKind.String,
            _ => JsonTokenKind.Nested,
        };
        var start = (int)reader.TokenStartIndex + (kind == JsonTokenKind.String ? 1 : 0);
        return new JsonToken(kind, start, reader.ValueSpan.Length, reader.ValueIsEscaped);
    }
}
