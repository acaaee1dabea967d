using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Instants of MessagePack records: milliseconds in eight bytes, as all instants in range need, or nil, without a branch between the two; texts behind a call.
/// </summary>
internal static class PackedInstant
{
    private const int Wide = 1 + sizeof(long);
    private const byte Text29 = 0xa0 | 29;

    /// <summary>Reads an instant in range, or nil as 0.</summary>
    /// <returns>The bytes read; 0 for anything else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte here, out long millis)
    {
        var head = here;
        var value = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref here, 1)));
        var isNil = head == MessagePackCode.Nil;
        millis = isNil ? 0 : value;
        return isNil | (head == MessagePackCode.UInt64 & (ulong)(value - InstantText.Earliest) < InstantText.End - InstantText.Earliest)
            ? isNil ? 1 : Wide
            : ReadOther(ref here, value, out millis);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadOther(ref byte here, long wide, out long millis)
    {
        millis = wide;
        return here switch
        {
            Text29 => FastInstant.ReadPacked(ref here, out millis),
            MessagePackCode.Int64 => InstantText.IsInRange(wide) ? Wide : 0,
            _ => ReadText(ref here, out millis),
        };
    }

    private static int ReadText(ref byte here, out long millis)
    {
        millis = 0;
        var (start, length) = PackedText.Place(ref here);
        return start != 0 && length <= InstantText.LongestBytes
            && InstantText.TryParse(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, start), length), out millis)
            ? start + length
            : 0;
    }
}
