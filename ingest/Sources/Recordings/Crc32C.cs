using System.Buffers.Binary;
using System.Numerics;

namespace KpiStream.Ingest.Sources.Recordings;

/// <summary>
/// CRC-32C (Castagnoli; iSCSI, RFC 3720 appendix B.4). A processor's instruction for it gives its result after three cycles and begins a new one in each, so
/// three lanes of a block are taken side by side and put together by tables. System.IO.Hashing 11 has it too and takes 14 to 30 % longer from 4 KiB on.
/// </summary>
public static class Crc32C
{
    /// <summary>Long enough that putting together does not count, short enough that little of a block is left over.</summary>
    private const int LaneBytes = 512;

    private const int Lanes = 3;

    // By byte of a state: what becomes of it behind a lane of zeros. States are sums of their bits, and so are what they become.
    private static readonly uint[] BehindLane =
        [.. Enumerable.Range(0, sizeof(uint) * 256).Select(place => Run((uint)(place & 255) << (place / 256 * 8), new byte[LaneBytes]))];

    /// <summary>The checksum of bytes, initial value and final inversion included.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= Lanes * LaneBytes; bytes = bytes[(Lanes * LaneBytes)..])
        {
            crc = RunLanes(crc, bytes[..LaneBytes], bytes.Slice(LaneBytes, LaneBytes), bytes.Slice(2 * LaneBytes, LaneBytes));
        }

        return ~Run(crc, bytes);
    }

    private static uint RunLanes(uint first, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c)
    {
        var (second, third) = (0u, 0u);
        for (var place = 0; place < LaneBytes; place += sizeof(ulong))
        {
            first = BitOperations.Crc32C(first, BinaryPrimitives.ReadUInt64LittleEndian(a[place..]));
            second = BitOperations.Crc32C(second, BinaryPrimitives.ReadUInt64LittleEndian(b[place..]));
            third = BitOperations.Crc32C(third, BinaryPrimitives.ReadUInt64LittleEndian(c[place..]));
        }

        return Behind(Behind(first) ^ second) ^ third;
    }

    private static uint Behind(uint crc) =>
        BehindLane[crc & 255] ^ BehindLane[256 + ((crc >> 8) & 255)] ^ BehindLane[512 + ((crc >> 16) & 255)] ^ BehindLane[768 + (crc >> 24)];

    private static uint Run(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
