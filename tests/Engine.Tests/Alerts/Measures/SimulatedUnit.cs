using KpiStream.Engine.Alerts;
using MathNet.Numerics.Distributions;

namespace KpiStream.Engine.Tests.Alerts.Measures;

/// <summary>
/// A commune by local day: negative binomial volumes with a weekday's shape, slow days at the beginning of months and around Tết, and a ratio that each case
/// meets by itself. What rules know of it is what they would read from the engine: a result is handed over hours after the case has ended, so today's ratio
/// is seen by a third too low, and yesterday's in the morning by a tenth.
/// </summary>
internal sealed class SimulatedUnit
{
    /// <summary>Mondays are busy and Fridays are not, day 0 being a Thursday.</summary>
    private static readonly double[] Weekdays = [1, 0.85, 0, 0, 1.2, 1.0, 0.95];

    private readonly FigureCount[] days;
    private readonly int first;

    /// <param name="mean">Cases of an ordinary working day.</param>
    /// <param name="dispersion">The variance of a day is mean + dispersion × mean².</param>
    /// <param name="ratio">The true ratio.</param>
    /// <param name="volumeOn">What the mean is multiplied with on a day; 1 when null.</param>
    /// <param name="ratioOn">The true ratio of a day; <paramref name="ratio"/> when null.</param>
    public SimulatedUnit(
        Random random, WorkingCalendar calendar, int first, int last, double mean, double dispersion, double ratio, Func<int, double>? volumeOn = null,
        Func<int, double>? ratioOn = null)
    {
        (this.first, Mean, Calendar) = (first, mean, calendar);
        days = new FigureCount[last - first + 1];
        for (var day = first; day <= last; day++)
        {
            var usual = mean * Season(day, calendar) * (volumeOn?.Invoke(day) ?? 1);
            var cases = usual <= 0 ? 0 : dispersion <= 0 ? Poisson.Sample(random, usual)
                : Poisson.Sample(random, Math.Max(1e-9, Gamma.Sample(random, 1 / dispersion, 1 / (dispersion * usual))));
            var achieved = cases == 0 ? 0 : Binomial.Sample(random, ratioOn?.Invoke(day) ?? ratio, cases);
            days[day - first] = new FigureCount(cases, achieved, 0);
        }
    }

    public double Mean { get; }

    public WorkingCalendar Calendar { get; }

    /// <summary>What is known of it at the end of a day, or in the morning before its first case.</summary>
    public UnitHistory At(int day, JudgedDays judged, KindHistory? kind = null, bool isMorning = false)
    {
        var from = Math.Max(first, day - PaceBaseline.CalendarDays);
        var known = days[(from - first)..(day - first + 1)];
        var before = Math.Max(1, Enumerable.Range(1, known.Length - 1).FirstOrDefault(back => known[^(back + 1)].Denominator > 0));
        known[^(before + 1)] = isMorning ? Unsettled(known[^(before + 1)], 0.9) : known[^(before + 1)];
        known[^1] = isMorning ? default : Unsettled(known[^1], 0.67);
        return new UnitHistory(from, known, Calendar)
        {
            Judged = judged,
            Kind = kind,
            LeftOut = kind?.Dips ?? new HashSet<int>(),
        };
    }

    /// <summary>The ratio's counts of the days up to a day, as seen in its afternoon.</summary>
    public FigureCount Sum(int day, int length)
    {
        var sum = default(FigureCount);
        for (var one = Math.Max(first, day - length + 1); one <= day; one++)
        {
            sum += one == day ? Unsettled(days[one - first], 0.67) : days[one - first];
        }

        return sum;
    }

    private static FigureCount Unsettled(FigureCount count, double share) => new(count.Denominator, (long)(count.Numerator * share), count.Unobserved);

    /// <summary>What the mean is multiplied with on a day.</summary>
    public static double Season(int day, WorkingCalendar calendar)
    {
        if (!calendar.IsWorkingDay(day))
        {
            return 0;
        }

        var isNearTet = Enumerable.Range(1, 5).Any(away => IsTet(day - away, calendar) || IsTet(day + away, calendar));
        var isMonthStart = Enumerable.Range(day - LocalTime.DateOf(day).Day + 1, LocalTime.DateOf(day).Day - 1).Count(calendar.IsWorkingDay) < 2;
        return Weekdays[KindHistory.WeekdayOf(day)] * (isNearTet ? 0.5 : 1) * (isMonthStart ? 0.75 : 1);
    }

    private static bool IsTet(int day, WorkingCalendar calendar) => Enumerable.Range(day - 3, 7).All(near => !calendar.IsWorkingDay(near));
}
