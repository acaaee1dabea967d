using KpiStream.Engine.Alerts;
using MathNet.Numerics.Distributions;

namespace KpiStream.Engine.Tests.Alerts.Measures;

/// <summary>
/// Waiting and overdue cases of communes that keep up with their work, and of some that do not: cases come as <see cref="SimulatedUnit"/> has them, and of
/// those that wait each is ended on a working day with the same chance, so a case takes a geometric number of days.
/// </summary>
public sealed class GrowthTests(ITestOutputHelper output)
{
    private const int Seed = 15_201, Communes = 100, Years = 5, Most = 40;

    private static readonly WorkingCalendar Calendar = KpiStream.Ingest.Sources.Configuration.Rules.Shipped.Calendar;
    private static readonly GrowthRule Watch = new() { Figure = "synced", Ended = "handled", Grade = AlertGrade.Watch };
    private static readonly GrowthRule Alarm = Watch with { Grade = AlertGrade.Alarm };

    /// <summary>Chance alone makes it fire: where not even it does, nothing was measured.</summary>
    private static readonly GrowthRule Loose = Watch with { Grade = AlertGrade.Report, AtLeast = 5, Share = 0.05, Tail = 0.2 };

    private static readonly int First = Day(2025, 1, 1), From = Day(2025, 7, 1), Change = Day(2025, 10, 6), To = Day(2026, 6, 30);

    private static readonly Dictionary<int, JudgedDays> JudgedBy =
        Enumerable.Range(From, To - From + 1).ToDictionary(static day => day, static day => new JudgedDays(Calendar, day - Watch.HistoryDays, day));

    [Fact]
    public void AYearOfCommunesThatKeepUp_GivesHardlyAnAlarm() => Count(1);

    [Fact]
    [Trait("Category", "Long")]
    public void YearsOfCommunesThatKeepUp_GiveHardlyAnAlarm() => Count(Years);

    [Fact]
    public void HalfTheWorkAtTwentyCasesADay_IsFoundWithinTwoWeeks() => Find(60);

    [Fact]
    [Trait("Category", "Long")]
    public void HalfTheWorkOfMany_IsFoundWithinTwoWeeks() => Find(1_200);

    /// <summary>
    /// Of the 20 cases that are due on a day 1 is late, for a week, then 10 are. Where no more of them are ended on a day than before, they pile up;
    /// where each is late for a week as before, they grow for some days only, and a part of the units stays below every limit.
    /// </summary>
    [Fact]
    public void HalfOfTheCasesDueAreLate_IsFoundWithinAWeek() => FindLate(60);

    [Fact]
    [Trait("Category", "Long")]
    public void HalfOfTheCasesDueAreLate_OfManyUnits_IsFoundWithinAWeek() => FindLate(1_200);

    /// <summary>A log that begins knows of none of the cases that were late before.</summary>
    [Theory]
    [InlineData(0.1, 5)]
    [InlineData(0.2, 10)]
    [InlineData(0.5, 10)]
    public void AYoungLog_GivesNoneInItsFirstMonths(double share, double takes)
    {
        var random = new Random(Seed);
        foreach (var commune in Enumerable.Range(0, Communes))
        {
            var queue = new Queue(random, 2 * Math.Pow(30, random.NextDouble()) * share, takes, begins: From);
            var judged = Enumerable.Range(From, 90).Where(Calendar.IsWorkingDay)
                .ToDictionary(static day => day, day => Judge(Watch, queue, day, JudgedBy[day]));
            var met = judged.Where(static day => day.Value == Judgement.Met).Select(static day => day.Key).ToList();
            Assert.Contains(Judgement.Clear, judged.Values); // or nothing was judged
            Assert.True(met.Count == 0, $"seed {Seed}, commune {commune}, {share:P0} late: {string.Join(", ", met.Select(static day => day - From))}");
        }
    }

    private void Count(int years)
    {
        var fired = new Dictionary<(string What, AlertGrade Grade), int>();
        for (var year = 0; year < years; year++)
        {
            var random = new Random(Seed + year);
            for (var commune = 0; commune < Communes; commune++)
            {
                // Two to sixty cases a day that take half a day to three weeks, and one in fifty to one in five of them are late, for as long again.
                var (mean, takes) = (2 * Math.Pow(30, random.NextDouble()), 0.5 * Math.Pow(30, random.NextDouble()));
                var late = mean * 0.02 * Math.Pow(10, random.NextDouble());
                Follow("waiting", new Queue(random, mean, takes), fired);
                Follow("overdue", new Queue(random, late, takes), fired);
            }
        }

        foreach (var ((what, grade), count) in fired.OrderBy(static one => one.Key))
        {
            output.WriteLine($"seed {Seed}, {years} times {Communes} communes for a year: {what}, {grade}: {(double)count / years:F1} a year");
        }

        Assert.InRange(fired.Where(static one => one.Key.Grade == AlertGrade.Alarm).Sum(static one => one.Value) / (double)years, 0, 6);
        Assert.InRange(fired.Where(static one => one.Key.Grade == AlertGrade.Watch).Sum(static one => one.Value) / (double)years, 0, 20);
        Assert.All((string[])["waiting", "overdue"], what => Assert.NotEqual(0, fired[(what, AlertGrade.Report)])); // or nothing was measured
    }

