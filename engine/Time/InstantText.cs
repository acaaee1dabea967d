
namespace KpiStream.Engine.Time;

/// <summary>
/// Instants as text: RFC 3339 with capital <c>T</c>, seconds below 60, up to nine fraction digits and an offset
/// (capital <c>Z</c> or <c>±hh:mm</c>), kept to the millisecond by truncation.
/// </summary>
public static class InstantText
{
    /// <summary>2000-01-01T00:00:00Z, the first instant accepted.</summary>
    public const long Earliest = 946_684_800_000;

    /// <summary>2100-01-01T00:00:00Z, the first instant no longer accepted.</summary>
    public const long End = 4_102_444_800_000;

    /// <summary>The longest text that can be an instant: 19 characters, a dot, nine digits, a six-character offset.</summary>
    public const int LongestBytes = 19 + 1 + 9 + 6;

    private const int SecondsLength = 19;

    private static readonly long FirstOfText = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long LastOfText = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Reads an instant; false for anything that is not exactly the form above or lies out of range.</summary>
    /// <param name="text">UTF-8 text, unescaped.</param>
    /// <param name="millis">Milliseconds since 1970 UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long millis)
    {
        millis = 0;
        if (text.Length is < SecondsLength + 1 or > LongestBytes || !TryDateAndTime(text, out var local))
        {
            return false;
        }

        var rest = text[SecondsLength..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset))
        {
            return false;
        }

        millis = local + fraction - offset;
        return IsInRange(millis);
    }

    /// <summary>True for instants that events may carry.</summary>
    public static bool IsInRange(long millis) => millis is >= Earliest and < End;

    /// <summary>An instant in Viet Nam's time to the second, like <c>2025-07-15T12:00:00+07:00</c>.</summary>
    public static string ToLocalSeconds(long millis) =>
        Local(millis).ToString("yyyy-MM-dd'T'HH:mm:ss") + "+07:00";

    /// <summary>An instant in Viet Nam's time to the millisecond, like <c>2025-07-15T12:00:00.250+07:00</c>.</summary>
    public static string ToLocalMillis(long millis) =>
        Local(millis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff") + "+07:00";

    /// <summary>Any number at all has a text: beyond the years 1 to 9999 it is that of the nearest instant within them.</summary>
    private static DateTimeOffset Local(long millis) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(millis, FirstOfText, LastOfText - LocalTime.OffsetMillis) + LocalTime.OffsetMillis);

    private static bool TryDateAndTime(ReadOnlySpan<byte> t, out long millis)
    {
        millis = 0;
        if (t[4] != '-' || t[7] != '-' || t[10] != 'T' || t[13] != ':' || t[16] != ':'
            || !TryDigits(t[..4], out var year) || !TryDigits(t[5..7], out var month) || !TryDigits(t[8..10], out var day)
            || !TryDigits(t[11..13], out var hour) || !TryDigits(t[14..16], out var minute) || !TryDigits(t[17..19], out var second))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var days = LocalTime.DayOf(new DateOnly(year, month, day));
        millis = (days * LocalTime.MillisPerDay) + ((((hour * 60) + minute) * 60) + second) * LocalTime.MillisPerSecond;
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int millis)
    {
        millis = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        var digits = 1;
        for (; digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            if (digits <= 3)
            {
                millis = (millis * 10) + (rest[digits] - '0');
            }
        }

        for (var missing = digits; missing <= 3; missing++)
        {
            millis *= 10;
        }

        var count = digits - 1;
        rest = rest[digits..];
        return count is >= 1 and <= 9 && !rest.IsEmpty;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out long millis)
    {
        millis = 0;
        if (rest is [(byte)'Z'])
        {
            return true;
        }

        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !TryDigits(rest[1..3], out var hours) || !TryDigits(rest[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        millis = ((hours * 60) + minutes) * 60_000L * (rest[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }
}
