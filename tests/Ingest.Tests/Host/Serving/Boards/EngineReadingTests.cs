using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>A reading keeps what has not changed since the one before; it must be what a reading without a memory is.</summary>
public sealed class EngineReadingTests(ITestOutputHelper output)
{
    private const string Unit = "11953";

    private static readonly DateTimeOffset Start = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);
    private static readonly Period[] Periods = [.. ((string[])["24h", "day", "month", "since:2026-01-01"]).Select(static name => Period.TryParse(name)!)];

    [Fact]
    public async Task NothingHappened_NothingIsCopied()
    {
        await using var engine = Engine();
        Feed(engine.OpenIntake("test"), CaseLines.Accepted("H31-1", Unit, Start.AddHours(-2)), CaseLines.Accepted("H31-2", "Z1", Start.AddHours(-2)));
        var first = await ReadAsync(engine, Start, null);
        var second = await ReadAsync(engine, Start.AddSeconds(30), first);
        Assert.All(Periods, period => Assert.Same(first.Of(period), second.Of(period)));
        Assert.Same(first.Gauges, second.Gauges);
        Assert.Equal(Start.AddSeconds(30).ToUnixTimeMilliseconds(), second.Now);

        // A day later both cases have left the window, and the day is another.
        var later = await ReadAsync(engine, Start.AddDays(1), second);
        Assert.Equal([0, 0, 2, 2], Periods.Select(period => (int)ReceivedIn(engine, later, period)));
    }

    [Fact]
    public async Task RandomEventsAndClocks_AreReadAsWithoutAMemory()
    {
        const int Seed = 2_011;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        await using var engine = Engine();
        var intake = engine.OpenIntake("test");
        var builder = new BoardBuilder(Plan(engine));
        var now = Start;
        EngineReading? before = null;
        for (var step = 0; step < 300; step++)
        {
            for (var count = chance.Next(3); count > 0; count--)
            {
                Feed(intake, CaseLines.Accepted($"H31-{chance.Next(60)}", chance.Next(4) == 0 ? $"Z{chance.Next(9)}"
                    : Unit, now.AddMinutes(chance.Next(-3_000, 60))));
            }

            now = now.AddSeconds(chance.Next(8) switch { 0 => chance.Next(-90_000, 200_000), 1 or 2 => 0, _ => chance.Next(600) });
            var kept = await ReadAsync(engine, now, before);
            var fresh = await ReadAsync(engine, now, null);
            Assert.Equal(TextOf(new BoardBuilder(Plan(engine)).Build(step + 1, Moment(fresh))), TextOf(builder.Build(step + 1, Moment(kept))));
            Assert.All(Periods, period => Assert.Equal(CountsOf(engine, fresh, period), CountsOf(engine, kept, period)));
            before = kept;
        }
    }

    private static StreamEngine Engine() => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        Sliding = [Periods[0]],
        Shards = 2,
    });

    private static void Feed(Intake intake, params string[] lines)
    {
        foreach (var line in lines)
        {
            intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }

    private static Task<EngineReading> ReadAsync(StreamEngine engine, DateTimeOffset now, EngineReading? before) =>
        EngineReading.TakeAsync(engine, Periods, now.ToUnixTimeMilliseconds(), anchor: null, CancellationToken.None, before: before);

    private static long ReceivedIn(StreamEngine engine, EngineReading reading, Period period) =>
        reading.Of(period)!.Of("33", engine.Rules.Figures.Single(static figure => figure.Definition.Id == "received")).Denominator;

    private static IEnumerable<string> CountsOf(StreamEngine engine, EngineReading reading, Period period) =>
        from unit in reading.Of(period)!.Units.Order()
        from figure in engine.Rules.Figures
        let count = reading.Of(period)!.Of(unit, figure)
        where count.Denominator > 0
        select $"{unit} {figure.Definition.Id} {count.Denominator} {count.Numerator} {count.Unobserved}";

    private static BoardPlan Plan(StreamEngine engine) => new()
    {
        Rules = engine.Rules,
        Directory = engine.Options.Directory,
        Top = BoardPlan.TopOf(engine.Options.Directory),
        Period = Periods[0],
        LowVolume = new LowVolumeRule { Figure = "arisen", FewerThan = 50, Since = new DateOnly(2026, 1, 1) },
        StaleAfterSeconds = 60,
        Demo = false,
    };

    private static BoardMoment Moment(EngineReading reading) => new(
        reading.Now, reading.Now, Stale: false, CaughtUp: true, "", reading.Of(Periods[0])!, reading.Of(Periods[3])!, reading.Gauges, [],
        new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], []));

    private static string TextOf(BoardFrame frame) => JsonSerializer.Serialize(frame);
}
