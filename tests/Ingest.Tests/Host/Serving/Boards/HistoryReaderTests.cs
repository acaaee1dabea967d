using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Events;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Tests.Sources.Generation;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>Pasts that are followed from reading to reading are those that are read anew.</summary>
public sealed class HistoryReaderTests(ITestOutputHelper output)
{
    private const long TenMinutes = 600_000;

    private static readonly AlertRule[] Rules =
    [
        new RatioDropRule { Figure = "fully_online" }, new PaceRule { Figure = "arisen" }, new BacklogRule { Figure = "taken_in" },
    ];

    [Fact]
    public Task FollowedPasts_AreThoseReadAnew() => CompareAsync(40_000, 80);

    [Fact]
    [Trait("Category", "Long")]
    public Task FollowedPastsOfALongStream_AreThoseReadAnew() => CompareAsync(600_000, 1_000);

    [Fact]
    public async Task OtherCalendarsOfUnits_AreJudgedByAtOnce_AndTheSameOnesAreNotReadTwice()
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = TestUnits.HungYen, Shards = 2 });
        var plan = PlanOf(engine);
        var calendars = new UnitCalendars(Shipped.Calendar);
        var reader = new HistoryReader(plan, () => calendars);
        var now = new DateTimeOffset(2026, 9, 8, 9, 0, 0, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds();
        var days = new ObservedDays();
        var before = await reader.ReadAsync(engine, Rules, now, days, CancellationToken.None);
        Assert.Same(before, await reader.ReadAsync(engine, Rules, now, days, CancellationToken.None));
        Assert.Same(Shipped.Calendar, before.Of("arisen", "11953")!.Calendar);

        calendars = new UnitCalendars(
            Shipped.Calendar, [new UnitCalendarRow("11953", new DateOnly(2026, 9, 7), new DateOnly(2026, 9, 11), UnitDays.Closed, false, "bão")],
            TestUnits.HungYen, "u@1");
        var after = await reader.ReadAsync(engine, Rules, now, days, CancellationToken.None);

        Assert.Same(calendars.Of("11953"), after.Of("arisen", "11953")!.Calendar);
        Assert.False(after.Of("arisen", "11953")!.Judged.Contains(LocalTime.DayOf(new DateOnly(2026, 9, 7))));
        Assert.True(after.Of("arisen", "11977")!.Judged.Contains(LocalTime.DayOf(new DateOnly(2026, 9, 7))));
    }

    private async Task CompareAsync(long events, int readings)
    {
        var seed = (ulong)Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random((int)seed);
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = TestUnits.HungYen, Shards = 2 });
        var intake = engine.OpenIntake("test");
        var plan = PlanOf(engine);
        var followed = new HistoryReader(plan, plan.Calendars);
        var stream = new GeneratedStream(new GenerateOptions(events, seed, TestUnits.HungYen) { CasesPerDay = events / 200, Profile = GenerateProfile.Mixed });
        var (next, compared, judged) = (0L, 0, 0);
        var dense = events - (readings * 40);
        while (stream.MoveNext())
        {
            intake.Accept(stream.Line, new SourcePosition(0, stream.Count), stream.Arrival);
            if (stream.Count < dense || stream.Arrival < next)
            {
                continue;
            }

            next = stream.Arrival + (TenMinutes * random.Next(1, 12));
            intake.Flush();
            var now = stream.Arrival;
            var reading = await EngineReading.TakeAsync(engine, [plan.Period], now, anchor: null, CancellationToken.None);
            var left = await followed.ReadAsync(engine, Rules, now, reading.Days, CancellationToken.None);
            var right = await new HistoryReader(plan, plan.Calendars).ReadAsync(engine, Rules, now, reading.Days, CancellationToken.None);
            judged += Compare(left, right, now);
            compared++;
        }

        output.WriteLine($"{compared} readings compared, {judged} tracks");
        Assert.True(compared > 10 && judged > 100, $"{compared} readings, {judged} tracks");
    }

    private static int Compare(UnitHistories left, UnitHistories right, long now)
    {
        var judged = 0;
        foreach (var (rule, unit) in Rules.SelectMany(static rule => TestUnits.HungYen.Rows.Chunk(7).Select(rows => (rule, rows[0].Code))))
        {
            var (one, other) = (left.Of(rule.Figure, unit)!, right.Of(rule.Figure, unit)!);
            Assert.Equal(other.Days, one.Days);
            Assert.Equal(other.LeftOut.Order(), one.LeftOut.Order());
            Assert.Equal((other.Kind?.Mean, other.Kind?.Shape, other.Kind?.Dispersion), (one.Kind?.Mean, one.Kind?.Shape, one.Kind?.Dispersion));
            var (pace, same) = (one.Pace(0.5), other.Pace(0.5));
            Assert.Equal((same?.Score, same?.Since, same?.Count, same?.Chance), (pace?.Score, pace?.Since, pace?.Count, pace?.Chance));
            Assert.Equal(other.Ratio(0.7, 0.1, other.SettledDay(now)), one.Ratio(0.7, 0.1, one.SettledDay(now)));
            judged += pace is null ? 0 : 1;
        }

        return judged;
    }

    private static BoardPlan PlanOf(StreamEngine engine) => new()
    {
        Rules = engine.Rules,
        Directory = engine.Options.Directory,
        Top = BoardPlan.TopOf(engine.Options.Directory),
        Period = Period.TryParse("day")!,
        LowVolume = AlertSettings.DefaultLowVolume,
        StaleAfterSeconds = 60,
        Demo = false,
    };
}
