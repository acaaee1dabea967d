using System.Numerics;
using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>Integers without a sign. What stands behind the last digit is for the next step to judge: a fraction or an exponent is no comma.</summary>
internal static class FastNumber
{
    private const int MostDigits = 18; // below 10^18, so never beyond 2^63 - 1

    /// <summary>Reads up to 18 digits.</summary>
    /// <returns>The number of digits; 0 for no digit, a leading zero or more digits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte here, out long value)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref here);
        var digits = Digits(word);
        if (digits == 0 || digits == sizeof(ulong) || ((byte)word == '0' && digits > 1))
        {
            return ReadLong(ref here, out value);
        }

        value = Value(word << ((sizeof(ulong) - digits) * 8));
        return digits;
    }

    /// <summary>How many of the first bytes are digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ulong word)
    {
        // A byte is a digit when its upper half is 3 and stays 3 after adding 6. The first other byte decides, and no carry reaches it from below:
        // bytes below it are digits.
        var others = ((word & 0xF0F0F0F0F0F0F0F0) ^ 0x3030303030303030) | (((word + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) ^ 0x3030303030303030);
        return BitOperations.TrailingZeroCount(others) / 8;
    }

    /// <summary>The value of eight bytes that are digits, or zero at the front; each step adds neighbours: 1 digit to 2, to 4, to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Value(ulong word)
    {
        word &= 0x0F0F0F0F0F0F0F0F;
        word = ((word * 10) + (word >> 8)) & 0x00FF00FF00FF00FF;
        word = ((word * 100) + (word >> 16)) & 0x0000FFFF0000FFFF;
        return (long)(((word * 10_000) + (word >> 32)) & 0xFFFFFFFF);
    }

    private static int ReadLong(ref byte here, out long value)
    {
        value = 0;
        var digits = 0;
        for (; Unsafe.Add(ref here, digits) is >= (byte)'0' and <= (byte)'9' and var digit; digits++)
        {
            if (digits == MostDigits || (digits == 1 && value == 0))
            {
                return 0;
            }

            value = (value * 10) + (digit - '0');
        }

        return digits;
    }
}
