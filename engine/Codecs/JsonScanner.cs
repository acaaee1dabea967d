using System.Text.Json;
using System.Text.Unicode;

namespace KpiStream.Engine.Codecs;

/// <summary>
/// Finds where the last value of every known key of a JSON object stands, by <see cref="Utf8JsonReader"/>, the judge of what is legal.
/// Unknown keys are checked and passed over unread.
/// </summary>
internal static class JsonScanner
{
    /// <summary>One slot per known key in <see cref="CaseKey"/> order, and one for <c>v</c>.</summary>
    public const int NativeSlots = CaseKeys.Count + 1;

    public const int VersionSlot = CaseKeys.Count;

    /// <summary>What <see cref="TryScan{TKeys}"/> passes over.</summary>
    public const int NoSlot = -1;

    private const int LongestName = 64; // in bytes; the native keys have at most 17, a profile's at most this
    private const int EscapeBytes = 6; // \u0061

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DecodeLimits.MaxDepth };

    /// <summary>Which slot a key's value goes to.</summary>
    public interface IKeys
    {
        /// <param name="name">The name in UTF-8, unescaped.</param>
        int SlotOf(ReadOnlySpan<byte> name);
    }

    /// <summary>The keys of the native form.</summary>
    public readonly struct NativeKeys : IKeys
    {
        public int SlotOf(ReadOnlySpan<byte> name) => name is [(byte)'v'] ? VersionSlot : CaseKeys.TryFind(name, out var found) ? (int)found : NoSlot;
    }

    /// <summary>Scans a record; false when it is no legal JSON object in UTF-8.</summary>
    /// <param name="tokens">One per slot; all are written.</param>
    public static bool TryScan<TKeys>(ReadOnlySpan<byte> record, TKeys keys, Span<JsonToken> tokens)
        where TKeys : struct, IKeys
    {
        tokens.Clear();

        // The reader leaves the inside of strings unread, so that they are UTF-8 has to be seen first.
        if (!Utf8.IsValid(record))
        {
            return false;
        }

        var reader = new Utf8JsonReader(record, Options);
        try
        {
            return TryScanObject(ref reader, keys, tokens);
        }
        catch (JsonException)
        {
            // The reader has no verdict other than this exception. It is the judge, not the fast path.
            return false;
        }
    }

    /// <summary>The slot of a name as it stands between its quotes.</summary>
    public static int SlotOf<TKeys>(TKeys keys, ReadOnlySpan<byte> name, bool escaped)
        where TKeys : struct, IKeys
    {
        if (!escaped)
        {
            return keys.SlotOf(name);
        }

        Span<byte> plain = stackalloc byte[LongestName * EscapeBytes];
        return name.Length <= plain.Length && JsonText.TryUnescape(name, plain, out var written) ? keys.SlotOf(plain[..written]) : NoSlot;
    }

    private static bool TryScanObject<TKeys>(ref Utf8JsonReader reader, TKeys keys, Span<JsonToken> tokens)
        where TKeys : struct, IKeys
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        ScanMembers(ref reader, keys, tokens);

        // The event's closing brace has been read; anything but white space behind it makes Read throw.
        return !reader.Read();
    }

    /// <summary>Reads the members of the object the reader has entered, up to its closing brace.</summary>
    internal static void ScanMembers<TKeys>(ref Utf8JsonReader reader, TKeys keys, Span<JsonToken> tokens)
        where TKeys : struct, IKeys
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = SlotOf(keys, reader.ValueSpan, reader.ValueIsEscaped);
            reader.Read();
            var token = TokenAt(ref reader);
            reader.Skip();
            if (slot != NoSlot)
            {
                tokens[slot] = token.Kind == JsonTokenKind.Nested ? token.Until((int)reader.BytesConsumed) : token;
            }
        }
    }

    /// <summary>The value the reader stands on; of an object or array only its beginning.</summary>
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
