using FsCheck;
using FsCheck.Fluent;
using KpiStream.Engine.Snapshots;
using KpiStream.Engine.Tests.Pipeline;

namespace KpiStream.Engine.Tests.Snapshots;

/// <summary>Streams cut at any place: an engine that resumes from the cut ends as one that never stopped, and the one that was cut is not disturbed.</summary>
public class RestartTests
{
    private const string Periods = "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now";

    private static readonly IReadOnlyList<Period> Asked = [.. Periods.Split(',').Select(name => Period.TryParse(name)!)];

    [Fact]
    public void AStreamCutAnywhere_GoesOnInAnotherEngineAsIfNothingHadBeen()
    {
        var trials = LongRuns.Scale(60);
        Prop.ForAll(RandomEvents.Streams, events =>
        {
            var random = new Random(events.Length);
            HoldsAsync(events, cut: random.Next(events.Length + 1), random.Next(1, 4), random.Next(1, 4)).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(trials));
    }

    private static async Task HoldsAsync(string[] events, int cut, int shards, int shardsAfter)
    {
        var plain = await EngineRun.OverAsync(RandomEvents.Bytes(events), Periods, rollUp: true, shards: shards);
        var first = Start(shards);
        var intake = first.OpenIntake("test");
        Feed(intake, events, 0, cut);
        var cutting = first.CutAsync();
        var saved = intake.Save();
        Feed(intake, events, cut, events.Length);
        var (counted, slices) = (ShardCut.Sum(await cutting), await EngineRestart.FetchAsync(first));

        var second = Start(shardsAfter);
        var again = second.OpenIntake("test");
        await EngineRestart.RestoreAsync(first, second, counted, slices, saved.Now);
        again.Restore(saved);
        Feed(again, events, cut, events.Length);
        MustBeAlike(plain, await EndAsync(first, intake));
        MustBeAlike(plain, await EndAsync(second, again));
    }

    private static StreamEngine Start(int shards) => new(new EngineOptions
    {
        Rulebook = Shipped.Rulebook(),
        Directory = Shipped.Units("hungyen"),
        Shards = shards,
        Sliding = [.. Asked.Where(period => period.Kind == PeriodKind.Sliding)],
        NowFollowsEvents = true,
    });

    private static void Feed(Intake intake, string[] events, int from, int to)
    {
        foreach (var record in RandomEvents.Bytes(events[from..to]))
        {
            intake.Accept(record, new SourcePosition(0, ++from), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }

    private static List<string> Lines(StreamCounts counts) =>
    [
        .. counts.Sources.Select(source => $"{source.Source}: {string.Join(' ', source.Counts)}, "
            + string.Join(' ', source.Units.Select(static unit => $"{unit.Key}={unit.Value}").Order(StringComparer.Ordinal))).Order(),
        .. counts.Days.Select(day => $"{day.Day}: {day.Events}"),
    ];

    private static async Task<EngineRun> EndAsync(StreamEngine engine, Intake intake)
    {
        var now = intake.Counts.GreatestAt;
        await engine.AdvanceToAsync(now);
        await engine.StopAsync();
        return EngineRun.Of(engine, intake, Asked, now, rollUp: true);
    }

    private static void MustBeAlike(EngineRun expected, EngineRun actual)
    {
        TextAssert.SameLines(expected.Csv, actual.Csv);
        Assert.Equal((expected.Fingerprint, expected.Applied, expected.Duplicates, expected.Cases, expected.Now),
            (actual.Fingerprint, actual.Applied, actual.Duplicates, actual.Cases, actual.Now));
        Assert.Equal((expected.Counts.Accepted, expected.Counts.Late), (actual.Counts.Accepted, actual.Counts.Late));
        Assert.Equal(expected.Counts.ByReason, actual.Counts.ByReason);
        Assert.Equal(Lines(expected.Stream), Lines(actual.Stream));
    }
}
