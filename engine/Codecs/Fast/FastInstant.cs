using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Instants in the form nearly all systems write, <c>"2025-07-01T07:18:31.877+07:00"</c>: all characters judged at once, the numbers taken from
/// four words. Any other form goes to <see cref="InstantText"/>.
/// </summary>
internal static class FastInstant
{
    private const int Quoted = 31;
    private const int SignPlace = 24;
    private const byte PackedHead = PackedText.Short | (Quoted - 2);

    private static ReadOnlySpan<ushort> DaysBefore => [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    private static ReadOnlySpan<byte> DaysIn => [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Reads an instant in its quotes.</summary>
    /// <param name="here">The opening quote, or whatever else stands there.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    /// <returns>The bytes read; 0 for anything but a legal instant without escapes.</returns>
    public static int Read(ref byte here, out long millis) =>
        TryRead(ref here, Vector256.Create("\"0000-00-00T00:00:00.000+00:00\"\0"u8), 0, out millis) ? Quoted : ReadOther(ref here, out millis);

    /// <summary>Reads an instant as MessagePack has it: a head that says 29 bytes instead of the quotes.</summary>
    /// <param name="here">The head.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    /// <returns>The bytes read; 0 for anything but a legal instant.</returns>
    public static int ReadPacked(ref byte here, out long millis) =>
        TryRead(ref here, Vector256.Create("00000-00-00T00:00:00.000+00:00\0\0"u8).WithElement(0, PackedHead), byte.MaxValue, out millis) ? Quoted - 1 : 0;

    /// <param name="here">What stands before the year.</param>
    /// <param name="zero">The instant with all digits zero and what stands around it.</param>
    /// <param name="mostBehind">How much what stands behind it may differ.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead(ref byte here, Vector256<byte> zero, byte mostBehind, out long millis)
    {
        // Less what should stand there, every digit leaves 0 to 9 and every sign nothing; a minus leaves 2.
        var rest = Vector256.LoadUnsafe(ref here) - zero;
        var most = Vector256.Create(0, 9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 9, 2, 9, 9, 0, 9, 9, mostBehind, byte.MaxValue);
        millis = 0;
        var words = rest.AsUInt64();
        return Vector256.Min(rest, most) == rest && Unsafe.Add(ref here, SignPlace) != ',' && TryCompute(words[0], words[1], words[2], words[3], out millis);
    }

    /// <summary>The number that two neighbouring digits make, of a word in which every byte has become ten times itself and its neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(ulong pairs, int place) => (byte)(pairs >> (place * 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pairs(ulong digits) => (digits * 10) + (digits >> 8);

    /// <param name="first">The digits of <c>"YYYY-MM</c>.</param>
    /// <param name="second">The digits of <c>-DDThh:m</c>.</param>
    /// <param name="third">The digits of <c>m:ss.fff</c>.</param>
    /// <param name="fourth">The digits of <c>+hh:mm"</c>; the sign is 0 or 2, and what stands behind the digits is not looked at.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCompute(ulong first, ulong second, ulong third, ulong fourth, out long millis)
    {
        var (date, time, seconds, zone) = (Pairs(first), Pairs(second), Pairs(third), Pairs(fourth));
        var (year, month, day) = ((Pair(date, 1) * 100) + Pair(date, 3), Pair(date, 6), Pair(time, 1));
        var (hour, minute, sixtieth) = (Pair(time, 4), ((int)(second >> 56) * 10) + (byte)third, Pair(seconds, 2));
        var (offsetHours, offsetMinutes) = (Pair(zone, 1), Pair(zone, 4));
        millis = 0;
        if ((uint)(month - 1) > 11 || hour > 23 || minute > 59 || sixtieth > 59 || offsetHours > 23 || offsetMinutes > 59 || (uint)(year - 1999) > 101)
        {
            return false;
        }

        // In 1999 to 2100 every fourth year is a leap year but 2100, and of 2100 only the first day can be in range.
        var leap = (year & 3) == 0 ? 1 : 0;
        var days = ((year - 1970) * 365) + ((year - 1969) >> 2) + DaysBefore[month] + (month > 2 ? leap : 0) + day - 1;
        var offset = ((offsetHours * 60) + offsetMinutes) * (1 - (int)(byte)fourth);
        var minutes = (((days * 24) + hour) * 60) + minute - offset;
        millis = (((minutes * 60L) + sixtieth) * LocalTime.MillisPerSecond) + (Pair(seconds, 5) * 10) + (int)(third >> 56);
        return (uint)(day - 1) < DaysIn[month] + (month == 2 ? leap : 0) && InstantText.IsInRange(millis);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadOther(ref byte here, out long millis)
    {
        millis = 0;
        var isAscii = true;
        var length = here == '"' ? FastText.LengthOf(ref Unsafe.Add(ref here, 1), InstantText.LongestBytes, ref isAscii) : -1;
        return length >= 0 && InstantText.TryParse(
            System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, 1), length), out millis) ? length + 2 : 0;
    }
}
