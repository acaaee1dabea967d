namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>
/// The one form of durations on the command line and in settings: a whole number and its unit, like <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c>.
/// </summary>
public static class DurationText
{
    /// <summary>For messages and help.</summary>
    public const string Examples = "500ms, 30s, 10m, 2h or 1d";

    /// <summary>Reads a duration.</summary>
    /// <param name="plainUnit">What a number without a unit counts; null where one is needed. <c>0</c> needs none.</param>
    /// <param name="duration">The duration; zero when it cannot be read.</param>
    public static bool TryParse(string text, TimeSpan? plainUnit, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
        if (digits == 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var unit = text[digits..] switch
        {
            "" => plainUnit?.Ticks ?? (count == 0 ? 1 : 0),
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (unit == 0 || count > TimeSpan.MaxValue.Ticks / unit)
        {
            return false;
        }

        duration = TimeSpan.FromTicks(count * unit);
        return true;
    }

    /// <summary>A duration in the greatest unit that divides it.</summary>
    public static string Of(TimeSpan duration)
    {
        foreach (var (unit, name) in ((TimeSpan, string)[])[
            (TimeSpan.FromDays(1), "d"), (TimeSpan.FromHours(1), "h"), (TimeSpan.FromMinutes(1), "m"), (TimeSpan.FromSeconds(1), "s")])
        {
            if (duration.Ticks > 0 && duration.Ticks % unit.Ticks == 0)
            {
                return $"{duration.Ticks / unit.Ticks}{name}";
            }
        }

        return $"{duration.TotalMilliseconds:0}ms";
    }
}
