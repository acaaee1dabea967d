using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MessagePack;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>MessagePack integers without a sign, of any width, and nil: one table says how many bytes a head makes, so nothing depends on a guess.</summary>
internal static class PackedNumber
{
    private static readonly byte[] Lengths = [.. Enumerable.Range(0, 256).Select(head => LengthOf((byte)head))];

    /// <summary>Reads an integer from 0 to 2^63 − 1, or nil as 0.</summary>
    /// <returns>The bytes read; 0 for anything else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte here, out long value)
    {
        int head = here;
        int length = Lengths[head];
        var wide = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref here, 1)));

        // Shifted by half twice, because where no byte follows the head all 64 places have to go. A head below 128 is the value itself.
        var half = 36 - (4 * length);
        value = (long)(wide >> half >> half) | (uint)(head & ((head - 128) >> 31));
        return value < 0 ? 0 : length;
    }

    private static byte LengthOf(byte head) => head switch
    {
        < 0x80 or MessagePackCode.Nil => 1,
        >= MessagePackCode.UInt8 and <= MessagePackCode.UInt64 => (byte)(1 + (1 << (head - MessagePackCode.UInt8))),
        _ => 0,
    };
}
