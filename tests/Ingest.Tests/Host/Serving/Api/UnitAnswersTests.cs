using KpiStream.Engine.Boards;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Boards;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>Pace and overdue cases say what the figures and gauges say, over random cases.</summary>
public sealed class UnitAnswersTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);
    private static readonly string[] Units = ["11953", "11977", "11980", "11956", "33.SNV", "Z9"]; // 11956 is an old unit of 11953.

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task RandomCases_PaceAndOverdueAreThoseOfFiguresAndGauges(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using var engine = Engine();
        Feed(engine, new Random(seed));
        var figure = engine.Rules.Figures.Single(static each => each.Definition.Id == "arisen");
        var now = Now.ToUnixTimeMilliseconds();
        var yesterday = LocalTime.DateOf(LocalTime.DayOf(now) - 1);
        var calendars = new UnitCalendars(
            engine.Options.Rulebook.Calendar, [new UnitCalendarRow("11953", yesterday.AddDays(-8), yesterday, UnitDays.Closed, false, "bão")],
            engine.Options.Directory, "u@1");
        var pace = await PaceAnswer.ReadAsync(engine, figure, "33", calendars, now);
        Assert.Equal(104, pace.Units.Count);
        var ownFrom = LocalTime.DateOf(PaceDays.Before(LocalTime.DayOf(now), calendars.Of("11953"), null).RecentFrom);
        Assert.True(ownFrom < pace.RecentFrom);
        var reading = await EngineReading.TakeAsync(
            engine, [Range(pace.RecentFrom, pace.RecentTo), Range(pace.BaseFrom, pace.BaseTo), Range(ownFrom, yesterday), Period.TryParse("month")!], now, null,
            CancellationToken.None);
        var closed = pace.Units.Single(static unit => unit.Code == "11953");
        Assert.Equal(reading.Of(Range(ownFrom, yesterday))!.Of("11953", figure).Denominator, closed.Recent);
        foreach (var unit in pace.Units.Where(static unit => unit.Code != "11953"))
        {
            long Of(Period period) => reading.Of(period)!.Of(unit.Code, figure).Denominator;
            Assert.Equal(Of(Range(pace.RecentFrom, pace.RecentTo)), unit.Recent);
            Assert.Equal(Of(Period.TryParse("month")!), unit.Month);
            Assert.Equal((double)Of(Range(pace.BaseFrom, pace.BaseTo)) / pace.BaseDays * pace.RecentDays, unit.Expected);
            Assert.Equal(PaceDays.StateOf(unit.Recent, unit.Expected), unit.State);
        }

        var overdue = await OverdueReading.TakeAsync(engine, now);
        foreach (var code in (string[])["11953", "11977", "33.SNV", "33", "VN"])
        {
            var answer = UnitAnswer.Create(engine, engine.Options.Directory.Find(code)!, overdue);
            Assert.Equal(reading.Gauges.Of(code, Gauge.Overdue), answer.OverdueTotal);
            Assert.Equal(answer.Overdue.OrderBy(static one => one.Due), answer.Overdue);
            Assert.Equal(Math.Min(OverdueCases.MostKept, answer.OverdueTotal), answer.Overdue.Count);
        }

        var phoHien = UnitAnswer.Create(engine, engine.Options.Directory.Find("11953")!, overdue);
        Assert.True(phoHien.OverdueTotal > 0);
        Assert.Contains("11956", phoHien.Predecessors.Select(static unit => unit.Code));
        Assert.Equal(["33", "VN"], phoHien.Above.Select(static unit => unit.Code));
    }

    [Theory]
    [InlineData("2026-11-27", "2026-11-20", 40)] // a Friday: five working days back is the Friday before
    [InlineData("2026-11-29", "2026-11-23", 40)] // a Sunday: the week that has ended
    [InlineData("2026-02-24", "2026-02-10", 40)] // after Tết, whose days off do not count
    public void RecentDays_AreWorkingDays(string today, string from, int baseDays)
    {
        var days = PaceDays.Before(DayOf(today), Shipped.Rulebook().Calendar, 0);
        Assert.Equal((DayOf(from), DayOf(today) - 1, baseDays), (days.RecentFrom, days.RecentTo, days.BaseDays));
    }

    [Fact]
    public void ABaseThatTheLogDoesNotCover_SaysNothing()
    {
        var calendar = Shipped.Rulebook().Calendar;
        Assert.Null(PaceDays.Before(DayOf("2026-11-27"), calendar, null).Expected(100));
        Assert.Null(PaceDays.Before(DayOf("2026-11-27"), calendar, DayOf("2026-11-10")).Expected(100)); // eight working days
        Assert.Equal(50, PaceDays.Before(DayOf("2026-11-27"), calendar, DayOf("2026-11-06")).Expected(100)); // ten
    }

    [Theory]
    [InlineData(0, 20.0, PaceState.Silent)]
    [InlineData(9, 20.0, PaceState.Slow)]
    [InlineData(10, 20.0, PaceState.Usual)]
    [InlineData(0, 6.9, PaceState.Few)]
    [InlineData(5, null, PaceState.Few)]
    public void CasesOfLate_AgainstWhatIsUsual_GiveTheState(long recent, double? expected, PaceState state) =>
        Assert.Equal(state, PaceDays.StateOf(recent, expected));

    [Fact]
    public async Task AnAnswer_IsWorkedOutOnceInItsTimeAndNotKeptWhenItFailed()
    {
        var time = new FakeTimeProvider(Now);
        var cache = new AnswerCache<int>(TimeSpan.FromSeconds(10), most: 2, time);
        var worked = 0;
        Task<int> Ask(string question) => cache.GetAsync(question, () => Task.FromResult(++worked));

        Assert.Equal((1, 1, 2), (await Ask("a"), await Ask("a"), await Ask("b")));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((3, 4), (await Ask("c"), await Ask("a"))); // the oldest went
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(5, await Ask("c"));
        await Assert.ThrowsAsync<IOException>(() => cache.GetAsync("d", static () => Task.FromException<int>(new IOException())));
        Assert.Equal(6, await Ask("d"));
    }

    private static int DayOf(string day) => LocalTime.DayOf(DateOnly.Parse(day));

    private static Period Range(DateOnly from, DateOnly to) => Period.TryParse($"{PeriodText.Iso(from)}..{PeriodText.Iso(to)}")!;

    private static StreamEngine Engine() => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        Shards = 2,
    });

    /// <summary>Ninety days of cases, some of them ended, half of the others past their deadline.</summary>
    private static void Feed(StreamEngine engine, Random random)
    {
        var intake = engine.OpenIntake("test");
        for (var number = 0; number < 4_000; number++)
        {
            var accepted = Now.AddMinutes(-random.Next(90 * 24 * 60));
            var due = accepted.AddDays(random.Next(1, 60));
            var status = random.Next(4) switch { 0 => 9, 1 => 5, _ => 4 };
            var unit = Units[random.Next(Units.Length)];
            var text = $$"""
                {"source":"t","case":"C{{number}}","at":"{{accepted:yyyy-MM-ddTHH:mm:sszzz}}","status":{{status}},"handling":"{{unit}}",
                "accepted":"{{accepted:yyyy-MM-ddTHH:mm:sszzz}}","due":"{{due:yyyy-MM-ddTHH:mm:sszzz}}"}
                """;
            intake.Accept(Encoding.UTF8.GetBytes(text), new SourcePosition(0, number), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }
}
