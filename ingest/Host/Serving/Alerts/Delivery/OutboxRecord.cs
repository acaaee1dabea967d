using System.Buffers.Text;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>One line of an outbox file. One of the properties is set.</summary>
internal sealed record OutboxRecord
{
    /// <summary>The first line of a file.</summary>
    public OutboxBegin? Begin { get; init; }

    /// <summary>The line after which everything that the file before held is in this one.</summary>
    public bool? Complete { get; init; }

    public OutboxOffer? Offer { get; init; }

    public OutboxSettle? Settle { get; init; }

    /// <summary>The line: the CRC-32C of the object in eight hexadecimal digits, a space, the object, a line feed.</summary>
    public byte[] ToLine()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, DeliveryMessage.Json);
        return [.. Encoding.ASCII.GetBytes($"{Crc32C.Of(json):x8} "), .. json, (byte)'\n'];
    }

    /// <summary>Null for a line that is none.</summary>
    /// <param name="line">Without its line feed.</param>
    public static OutboxRecord? TryParse(ReadOnlySpan<byte> line)
    {
        if (line.Length < 10 || !Utf8Parser.TryParse(line[..8], out uint checksum, out var read, 'x') || read != 8 || Crc32C.Of(line[9..]) != checksum)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<OutboxRecord>(line[9..], DeliveryMessage.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a file begins.</summary>
/// <param name="Format">1.</param>
/// <param name="LastId">The id given last.</param>
/// <param name="Numbers">The newest number of each key and its channels, the keys longest unheard of first.</param>
internal sealed record OutboxBegin(int Format, long LastId, IReadOnlyList<KeyNumber> Numbers);

internal readonly record struct KeyNumber(string Key, long Number);

/// <summary>A message for some channels.</summary>
/// <param name="Id">Grows from offer to offer.</param>
/// <param name="Since">Since when it, or what it took the place of, waits; milliseconds since 1970 UTC.</param>
/// <param name="Channels">The names of those that have not settled it.</param>
internal sealed record OutboxOffer(long Id, long Since, IReadOnlyList<string> Channels, DeliveryMessage Message);

/// <summary>A channel is done with a message.</summary>
/// <param name="Id">The offer's.</param>
/// <param name="Dead">Why it was given up; null when the receiver took it.</param>
/// <param name="Standing">What the receiver holds from now on under the key and is to be renewed; null for nothing.</param>
internal sealed record OutboxSettle(string Channel, long Id, string Key, string? Dead = null, DeliveryMessage? Standing = null);
