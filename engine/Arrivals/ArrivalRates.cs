namespace KpiStream.Engine.Arrivals;

/// <summary>
/// How many stretches of ten seconds with an event a source usually has, and how many events, by half hour of working and of other days. A day weighs half of
/// one that is two weeks younger. Immutable.
/// </summary>
public sealed class ArrivalRates
{
    /// <summary>Before a complete day.</summary>
    public static readonly ArrivalRates Unknown = new(new DayKind(), new DayKind(), WorkingCalendar.WeekdaysOnly);

    private const double HalfWeightDays = 14;
    private const long EdgeMillis = 3_600_000;

    private readonly DayKind working;
    private readonly DayKind other;
    private readonly WorkingCalendar calendar;

    private ArrivalRates(DayKind working, DayKind other, WorkingCalendar calendar) => (this.working, this.other, this.calendar) = (working, other, calendar);

    /// <summary>Complete working days they rest on.</summary>
    public int WorkingDays => working.Days;

    /// <summary>How many events usually arrive in the full hour around an instant, on such a day.</summary>
    public double EventsPerHour(long at)
    {
        var day = LocalTime.DayOf(at);
        var half = (int)((at - LocalTime.StartOfDay(day)) / SourceDay.HalfHourMillis) & ~1;
        return KindOf(day).Events[half] + KindOf(day).Events[half + 1];
    }

    /// <summary>
    /// How many stretches with an event should have come in a silence. Within an hour of either end the quietest of each half hour and its neighbours counts: a
    /// lunch break that begins early, or a morning that begins late, is no silence.
    /// </summary>
    /// <param name="from">Milliseconds since 1970 UTC.</param>
    /// <param name="to">Likewise. Costs a step for each day, and for each half hour of the first and the last.</param>
    public double Expected(long from, long to)
    {
        var (inner, outer) = (from + EdgeMillis, to - EdgeMillis);
        return inner >= outer ? Sum(from, to, static kind => kind.Quiet)
            : Sum(from, inner, static kind => kind.Quiet) + Sum(inner, outer, static kind => kind.Usual) + Sum(outer, to, static kind => kind.Quiet);
    }

    /// <param name="dayOf">A day on which something arrived; null for others.</param>
    /// <param name="from">The first complete day, a local day number.</param>
    /// <param name="to">The day behind the last.</param>
    internal static ArrivalRates Of(Func<int, SourceDay?> dayOf, long from, int to, WorkingCalendar calendar)
    {
        var (working, other) = (new DayKind(), new DayKind());
        for (var day = from; day < to; day++)
        {
            (calendar.IsWorkingDay((int)day) ? working : other).Add(dayOf((int)day), Math.Pow(0.5, (to - day) / HalfWeightDays));
        }

        working.Complete();
        other.Complete();
        return new ArrivalRates(working, other, calendar);
    }

    private double Sum(long from, long to, Func<DayKind, HalfHourRates> ratesOf)
    {
        var sum = 0.0;
        for (var day = LocalTime.DayOf(from); day <= LocalTime.DayOf(to) && from < to; day++)
        {
            var start = LocalTime.StartOfDay(day);
            sum += ratesOf(KindOf(day)).Between(Math.Max(0, from - start), Math.Min(LocalTime.MillisPerDay, to - start));
        }

        return sum;
    }

    private DayKind KindOf(int day) => calendar.IsWorkingDay(day) ? working : other;

    /// <summary>Sums over days of one kind, then means.</summary>
    private sealed class DayKind
    {
        private readonly double[] stretches = new double[SourceDay.HalfHours];
        private double weight;

        public double[] Events { get; } = new double[SourceDay.HalfHours];

        public int Days { get; private set; }

        public HalfHourRates Usual { get; private set; } = HalfHourRates.None;

        /// <summary>Of each half hour and its neighbours the lowest.</summary>
        public HalfHourRates Quiet { get; private set; } = HalfHourRates.None;

        public void Add(SourceDay? day, double dayWeight)
        {
            (Days, weight) = (Days + 1, weight + dayWeight);
            for (var i = 0; day is not null && i < SourceDay.HalfHours; i++)
            {
                stretches[i] += dayWeight * day.StretchesByHalfHour[i];
                Events[i] += dayWeight * day.EventsByHalfHour[i];
            }
        }

        public void Complete()
        {
            for (var i = 0; weight > 0 && i < SourceDay.HalfHours; i++)
            {
                (stretches[i], Events[i]) = (stretches[i] / weight, Events[i] / weight);
            }

            // What one day was like says too little: after a lively Saturday an ordinary Sunday would be a silence.
            if (Days < SilencePolicy.EnoughDays)
            {
                return;
            }

            Usual = new HalfHourRates(stretches);
            Quiet = new HalfHourRates(
                [.. stretches.Select((own, i) => Math.Min(own, Math.Min(stretches[Math.Max(0, i - 1)], stretches[Math.Min(SourceDay.HalfHours - 1, i + 1)])))]);
        }
    }

    /// <summary>What is to be expected by half hours of a day.</summary>
    private sealed class HalfHourRates(double[] rates)
    {
        public static readonly HalfHourRates None = new(new double[SourceDay.HalfHours]);

        private readonly double day = rates.Sum();

        /// <summary>Of a part of a day, given in milliseconds from its beginning.</summary>
        public double Between(long from, long to)
        {
            if (from == 0 && to == LocalTime.MillisPerDay)
            {
                return day;
            }

            var sum = 0.0;
            for (var i = (int)(from / SourceDay.HalfHourMillis); i < SourceDay.HalfHours && i * SourceDay.HalfHourMillis < to; i++)
            {
                var begin = i * SourceDay.HalfHourMillis;
                sum += rates[i] * (Math.Min(to, begin + SourceDay.HalfHourMillis) - Math.Max(from, begin)) / SourceDay.HalfHourMillis;
            }

            return sum;
        }
    }
}
