using System.Buffers.Binary;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Sends messages to one reader, each at once, as text or as one gzip stream (RFC 1952) made of the blocks that are packed for all. Belongs to one request.
/// </summary>
internal sealed class EventOutput(HttpResponse response, bool isPacked)
{
    /// <summary>After each slice the reader must have made room: more is never waiting in the web server.</summary>
    private const int Slice = 16 << 10;

    // Deflate, no name, no time, any system.
    private static readonly byte[] Head = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    // The last block, which is empty.
    private static readonly byte[] LastBlock = [3, 0];

    private Crc32 checksum;
    private uint length;
    private bool hasBegun;
    private bool isBroken;

    /// <summary>Returns when all of it is with the socket, or waits for a reader that is slow.</summary>
    public async Task WriteAsync(BoardMessage message, CancellationToken cancel)
    {
        isBroken = true; // Until all of it has gone.
        if (!isPacked)
        {
            await SendAsync(message.Text, cancel);
        }
        else
        {
            await BeginAsync(cancel);
            await SendAsync(message.Packed, cancel);
            checksum.Add(message.Text.Span);
            length += (uint)message.Text.Length;
        }

        isBroken = false;
    }

    /// <summary>Ends the stream as its form wants; not where a message was broken off.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        if (isBroken || !isPacked || !hasBegun)
        {
            return;
        }

        var tail = new byte[LastBlock.Length + (2 * sizeof(uint))];
        LastBlock.CopyTo(tail, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(LastBlock.Length), checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(tail.AsSpan(LastBlock.Length + sizeof(uint)), length);
        await SendAsync(tail, cancel);
    }

    private async Task BeginAsync(CancellationToken cancel)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            response.Headers.ContentEncoding = "gzip";
            await SendAsync(Head, cancel);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(Slice, bytes.Length)..])
        {
            await response.Body.WriteAsync(bytes[..Math.Min(Slice, bytes.Length)], cancel);
        }

        await response.Body.FlushAsync(cancel);
    }
}
