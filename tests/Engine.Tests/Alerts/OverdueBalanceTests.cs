using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>
/// The shipped figures due_on_time and on_time balance case by case: what became overdue less what was ended late is what is overdue, whatever was corrected,
/// repeated, out of order, refused, withdrawn or never stated. Against a count of the cases themselves.
/// </summary>
public sealed class OverdueBalanceTests(ITestOutputHelper output)
{
    private const int FirstSeed = 15_700, Days = 60;

    private static readonly int First = LocalTime.DayOf(new DateOnly(2026, 5, 4));
    private static readonly string[] Units = ["11953", "11977", "12466"];
    private static readonly GrowthRule Rule =
        AlertRulesFile.OfProgram(Shipped.Rulebook(), Shipped.Units("hungyen")).Rules.OfType<GrowthRule>().Single(static rule => rule.IsOverdue);

    [Fact]
    public async Task TheGrowth_IsThatOfTheCasesThatAreOverdue()
    {
        var (grown, left, droppedLate) = (0L, 0L, 0L);
        for (var seed = FirstSeed; seed < FirstSeed + LongRuns.Scale(12); seed++)
        {
            var stream = new Stream(new Random(seed));
            var histories = await HistoriesAsync(stream, Pick(seed));
            foreach (var unit in Units)
            {
                var (due, ended) = (histories.Of(Rule.Figure, unit)!, histories.Of(Rule.Ended, unit)!);
                for (var today = First + Days - 20; today <= First + Days; today++)
                {
                    var yesterday = today - 1;
                    var sum = Enumerable.Range(First, today - First).Sum(day => NotOnTime(due.On(day)) - NotOnTime(ended.On(day)));
                    Assert.Equal((seed, unit, today, stream.Overdue(unit, yesterday)), (seed, unit, today, sum));
                    left += sum;

                    var reading = new AlertReading(Rule, unit, 0, 0, null, HasData: true, History: Until(due, today), Ended: Until(ended, today));
                    var evidence = Rule.Evidence(in reading, LocalTime.StartOfDay(today) + (9 * 3_600_000L));
                    var before = LocalTime.DayOf(evidence.From!.Value) - 1;
                    Assert.Equal(LocalTime.StartOfDay(today), evidence.To);
                    var growth = stream.Overdue(unit, yesterday) - stream.Overdue(unit, before);
                    Assert.Equal((seed, unit, today, growth), (seed, unit, today, evidence.Of - evidence.Count));
                    grown += Math.Abs(growth);
                }

                droppedLate += stream.DroppedLate(unit);
            }
        }

        output.WriteLine($"seeds from {FirstSeed}: {left} overdue, {grown} more or fewer, {droppedLate} dropped late");
        Assert.True(left > 10_000 && grown > 1_000 && droppedLate > 200, "too few: this proves nothing");
    }

    private static long NotOnTime(FigureCount count) => count.Denominator - count.Numerator - count.Unobserved;

    private static OnTimeBy Pick(int seed) => seed % 2 == 0 ? OnTimeBy.Day : OnTimeBy.Instant;

    private static UnitHistory Until(UnitHistory history, int today) => new(
        today - Rule.HistoryDays, [.. Enumerable.Range(today - Rule.HistoryDays, Rule.HistoryDays + 1).Select(history.On)], WorkingCalendar.WeekdaysOnly)
    {
        ObservedFrom = First - 100,
    };

