using System.Text.Json;

namespace KpiStream.Bench.Micro;

/// <summary>
/// What a careful programmer would write with <see cref="Utf8JsonReader"/>: every known key's value taken by the reader's own methods, text copied, no
/// object made. It hashes no case code, interns nothing, checks no bounds and no repetition: less than a decoder does.
/// </summary>
internal sealed class ReaderExtraction
{
    private readonly byte[] text = new byte[CaseKeys.Count * 64];

    /// <summary>Instants as milliseconds, integers, words' codes and flags, by key; of text its length.</summary>
    public long[] Values { get; } = new long[CaseKeys.Count];

    /// <summary>Reads a record that is known to be legal; the number of known keys.</summary>
    public int Read(ReadOnlySpan<byte> record)
    {
        Array.Clear(Values);
        var reader = new Utf8JsonReader(record);
        var found = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKnown = CaseKeys.TryFind(reader.ValueSpan, out var key);
            reader.Read();
            if (isKnown)
            {
                found++;
                Values[(int)key] = ValueOf(ref reader, key);
            }
            else
            {
                reader.Skip();
            }
        }

        return found;
    }

    private long ValueOf(ref Utf8JsonReader reader, CaseKey key)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return 0;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? number : -1;
            case JsonTokenType.True or JsonTokenType.False:
                return reader.GetBoolean() ? WordLayout.True : WordLayout.False;
            case JsonTokenType.String:
                return TextOf(ref reader, key);
            default:
                reader.Skip();
                return -1;
        }
    }

    private long TextOf(ref Utf8JsonReader reader, CaseKey key)
    {
        if (Words.Of(key) is { } words)
        {
            return words.TryCode(reader.ValueSpan, out var code) ? code : -1;
        }

        if (key is CaseKey.At or CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended)
        {
            return reader.TryGetDateTimeOffset(out var instant) ? instant.ToUnixTimeMilliseconds() : -1;
        }

        return reader.ValueSpan.Length <= 64 ? reader.CopyString(text.AsSpan((int)key * 64, 64)) : -1;
    }
}
