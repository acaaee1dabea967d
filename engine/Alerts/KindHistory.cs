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

    /// <summary>No weekday is known to differ from another.</summary>
    private static readonly double[] NoWeekdays = [1, 1, 1, 1, 1, 1, 1];

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
        if (units.Count < LeastUnits || units[0].ComparedDays() is not { Count: >= PaceBaseline.LeastDays } days)
        {
            return null;
        }

        var totals = days.ToDictionary(day => day, day => units.Sum(unit => unit.On(day).Denominator));
        var weekdays = WeekdaysOf(totals);
        var usual = Median(totals.Select(day => day.Value / weekdays[WeekdayOf(day.Key)]));
        var dips = totals.Where(day => day.Value < DipShare * usual * weekdays[WeekdayOf(day.Key)]).Select(day => day.Key).ToHashSet();
        days.RemoveAll(dips.Contains);
        var shares = days.Sum(day => weekdays[WeekdayOf(day)]);
        var levels = units.Select(unit => days.Sum(day => unit.On(day).Denominator) / shares).ToList();
        var dispersions = units.Zip(levels).Where(static one => one.Second >= 1)
            .Select(one => PaceBaseline.DispersionOf(one.First, days, day => one.Second * weekdays[WeekdayOf(day)])).ToList();
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
