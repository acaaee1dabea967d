using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Time;

/// <summary>
/// Viet Nam's civil time: UTC+7 all year, a local day runs from 00:00.
/// Instants are milliseconds since 1970-01-01T00:00:00Z; local days are whole days since 1970-01-01 local.
/// </summary>
public static class LocalTime
{
    public const long MillisPerSecond = 1_000;
    public const long MillisPerDay = 86_400_000;
    public const int SecondsPerDay = 86_400;

    /// <summary>UTC+7 in milliseconds.</summary>
    public const long OffsetMillis = 7 * 3_600_000L;

    private static readonly int EpochDayNumber = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The whole second an instant lies in, rounding towards the past.</summary>
    public static long SecondOf(long millis) => FloorDiv(millis, MillisPerSecond);

    public static int DayOf(long millis) => (int)FloorDiv(millis + OffsetMillis, MillisPerDay);

    public static int DayOfSecond(long second) => DayOf(second * MillisPerSecond);

    /// <summary>The instant at which a local day begins.</summary>
    public static long StartOfDay(int day) => (day * MillisPerDay) - OffsetMillis;

    public static DateOnly DateOf(int day) => DateOnly.FromDayNumber(EpochDayNumber + day);

    public static int DayOf(DateOnly date) => date.DayNumber - EpochDayNumber;

    /// <summary>Division rounding towards minus infinity, so that instants before 1970 fall into the right day too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorDiv(long value, long divisor)
    {
        // A remainder below 0 is -1 without its lower bits: no branch, which instants before 1970 would be the only ones to take.
        var quotient = value / divisor;
        return quotient + ((value - (quotient * divisor)) >> 63);
    }
}
