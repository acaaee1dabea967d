using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Instants in the form nearly all systems write, <c>"2025-07-01T07:18:31.877+07:00"</c>: all characters judged at once, the numbers taken from
/// four words. Any other form goes to <see cref="InstantText"/>.
/// </summary>
internal static class FastInstant
{
    private const int Quoted = 31;

    private static ReadOnlySpan<ushort> DaysBefore => [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    private static ReadOnlySpan<byte> DaysIn => [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Reads an instant in its quotes.</summary>
    /// <param name="here">The opening quote, or whatever else stands there.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    /// <returns>The bytes read; 0 for anything but a legal instant without escapes.</returns>
    public static int Read(ref byte here, out long millis)
    {
        // Less what should stand there, every digit leaves 0 to 9 and every sign nothing; a minus leaves 2.
        var first = Vector128.LoadUnsafe(ref here, 1) - Vector128.Create("0000-00-00T00:00"u8);
        var second = Vector128.LoadUnsafe(ref here, 15) - Vector128.Create("00:00.000+00:00\""u8);
        var firstMost = Vector128.Create(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, (byte)9);
        var secondMost = Vector128.Create(9, 9, 0, 9, 9, 0, 9, 9, 9, 2, 9, 9, 0, 9, 9, (byte)0);
        var sign = Unsafe.Add(ref here, 24);
        if (here != '"' || Vector128.Min(first, firstMost) != first || Vector128.Min(second, secondMost) != second || sign == ',')
        {
            return ReadOther(ref here, out millis);
        }

        var (a, b) = (first.AsUInt64(), second.AsUInt64());
        return TryCompute(Pairs(a[0]), Pairs(a[1]), Pairs(b[0]), b[1], sign == '-', out millis) ? Quoted : 0;
    }

    /// <summary>Every byte becomes ten times itself and its neighbour: two digits become their number at the place of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pairs(ulong digits) => (digits * 10) + (digits >> 8);

    /// <param name="date">Pairs of <c>YYYY-MM-</c>.</param>
    /// <param name="time">Pairs of <c>DDThh:mm</c>.</param>
    /// <param name="seconds">Pairs of <c>mm:ss.ff</c>.</param>
    /// <param name="zone">The digits of <c>f+hh:mm"</c>.</param>
    /// <param name="isWest">The offset is negative.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCompute(ulong date, ulong time, ulong seconds, ulong zone, bool isWest, out long millis)
    {
        var (year, month, day) = (((int)(byte)date * 100) + (byte)(date >> 16), (int)(byte)(date >> 40), (int)(byte)time);
        var (hour, minute, second) = ((int)(byte)(time >> 24), (int)(byte)(time >> 48), (int)(byte)(seconds >> 24));
        var fraction = ((int)(byte)(seconds >> 48) * 10) + (byte)zone;
        var offset = Pairs(zone);
        var (offsetHours, offsetMinutes) = ((int)(byte)(offset >> 16), (int)(byte)(offset >> 40));
        if ((uint)(month - 1) > 11 || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59 || (uint)(year - 1999) > 101)
        {
            millis = 0;
            return false;
        }

        // In 1999 to 2100 every fourth year is a leap year but 2100, and of 2100 only the first day can be in range.
        var isLeap = (year & 3) == 0;
        var days = ((year - 1970) * 365) + ((year - 1969) >> 2) + DaysBefore[month] + (isLeap && month > 2 ? 1 : 0) + day - 1;
        var minutes = (((days * 24L) + hour) * 60) + minute - (((offsetHours * 60) + offsetMinutes) * (isWest ? -1 : 1));
        millis = (((minutes * 60) + second) * LocalTime.MillisPerSecond) + fraction;
        return (uint)(day - 1) < DaysIn[month] + (isLeap && month == 2 ? 1u : 0u) && InstantText.IsInRange(millis);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadOther(ref byte here, out long millis)
    {
        millis = 0;
        var isAscii = true;
        var length = here == '"' ? FastText.LengthOf(ref Unsafe.Add(ref here, 1), InstantText.LongestBytes, ref isAscii) : -1;
        return length >= 0 && InstantText.TryParse(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref here, 1), length), out millis) ? length + 2 : 0;
    }
}