    private void Find(int units)
    {
        foreach (var rule in (GrowthRule[])[Watch, Alarm])
        {
            var random = new Random(Seed);
            var found = Enumerable.Range(0, units).Select(_ => DaysUntilFound(
                rule, new Queue(random, 20, 5, static day => day < Change ? double.MaxValue : 10))).Order().ToList();
            Report($"{rule.Grade}, half the cases of a day are ended", found, 10);
        }
    }

    private void FindLate(int units)
    {
        foreach (var rule in (GrowthRule[])[Watch, Alarm])
        {
            List<int> Found(double work)
            {
                var random = new Random(Seed);
                return [.. Enumerable.Range(0, units).Select(_ => DaysUntilFound(rule, new Queue(
                    random, 1, 5, day => day < Change ? double.MaxValue : work, static day => day < Change ? 1 : 10))).Order()];
            }

            Report($"{rule.Grade}, half the cases due are late, and 1 of them is ended a day", Found(1), 5);
            var settling = Found(double.MaxValue);
            var share = settling.Count(static days => days <= Most) / (double)units;
            output.WriteLine($"{rule.Grade}, each of them for a week: found {share:P0} of {units}, median of all {settling[units / 2]}");
            Assert.InRange(share, rule.Grade == AlertGrade.Watch ? 0.65 : 0.2, rule.Grade == AlertGrade.Watch ? 0.9 : 0.4);
        }
    }

    private void Report(string what, List<int> found, int most)
    {
        var median = found[found.Count / 2];
        output.WriteLine($"seed {Seed}, {found.Count} units: {what}: median {median}, 90 % within {found[found.Count * 9 / 10]} working days");
        Assert.InRange(median, 1, most);
        Assert.All(found, static days => Assert.InRange(days, 1, Most));
    }

    private static int DaysUntilFound(GrowthRule rule, Queue queue)
    {
        var changed = 0;
        for (var day = Change; changed < Most; day++)
        {
            changed += Calendar.IsWorkingDay(day) ? 1 : 0;
            var morning = Calendar.NextWorkingDay(day);
            if (Calendar.IsWorkingDay(day) && Judge(rule, queue, morning, new JudgedDays(Calendar, morning - rule.HistoryDays, morning)) == Judgement.Met)
            {
                return changed;
            }
        }

        return Most + 1;
    }

    private static void Follow(string what, Queue queue, Dictionary<(string What, AlertGrade Grade), int> fired)
    {
        foreach (var rule in (GrowthRule[])[Watch, Alarm, Loose])
        {
            var isFiring = false;
            for (var day = From; day <= To; day++)
            {
                var verdict = Calendar.IsWorkingDay(day) ? Judge(rule, queue, day, JudgedBy[day]) : Judgement.Between;
                fired[(what, rule.Grade)] = fired.GetValueOrDefault((what, rule.Grade)) + (verdict == Judgement.Met && !isFiring ? 1 : 0);
                isFiring = verdict == Judgement.Met || (isFiring && verdict != Judgement.Clear);
            }
        }
    }

    private static Judgement Judge(GrowthRule rule, Queue queue, int day, JudgedDays judged) => rule.Judge(
        new AlertReading(rule, "1", 0, 0, null, HasData: true, History: queue.Came(day, rule, judged), Ended: queue.Ended(day, rule, judged)),
        LocalTime.StartOfDay(day) + (8 * 3_600_000L));

    private static int Day(int year, int month, int day) => LocalTime.DayOf(new DateOnly(year, month, day));

    private sealed class Queue
    {
        private readonly int observedFrom;
        private readonly FigureCount[] came = new FigureCount[To - First + 1], ended = new FigureCount[To - First + 1];

        /// <param name="mean">Cases of an ordinary working day; its variance is mean + 0.025 × mean².</param>
        /// <param name="takes">The working days that a case takes, on average.</param>
        /// <param name="mostOn">The most that can be ended on a day.</param>
        /// <param name="timesOn">What the mean of a day is multiplied by.</param>
        /// <param name="begins">The first day of the log, which knows nothing of what waited before; null for a log of long before.</param>
        public Queue(
            Random random, double mean, double takes, Func<int, double>? mostOn = null, Func<int, double>? timesOn = null, int? begins = null)
        {
            observedFrom = begins ?? First;
            var waiting = begins is null ? (int)(mean * takes) : 0;
            for (var day = observedFrom; day <= To; day++)
            {
                var usual = mean * (timesOn?.Invoke(day) ?? 1) * SimulatedUnit.Season(day, Calendar);
                var cases = usual <= 0 ? 0 : Poisson.Sample(random, Math.Max(1e-9, Gamma.Sample(random, 1 / 0.025, 1 / (0.025 * usual))));
                waiting += cases;
                var done = waiting > 0 && Calendar.IsWorkingDay(day) ? Binomial.Sample(random, 1 / (1 + takes), waiting) : 0;
                done = (int)Math.Min(done, mostOn?.Invoke(day) ?? done);
                waiting -= done;
                (came[day - First], ended[day - First]) = (new FigureCount(cases, 0, 0), new FigureCount(done, 0, 0));
            }
        }

        public UnitHistory Came(int day, GrowthRule rule, JudgedDays judged) => Known(came, day, rule, judged);

        public UnitHistory Ended(int day, GrowthRule rule, JudgedDays judged) => Known(ended, day, rule, judged);

        private UnitHistory Known(FigureCount[] days, int day, GrowthRule rule, JudgedDays judged) =>
            new(day - rule.HistoryDays, days[(day - rule.HistoryDays - First)..(day - First + 1)], Calendar)
            {
                Judged = judged,
                ObservedFrom = observedFrom,
            };
    }
}
