using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>Where strings end. A string is read up to its quote only; an escape, a control character or the record's end is a surprise.</summary>
internal static class FastText
{
    /// <summary>A vector whose first bytes are all ones and whose others are zero.</summary>
    /// <param name="count">0 to 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> FirstBytes(int count) => Vector256.GreaterThan(Vector256.Create((sbyte)count), Vector256<sbyte>.Indices).AsByte();

    /// <summary>The bits of the bytes at which plain text stops: quote, backslash, control characters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Stops(Vector256<byte> text)
    {
        var control = Vector256.Equals(Vector256.Min(text, Vector256.Create((byte)0x1F)), text);
        var marks = Vector256.Equals(text, Vector256.Create((byte)'"')) | Vector256.Equals(text, Vector256.Create((byte)'\\'));
        return (control | marks).ExtractMostSignificantBits();
    }

    /// <summary>The length of the text of a string without escapes; -1 for anything else and for text that is longer than allowed.</summary>
    /// <param name="text">The first byte behind the opening quote.</param>
    /// <param name="most">The longest text allowed, at most 64 bytes.</param>
    /// <param name="isAscii">Becomes false when the text is not ASCII; it is not known to be UTF-8 then.</param>
    public static int LengthOf(ref byte text, int most, ref bool isAscii)
    {
        for (var start = 0; start <= most; start += Vector256<byte>.Count)
        {
            var piece = Vector256.LoadUnsafe(ref text, (nuint)start);
            var stops = Stops(piece);
            var others = piece.ExtractMostSignificantBits();
            if (stops != 0)
            {
                var stop = BitOperations.TrailingZeroCount(stops);
                isAscii &= (others & ((1u << stop) - 1)) == 0;
                return start + stop <= most && Unsafe.Add(ref text, start + stop) == '"' ? start + stop : -1;
            }

            isAscii &= others == 0;
        }

        return -1;
    }
}
