using System.Buffers.Binary;

namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>
/// The plainest reading of the format's page, written without the product's reader: every place of the file is tried for a whole good block.
/// </summary>
internal static class NaiveRecording
{
    private const int First = 128;
    private const int Header = 88;

    /// <summary>A whole good block.</summary>
    internal sealed record Block(int Start, int End, int Type, long Number, IReadOnlyList<CollectingSink.Record> Events);

    public static List<Block> Blocks(byte[] file)
    {
        var blocks = new List<Block>();
        var id = file.Length < First ? [] : file.AsSpan(16, 16).ToArray();
        for (var at = First; at < file.Length;)
        {
            var block = TryBlock(file, at, id);
            at = block?.End ?? at + 1;
            if (block is not null)
            {
                blocks.Add(block);
            }
        }

        return blocks;
    }

    /// <summary>CRC-32C bit by bit: polynomial 0x1EDC6F41, reflected.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }

    private static Block? TryBlock(byte[] file, int at, byte[] id)
    {
        var rest = file.AsSpan(at);
        if (rest.Length < Header || !rest[..16].SequenceEqual(id) || BinaryPrimitives.ReadUInt32LittleEndian(rest[84..]) != Crc(rest[..84]))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest[20..]);
        if (length < 0 || length > rest.Length - Header || BinaryPrimitives.ReadUInt32LittleEndian(rest[28..]) != Crc(rest.Slice(Header, length)))
        {
            return null;
        }

        var events = rest[16] == 1 ? Events(rest.Slice(Header, length).ToArray()) : [];
        return new Block(at, at + Header + length, rest[16], BinaryPrimitives.ReadInt64LittleEndian(rest[32..]), events);
    }

    private static List<CollectingSink.Record> Events(byte[] payload)
    {
        var events = new List<CollectingSink.Record>();
        for (var at = 0; at < payload.Length;)
        {
            var fields = payload[at++] & 0x0f;
            var arrival = payload[at] == 0xc0 ? Nil(ref at) : Integer(payload, ref at);
            var position = new KpiStream.Engine.Events.SourcePosition((int)Integer(payload, ref at), Integer(payload, ref at));
            if (fields == 5)
            {
                var length = (int)Integer(payload, ref at);
                events.Add(new CollectingSink.Record(position, arrival, Convert.ToHexString(payload.AsSpan(at, length)), -1));
                at += length;
            }
            else
            {
                at += 1 + (payload[at] & 0x1f);
            }
        }

        return events;
    }

    private static long Nil(ref int at)
    {
        at++;
        return long.MinValue;
    }

    private static long Integer(byte[] bytes, ref int at)
    {
        var head = bytes[at++];
        if (head < 0x80)
        {
            return head;
        }

        var width = 1 << ((head - 0xcc) & 3);
        var value = 0L;
        for (var i = 0; i < width; i++)
        {
            value = (value << 8) | bytes[at++];
        }

        return value;
    }
}
