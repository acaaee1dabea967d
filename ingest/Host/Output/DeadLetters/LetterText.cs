using System.Buffers;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>Writes dead letters as JSON objects, one after the other into one buffer. One thread at a time.</summary>
internal sealed class LetterText : IDisposable
{
    private readonly Utf8JsonWriter json = new(Stream.Null);

    /// <summary>
    /// Appends one letter, without a line feed: reason, key name where the reason has one, position, times, length, SHA-256; never a byte of the record.
    /// </summary>
    public void Append(in NotedLetter letter, ArrayBufferWriter<byte> text)
    {
        json.Reset(text);
        json.WriteStartObject();
        var reason = letter.Verdict.ToString();
        json.WriteString("reason", reason);
        if (RejectText.KeyOf(reason) is { Length: > 0 } key)
        {
            json.WriteString("key", key);
        }

        json.WriteString("source", letter.Source);
        json.WriteNumber("partition", letter.Position.Partition);
        json.WriteNumber("offset", letter.Position.Offset);
        if (letter.Arrival != long.MinValue)
        {
            json.WriteString("arrival", InstantText.ToLocalMillis(letter.Arrival));
        }

        json.WriteString("noted", InstantText.ToLocalMillis(letter.NotedAt));
        json.WriteNumber("bytes", letter.Length);
        json.WriteString("sha256", letter.Sha256);
        json.WriteEndObject();
        json.Flush();
    }

    public void Dispose() => json.Dispose();
}