    private static async Task<UnitHistories> HistoriesAsync(Stream stream, OnTimeBy onTimeBy)
    {
        var options = new EngineOptions { Rulebook = Shipped.Rulebook() with { OnTimeBy = onTimeBy }, Directory = Shipped.Units("hungyen"), Shards = 2 };
        var engine = new StreamEngine(options);
        var intake = engine.OpenIntake("test");
        var records = stream.Records();
        foreach (var record in records)
        {
            intake.Accept(record, new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        Assert.Equal(records.Length, intake.Counts.Accepted);
        await engine.AdvanceToAsync(LocalTime.StartOfDay(First + Days) + (9 * 3_600_000L));
        await engine.StopAsync();
        var daily = new DailyFigures([.. engine.Rules.Figures.Where(static figure => Rule.AllFigures().Contains(figure.Definition.Id))], First, First + Days);
        foreach (var state in engine.States)
        {
            for (int? day = First; day is { } next;)
            {
                day = daily.Add(state.Ledger.Figures, static unit => unit, next);
            }
        }

        var observed = new ObservedDays();
        observed.Add(Enumerable.Range(First, Days + 1).Select(static day => (day, 1_000L)));
        return UnitHistories.Of(daily, options.Codes.Units.Text, options.Directory, new UnitCalendars(WorkingCalendar.WeekdaysOnly), observed);
    }

    /// <summary>Cases with what was said of them, newest last; at every instant one thing is said.</summary>
    private sealed class Stream
    {
        private readonly List<(long At, Dictionary<string, object?> Says)>[] cases;
        private readonly Dictionary<string, object?>[] facts;
        private readonly Random random;

        public Stream(Random random)
        {
            this.random = random;
            cases = [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, random.Next(1, 7)).Select(_ => SomeInstant()).Distinct().Order()
                .Select(at => (at, Event())).ToList())];
            facts = [.. cases.Select(FactsOf)];
        }

        /// <summary>Out of order, some twice.</summary>
        public byte[][] Records()
        {
            var records = cases.SelectMany((events, number) => events.Select(one => Line(number, one.At, one.Says))).ToList();
            byte[][] all = [.. records.Concat(records.Where(_ => random.Next(4) == 0)).Select(Encoding.UTF8.GetBytes)];
            random.Shuffle(all);
            return all;
        }

        /// <summary>The cases of a unit that are overdue when a day ends.</summary>
        public long Overdue(string unit, int day) => facts.Count(one => IsOf(one, unit)
            && one.GetValueOrDefault("due") is long due && LocalTime.DayOf(due) <= day
            && (one.GetValueOrDefault("status") is 2 or 4 or 5 or 6
                || (one.GetValueOrDefault("status") is 9 or 10 && LocalTime.DayOf((long)one["ended at"]!) > day)));

        /// <summary>Cases that were refused, withdrawn or stopped after their date.</summary>
        public long DroppedLate(string unit) => facts.Count(one => IsOf(one, unit) && one.GetValueOrDefault("due") is long due
            && one.GetValueOrDefault("status") is 3 or 7 or 8 && LocalTime.DayOf((long)one["ended at"]!) > LocalTime.DayOf(due));

        private static bool IsOf(Dictionary<string, object?> one, string unit) =>
            one.GetValueOrDefault("handling") is string own && own == unit && one.GetValueOrDefault("kind") is null or "case"
                && one.GetValueOrDefault("parent") is null;

        private static Dictionary<string, object?> FactsOf(List<(long At, Dictionary<string, object?> Says)> events)
        {
            var known = new Dictionary<string, object?>();
            foreach (var (at, says) in events)
            {
                foreach (var (key, value) in says)
                {
                    known[key] = value;
                }

                if (says.GetValueOrDefault("status") is int status)
                {
                    known.TryAdd($"first {status}", at);
                }
            }

            known["ended at"] = known.GetValueOrDefault("ended") ?? (known.GetValueOrDefault("status") is not int now ? null
                : known.GetValueOrDefault(now == 10 ? "first 9" : $"first {now}") ?? known.GetValueOrDefault($"first {now}"));
            return known;
        }

        private Dictionary<string, object?> Event()
        {
            var says = new Dictionary<string, object?>();
            Say(80, "status", () => Pick<object?>(1, 2, 4, 4, 5, 6, 9, 9, 10, 10, 3, 7, 8, null));
            Say(60, "due", () => random.Next(8) == 0 ? null : SomeInstant());
            Say(30, "ended", () => random.Next(4) == 0 ? null : SomeInstant());
            Say(60, "handling", () => Pick(Units));
            Say(10, "kind", () => Pick<object?>("case", "feedback", null));
            Say(5, "parent", () => Pick<object?>("H31-1", null));
            return says;

            void Say(int share, string key, Func<object?> value)
            {
                if (random.Next(100) < share)
                {
                    says[key] = value();
                }
            }
        }

        private static string Line(int number, long at, Dictionary<string, object?> says) =>
            $$"""{"source":"s","case":"c{{number}}","at":"{{InstantText.ToLocalMillis(at)}}"{{string.Concat(says.Select(Member))}}}""";

        private static string Member(KeyValuePair<string, object?> one) => $",\"{one.Key}\":{Json(one.Value)}";

        private static string Json(object? value) => value switch
        {
            null => "null",
            long instant => $"\"{InstantText.ToLocalMillis(instant)}\"",
            string text => $"\"{text}\"",
            _ => $"{value}",
        };

        // Beyond the days that are counted too: dates in the future, and an end that is only announced.
        private long SomeInstant() => LocalTime.StartOfDay(First + random.Next(Days + 10)) + random.Next((int)LocalTime.MillisPerDay);

        private T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];
    }
}
