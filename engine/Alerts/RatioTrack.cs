namespace KpiStream.Engine.Alerts;

/// <summary>
/// The CUSUM of a unit's cases against its own ratio (M. R. Reynolds and Z. G. Stoumbos 1999): how much better a ratio below the target explains the latest
/// days than the ratio it had before. Immutable.
/// </summary>
/// <param name="Target">The target in force.</param>
/// <param name="Depth">How far below it the ratio looked for lies.</param>
/// <param name="Usual">The ratio it had, cautiously low, and never below the target.</param>
/// <param name="Score">The CUSUM now, a natural logarithm.</param>
/// <param name="Since">The first day of the stretch it comes from; the last day where there is none.</param>
/// <param name="Achieved">Cases since then that achieved it, or may have.</param>
/// <param name="Unobserved">Of them, those that may have.</param>
/// <param name="Cases">All cases since then.</param>
/// <param name="Last">The last day followed.</param>
public sealed record RatioTrack(
    double Target, double Depth, double Usual, double Score, int Since, long Achieved, long Unobserved, long Cases, int Last)
{
    /// <summary>A month of working days, in which a fall must be found.</summary>
    public const int RecentDays = 20;

    /// <summary>A quarter of a year, by which is said what was before.</summary>
    public const int MostBaseDays = 60;

    /// <summary>
    /// Working days at the beginning of a log that say nothing of what is usual: quick cases end first, and they are filed online more often than others.
    /// </summary>
    public const int RunInDays = 10;

    /// <summary>Fewer cases before say too little of the ratio there was.</summary>
    public const long LeastBaseCases = 50;

    /// <summary>Above this the score grows no further: twice the limit of an alarm.</summary>
    public const double MostScore = 15;

    /// <summary>Cases that meet the target just so, added to the past: a short one says little.</summary>
    private const double PriorCases = 20;

    /// <summary>Half a standard error is taken off the ratio there was, for it is an estimate.</summary>
    private const double Caution = 0.5;

    private const double MostRatio = 0.98;

    /// <summary>Days that vary by less than this much more than chance explains are taken to vary by chance.</summary>
    private const double LeastOverdispersion = 1.3;

    /// <summary>Follows a history up to a day; null when too little is known of the time before.</summary>
    public static RatioTrack? Of(UnitHistory history, double target, double depth, int lastDay)
    {
        var recentFrom = Back(history, lastDay, RecentDays - 1);
        var begun = history.ObservedFrom <= history.FirstDay ? history.FirstDay
            : history.Calendar.AddWorkingDays(history.ObservedFrom, RunInDays);
        var baseFrom = Math.Max(begun, Back(history, recentFrom, MostBaseDays));
        var past = Enumerable.Range(baseFrom, Math.Max(0, recentFrom - baseFrom)).Select(history.On).Where(static day => day.Denominator > 0).ToList();
        var (cases, achieved) = (past.Sum(static day => day.Denominator), past.Sum(static day => day.Numerator + day.Unobserved));
        if (cases < LeastBaseCases || target - depth <= 0)
        {
            return null;
        }

        var ratio = (achieved + (PriorCases * target)) / (cases + PriorCases);
        var cautious = ratio - (Caution * Math.Sqrt(ratio * (1 - ratio) / (cases + PriorCases)));
        var usual = Math.Max(Math.Min(cautious, MostRatio), Math.Min(target, MostRatio));
        var track = new RatioTrack(target, depth, usual, 0, lastDay, 0, 0, 0, lastDay);
        return Follow(history, recentFrom, track, OverdispersionOf(past, (double)achieved / cases));
    }

    private static RatioTrack Follow(UnitHistory history, int from, RatioTrack track, double overdispersion)
    {
        var sought = Math.Min(track.Target - track.Depth, track.Usual);
        var (forAchieved, forOthers) = (Math.Log(sought / track.Usual) / overdispersion, Math.Log((1 - sought) / (1 - track.Usual)) / overdispersion);
        for (var day = from; day <= track.Last; day++)
        {
            var count = history.On(day);
            var achieved = Math.Min(count.Numerator + count.Unobserved, count.Denominator);
            if (count.Denominator == 0)
            {
                continue;
            }

            track = track.Score == 0 ? track with { Since = day, Achieved = 0, Unobserved = 0, Cases = 0 } : track;
            track = track with
            {
                Score = Math.Clamp(track.Score + (achieved * forAchieved) + ((count.Denominator - achieved) * forOthers), 0, MostScore),
                Achieved = track.Achieved + achieved,
                Unobserved = track.Unobserved + count.Unobserved,
                Cases = track.Cases + count.Denominator,
            };
        }

        return track;
    }

    /// <summary>How much more days vary than chance explains (Pearson's statistic over its degrees of freedom); 1 where that is little.</summary>
    private static double OverdispersionOf(List<KpiStream.Engine.Kpis.FigureCount> past, double ratio)
    {
        if (past.Count < PaceBaseline.LeastDays || ratio is <= 0 or >= 1)
        {
            return 1;
        }

        var statistic = past.Sum(day =>
        {
            var deviation = day.Numerator + day.Unobserved - (day.Denominator * ratio);
            return deviation * deviation / (day.Denominator * ratio * (1 - ratio));
        });
        return statistic / (past.Count - 1) is >= LeastOverdispersion and var factor ? factor : 1;
    }

    private static int Back(UnitHistory history, int day, int workingDays)
    {
        while (workingDays > 0 && day > history.FirstDay)
        {
            workingDays -= history.Calendar.IsWorkingDay(--day) ? 1 : 0;
        }

        return day;
    }
}
