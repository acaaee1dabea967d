using System.Globalization;

namespace KpiStream.Engine.Windowing;

/// <summary>The ways in which time is cut.</summary>
public enum PeriodKind
{
    Day, Month, Quarter, Year, Since, Range, Sliding, Now,
}

/// <summary>A period as it was asked for.</summary>
/// <param name="Name">As typed, like <c>24h</c> or <c>since:2025-07-01</c>.</param>
/// <param name="Seconds">The length of a sliding period; 0 for others.</param>
/// <param name="From">First day of <see cref="PeriodKind.Since"/> and <see cref="PeriodKind.Range"/>.</param>
/// <param name="To">Last day of <see cref="PeriodKind.Range"/>, included.</param>
public sealed record Period(string Name, PeriodKind Kind, long Seconds = 0, DateOnly From = default, DateOnly To = default)
{
    /// <summary>The longest sliding period: 3,660 days, ten years.</summary>
    public const int LongestDays = 3_660;

    private const string SincePrefix = "since:";

    /// <summary>False while the whole period lies after a day: nothing can have been counted in it, so its zero is no judgement.</summary>
    public bool HasBegunOn(DateOnly day) => Kind is not (PeriodKind.Since or PeriodKind.Range) || From <= day;

    /// <summary>Reads one period; null when it cannot be read.</summary>
    public static Period? TryParse(string name)
    {
        switch (name)
        {
            case "day": return new Period(name, PeriodKind.Day);
            case "month": return new Period(name, PeriodKind.Month);
            case "quarter": return new Period(name, PeriodKind.Quarter);
            case "year": return new Period(name, PeriodKind.Year);
            case "now": return new Period(name, PeriodKind.Now);
        }

        if (name.StartsWith(SincePrefix))
        {
            return TryDate(name[SincePrefix.Length..], out var since) ? new Period(name, PeriodKind.Since, From: since) : null;
        }

        var dots = name.IndexOf("..");
        if (dots >= 0)
        {
            return TryDate(name[..dots], out var from) && TryDate(name[(dots + 2)..], out var to) && from <= to
                ? new Period(name, PeriodKind.Range, From: from, To: to)
                : null;
        }

        return TrySliding(name);
    }

    private static Period? TrySliding(string name)
    {
        if (name.Length < 2 || name[0] == '0' || !int.TryParse(name.AsSpan(0, name.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        long seconds = name[^1] switch { 'h' => count * 3_600L, 'd' => count * 86_400L, _ => 0 };
        return seconds is > 0 and <= LongestDays * 86_400L ? new Period(name, PeriodKind.Sliding, seconds) : null;
    }

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
