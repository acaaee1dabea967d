using KpiStream.Engine.Alerts.Statistics;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// What is usual for a unit: negative binomial days around a level times the weekday's share, from its own past and, as far as that is short, from units of its
/// kind. Immutable.
/// </summary>
/// <param name="Recent">The latest days, which are compared and are no part of the base; oldest first.</param>
/// <param name="Mean">Cases a day that are usual.</param>
/// <param name="Level">A cautious lower estimate of them, by which alerts judge.</param>
/// <param name="Dispersion">A day's variance is mean + dispersion × mean².</param>
/// <param name="Weekdays">A day's share by its weekday, see <see cref="KindHistory.WeekdayOf"/>.</param>
/// <param name="BaseDays">Days of its own that it rests on.</param>
public sealed record PaceBaseline(
    IReadOnlyList<int> Recent, double Mean, double Level, double Dispersion, IReadOnlyList<double> Weekdays, int BaseDays)
{
    /// <summary>Four weeks: fewer days say too little of what is usual, for the unit as for its kind.</summary>
    public const int LeastDays = 20;

    /// <summary>A quarter of a year; what is older is usual no more.</summary>
    public const int MostBaseDays = 60;

    /// <summary>Three weeks: a fall that is not found in them is found by nobody.</summary>
    public const int RecentDays = 15;

    /// <summary>The calendar days that hold all of those, Tết and its guard included.</summary>
    public const int CalendarDays = 140;

    /// <summary>Saturday mornings are judged by this number of earlier ones: what they are like differs from unit to unit.</summary>
    public const int LeastSaturdays = 4;

    /// <summary>Assumed where nothing is known: a standard deviation of 22 % besides chance.</summary>
    public const double UnknownDispersion = 0.05;

    /// <summary>No unit is quite regular.</summary>
    private const double LeastDispersion = 0.003;

    /// <summary>This number of its own days with a case or more weighs as much as the kind's dispersion.</summary>
    private const double DispersionPrior = 20;

    /// <summary>A unit is judged by the level that four of five units of its past exceed: its own estimate is uncertain.</summary>
    private const double OwnQuantile = -0.8;

    /// <summary>A unit with fewer than <see cref="LeastDays"/> days of its own is judged by the lowest percent of its kind.</summary>
    private const double BorrowedQuantile = -2.326;

    /// <summary>A day of more than three times the usual, and three cases, counts as that: one busy day must not become usual.</summary>
    private const double MostTimes = 3;

    public static PaceBaseline? Of(UnitHistory history)
    {
        var days = history.ComparedDays();
        var usual = Of(history, days);
        if (usual is null || !days.Exists(IsSaturday) || days.Count(day => IsSaturday(day) && day < usual.Recent[0]) >= LeastSaturdays)
        {
            return usual;
        }

        var weekdays = Of(history, days.FindAll(static day => !IsSaturday(day)));
        return weekdays is null ? null : weekdays with { Weekdays = [.. weekdays.Weekdays.Select(static (share, day) => IsSaturday(day) ? 0 : share)] };
    }

    /// <summary>The mean expected on a day, by the usual level or by the cautious one.</summary>
    public double MeanOn(int day, bool isCautious = false) => (isCautious ? Level : Mean) * Weekdays[KindHistory.WeekdayOf(day)];

    /// <summary>
    /// The dispersion of days around known means, by moments: Σ((y − μ)² − μ) / Σμ² (A. C. Cameron and P. K. Trivedi 1986), a day's deviation
    /// counting for no more than four standard deviations of a dispersion of <see cref="UnknownDispersion"/>; may be below 0.
    /// </summary>
    public static double DispersionOf(UnitHistory history, IReadOnlyList<int> days, Func<int, double> meanOn)
    {
        const double mostDeviations = 4;
        double excess = 0, squares = 0;
        foreach (var day in days)
        {
            var mean = meanOn(day);
            var deviation = history.On(day).Denominator - mean;
            var most = mostDeviations * mostDeviations * (mean + (UnknownDispersion * mean * mean));

            // One degree of freedom went into the mean.
            excess += (Math.Min(deviation * deviation, most) * days.Count / Math.Max(1, days.Count - 1)) - mean;
            squares += mean * mean;
        }

        return squares > 0 ? excess / squares : 0;
    }

    /// <summary>Saturday mornings are the only days of a weekend that are compared.</summary>
    private static bool IsSaturday(int day) => !WorkingCalendar.WeekdaysOnly.IsWorkingDay(day);

    private static PaceBaseline? Of(UnitHistory history, List<int> days)
    {
        var recent = Math.Min(RecentDays, days.Count - LeastDays);
        if (history.Kind is null && recent < 1)
        {
            return null;
        }

        recent = Math.Clamp(recent, Math.Min(1, days.Count), RecentDays);
        var known = days[Math.Max(0, days.Count - recent - MostBaseDays)..^recent];
        return days.Count == 0 ? null : Of(history, known, days[^recent..]);
    }

    private static PaceBaseline Of(UnitHistory history, List<int> known, List<int> recent)
    {
        var kind = history.Kind;
        var raw = known.ToDictionary(day => day, day => history.On(day).Denominator);
        var weekdays = known.Count == 0 ? kind!.Weekdays : KindHistory.WeekdaysOf(raw, kind?.Weekdays);
        double Share(int day) => weekdays[KindHistory.WeekdayOf(day)];

        var middle = KindHistory.Median(raw.Select(day => day.Value / Share(day.Key)));
        double Capped(int day) => Math.Min(raw[day], (MostTimes * middle * Share(day)) + MostTimes);

        var cases = known.Sum(Capped);
        var own = known.Count == 0 ? 0 : cases / known.Sum(Share);
        var ownDispersion = DispersionOf(history, known, day => own * Share(day));
        var weight = known.Count * own / (1 + own);
        var dispersion = Math.Clamp(
            ((weight * ownDispersion) + (DispersionPrior * (kind?.Dispersion ?? UnknownDispersion))) / (weight + DispersionPrior), LeastDispersion, 2);

        // Days vary by more than chance, so they say less of the level than independent cases would.
        var exposure = known.Sum(day => Share(day) / (1 + (dispersion * own * Share(day))));
        var (priorShape, priorDays) = kind is { Mean: > 0 } ? (kind.Shape, kind.Shape / kind.Mean) : (1.0, 1 / (own + 1));
        var (shape, rate) = (priorShape + (own * exposure), priorDays + exposure);
        var mean = shape / rate;
        var level = Tails.GammaQuantile(mean, shape, known.Count >= LeastDays ? OwnQuantile : BorrowedQuantile);
        return new PaceBaseline(recent, mean, level, dispersion, weekdays, known.Count);
    }
}
