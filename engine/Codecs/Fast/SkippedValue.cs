using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>The value of a key that is not known: passed over unread, if it is legal.</summary>
internal static class SkippedValue
{
    // The value stands in the event, which is depth 1.
    private static readonly JsonReaderOptions Inner = new() { MaxDepth = DecodeLimits.MaxDepth - 1 };

    /// <summary>The length of a value; 0 for what is not surely legal.</summary>
    /// <param name="here">The value's first byte.</param>
    /// <param name="rest">The record from there on.</param>
    /// <param name="isAscii">Becomes false when it may not be ASCII.</param>
    public static int LengthOf(ref byte here, ReadOnlySpan<byte> rest, ref bool isAscii)
    {
        switch (here)
        {
            case (byte)'"':
                return StringLength(ref here, ref isAscii);
            case (byte)'{' or (byte)'[':
                isAscii = false;
                return NestedLength(rest);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return NumberLength(ref here);
            default:
                return rest.StartsWith("true"u8) || rest.StartsWith("null"u8) ? 4 : rest.StartsWith("false"u8) ? 5 : 0;
        }
    }

    private static int StringLength(ref byte here, ref bool isAscii)
    {
        var position = 1;
        while (true)
        {
            var piece = Vector256.LoadUnsafe(ref here, (nuint)position);
            isAscii &= piece.ExtractMostSignificantBits() == 0;
            var stops = FastText.Stops(piece);
            position += stops == 0 ? Vector256<byte>.Count : System.Numerics.BitOperations.TrailingZeroCount(stops);
            if (stops == 0)
            {
                continue;
            }

            var escape = EscapeLength(ref Unsafe.Add(ref here, position));
            if (escape == 0)
            {
                return Unsafe.Add(ref here, position) == '"' ? position + 1 : 0;
            }

            position += escape;
        }
    }

    /// <summary>The length of an escape; 0 where none begins, or none that is legal.</summary>
    private static int EscapeLength(ref byte here)
    {
        if (here != '\\')
        {
            return 0;
        }

        switch (Unsafe.Add(ref here, 1))
        {
            case (byte)'u':
                return IsHex(ref here, 2) && IsHex(ref here, 3) && IsHex(ref here, 4) && IsHex(ref here, 5) ? 6 : 0;
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            default:
                return 0;
        }
    }

    private static bool IsHex(ref byte here, int offset) => char.IsAsciiHexDigit((char)Unsafe.Add(ref here, offset));

    private static int NumberLength(ref byte here)
    {
        var position = here == '-' ? 1 : 0;
        var whole = DigitsAt(ref here, position);
        if (whole == 0 || (whole > 1 && Unsafe.Add(ref here, position) == '0'))
        {
            return 0;
        }

        position += whole;
        if (Unsafe.Add(ref here, position) == '.' && !TryDigits(ref here, ref position, 1))
        {
            return 0;
        }

        if ((Unsafe.Add(ref here, position) | 0x20) != 'e')
        {
            return position;
        }

        var sign = Unsafe.Add(ref here, position + 1) is (byte)'+' or (byte)'-' ? 2 : 1;
        return TryDigits(ref here, ref position, sign) ? position : 0;
    }

    private static bool TryDigits(ref byte here, ref int position, int skip)
    {
        var digits = DigitsAt(ref here, position + skip);
        position += skip + digits;
        return digits > 0;
    }

    private static int DigitsAt(ref byte here, int position)
    {
        var digits = 0;
        while (Unsafe.Add(ref here, position + digits) is >= (byte)'0' and <= (byte)'9')
        {
            digits++;
        }

        return digits;
    }

    /// <summary>Objects and arrays are read by the judge's own reader.</summary>
    private static int NestedLength(ReadOnlySpan<byte> rest)
    {
        var reader = new Utf8JsonReader(rest, Inner);
        try
        {
            reader.Read();
            reader.Skip();
            return (int)reader.BytesConsumed;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
