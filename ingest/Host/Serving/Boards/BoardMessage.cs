using System.IO.Compression;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>One server-sent event, written once for all readers and, for those that take gzip, packed once. Immutable; any thread.</summary>
internal sealed class BoardMessage
{
    private readonly int start;
    private readonly int length;
    private readonly Lazy<byte[]> packed;

    /// <param name="id">The frame it leads to; 0 for none.</param>
    /// <param name="name"><c>frame</c>, <c>delta</c>, or <c>heartbeat</c> when there is nothing new.</param>
    /// <param name="json">UTF-8 without line ends.</param>
    private BoardMessage(long id, string name, byte[] json)
    {
        (Id, Event) = (id, name);
        var head = Encoding.UTF8.GetBytes($"event: {name}\ndata: ");
        var tail = Encoding.UTF8.GetBytes(id > 0 ? $"\nid: {id}\n\n" : "\n\n");
        (start, length) = (head.Length, json.Length);
        Text = (byte[])[.. head, .. json, .. tail];
        packed = new Lazy<byte[]>(() => Pack(Text.Span));
    }

    public long Id { get; }

    public string Event { get; }

    /// <summary>As it is sent, UTF-8.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>Its JSON alone.</summary>
    public ReadOnlyMemory<byte> Json => Text.Slice(start, length);

    /// <summary>
    /// The text as blocks of a deflate stream that look back on nothing before them, up to a byte's end: they may stand behind those of any other message.
    /// </summary>
    public ReadOnlyMemory<byte> Packed => packed.Value;

    /// <param name="id">The frame it leads to; 0 for none.</param>
    /// <param name="name">What it is.</param>
    public static BoardMessage Of<T>(long id, string name, T value, JsonSerializerOptions form) =>
        new(id, name, JsonSerializer.SerializeToUtf8Bytes(value, form));

    private static byte[] Pack(ReadOnlySpan<byte> text)
    {
        using var blocks = new MemoryStream();
        using var deflate = new DeflateStream(blocks, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(text);
        deflate.Flush(); // Ends the block at a byte; disposing would end the stream as well.
        return blocks.ToArray();
    }
}
