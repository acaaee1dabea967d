namespace KpiStream.Engine.Alerts;

/// <summary>
/// What units of one kind have in common: what a unit with little history of its own borrows (empirical Bayes, all by the method of moments). Immutable.
/// </summary>
public sealed record KindHistory
{
    /// <summary>So few units of a kind say nothing of a further one.</summary>
    public const int LeastUnits = 8;

    private const int DaysPerWeek = 7;

    /// <summary>All units at so small a share of what is usual have one cause, and it is none of theirs: a link, a national system.</summary>
    private const double DipShare = 0.6;

    /// <summary>Cases of a unit that a weekday must have before its own share counts as much as the kind's.</summary>
    private const double WeekdayPrior = 20;

    /// <summary>No weekday is known to differ from another; of a Saturday morning it is known that it has four and a half hours of eight.</summary>
    private static readonly double[] NoWeekdays = [1, 1, 4.5 / 8, 1, 1, 1, 1];

    /// <summary>A day's share of an ordinary day's cases, by the number of the day modulo seven.</summary>
    public required IReadOnlyList<double> Weekdays { get; init; }

    /// <summary>The dispersion of a unit's day: its variance is mean + dispersion × mean².</summary>
    public required double Dispersion { get; init; }

    /// <summary>The mean of units' cases a day.</summary>
    public required double Mean { get; init; }

    /// <summary>The shape of the gamma distribution of units' cases a day: small where units differ much.</summary>
    public required double Shape { get; init; }

    /// <summary>Days on which all of them had few cases at once.</summary>
    public required IReadOnlySet<int> Dips { get; init; }

    /// <summary>The weekday of a local day as an index of <see cref="Weekdays"/>; day 0 was a Thursday.</summary>
    public static int WeekdayOf(int day) => (int)(day - (LocalTime.FloorDiv(day, DaysPerWeek) * DaysPerWeek));

    /// <summary>What units have in common; null for too few units or days.</summary>
    /// <param name="units">The histories of the units of a kind, of the same days.</param>
    public static KindHistory? Of(IReadOnlyList<UnitHistory> units)
    {
        if (units.Count < LeastUnits || units[0].ComparedDays(CommonDays(units)) is not { Count: >= PaceBaseline.LeastDays } days)
        {
            return null;
        }

        var totals = days.ToDictionary(day => day, day => units.Sum(unit => unit.On(day).Denominator));
        var weekdays = WeekdaysOf(totals);
        var usual = Median(totals.Select(day => day.Value / weekdays[WeekdayOf(day.Key)]));
        var dips = totals.Where(day => day.Value < DipShare * usual * weekdays[WeekdayOf(day.Key)]).Select(day => day.Key).ToHashSet();
        days.RemoveAll(dips.Contains);
        var shares = days.Sum(day => weekdays[WeekdayOf(day)]);
        var known = units.Select(unit => LevelOf(unit, days, weekdays)).Where(static unit => unit.Days.Count > 0).ToList();
        if (known.Count < LeastUnits)
        {
            return null;
        }

        var levels = known.Select(static unit => unit.Level).ToList();
        var dispersions = known.Where(static unit => unit.Level >= 1)
            .Select(unit => PaceBaseline.DispersionOf(unit.History, unit.Days, day => unit.Level * weekdays[WeekdayOf(day)])).ToList();
        var (mean, shape) = ShapeOf(levels, shares);
        return new KindHistory
        {
            Weekdays = weekdays,
            Dispersion = dispersions.Count == 0 ? PaceBaseline.UnknownDispersion : Math.Max(0, Median(dispersions)),
            Mean = mean,
            Shape = shape,
            Dips = dips,
        };
    }

    /// <summary>Shares of the weekdays, moved towards those given where few cases speak for them.</summary>
    /// <param name="cases">Cases by day.</param>
    /// <param name="known">What is known of the weekdays otherwise.</param>
    public static double[] WeekdaysOf(IReadOnlyDictionary<int, long> cases, IReadOnlyList<double>? known = null)
    {
        known ??= NoWeekdays;
        var level = cases.Values.Sum() / Math.Max(1e-9, cases.Keys.Sum(day => known[WeekdayOf(day)]));
        return [.. Enumerable.Range(0, DaysPerWeek).Select(weekday =>
        {
            var days = cases.Where(day => WeekdayOf(day.Key) == weekday).Select(static day => day.Value).ToList();
            return known[weekday] * (days.Sum() + WeekdayPrior) / ((days.Count * level * known[weekday]) + WeekdayPrior);
        })];
    }

    /// <summary>A unit's cases on an ordinary day, by those of the days on which it was open.</summary>
    private static (UnitHistory History, List<int> Days, double Level) LevelOf(UnitHistory unit, List<int> days, double[] weekdays)
    {
        var own = ReferenceEquals(unit.Calendar, unit.Calendar.Common) ? days : [.. days.Where(unit.Judged.Contains)];
        return (unit, own, own.Sum(day => unit.On(day).Denominator) / Math.Max(1e-9, own.Sum(day => weekdays[WeekdayOf(day)])));
    }

    /// <summary>The days of the calendar that all of them have in common.</summary>
    private static JudgedDays CommonDays(IReadOnlyList<UnitHistory> units) =>
        units.FirstOrDefault(static unit => ReferenceEquals(unit.Calendar, unit.Calendar.Common))?.Judged
            ?? new JudgedDays(units[0].Calendar.Common, units[0].FirstDay, units[0].LastDay);

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Units' means vary by more than chance: by what is left over, the gamma distribution they are drawn from.</summary>
    private static (double Mean, double Shape) ShapeOf(List<double> levels, double days)
    {
        var mean = levels.Average();
        var variance = levels.Sum(level => (level - mean) * (level - mean)) / (levels.Count - 1);
        return (mean, Math.Clamp(mean * mean / Math.Max(1e-9, variance - (mean / days)), 0.1, 100));
    }
}
