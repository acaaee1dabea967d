using KpiStream.Engine.Reconciliation;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Tests.Sources.Logs;
using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.Host.Serving.SelfChecks;

/// <summary>A log that has lost, before a start, what the checkpoint had counted: it proves no figure wrong, and what it lacks is named.</summary>
public sealed class LostNumbersTests : IAsyncDisposable
{
    private const int Events = 200;

    private readonly LogScene scene = new(Events, 33);
    private readonly GapRegister gaps = new(static _ => { }, TimeProvider.System);
    private readonly StreamEngine engine = new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });
    private readonly List<string> said = [];

    public LostNumbersTests()
    {
        using var log = scene.Open(segmentBytes: 8_000);
        for (var number = 0; number < Events; number++)
        {
            scene.Append(log, number, 1);
            log.Commit();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        scene.Dispose();
    }

    [Theory]
    [InlineData("a segment is gone")]
    [InlineData("blocks are damaged")]
    public async Task WhatACheckpointCountedAndTheLogLost_IsNoDifference_AndIsNamed(string how)
    {
        await ReadAsync(new StreamBounds());
        var before = new StreamBounds();
        before.AddBefore(0, 1, Events);
        var path = LogFolder.PathOf(scene.Folder, 2);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Lose(path, whole, isSegment: how == "a segment is gone");
        var lost = Assert.Single(SegmentNumbers.FindMissing(new LogFiles(scene.Folder), CancellationToken.None));
        gaps.Keep("log:l", [lost]);

        var (service, results) = await CheckAsync(before);
        Assert.All(results, result => Assert.Equal((SelfCheckVerdict.Incomplete, 0), (result.Verdict, result.Differences.Count())));
        Assert.All(results, result => Assert.Contains($"events {lost.From} to {lost.To - 1} are missing in the log", result.Error));
        Assert.Contains(results, result => result.Figures.Count == 0);
        Assert.Contains(results, result => result.Figures.Count > 0);
        Assert.False(service.HasDifference);
        Assert.Single(said);

        await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        gaps.Keep("log:l", []);
        (_, results) = await CheckAsync(before);
        Assert.All(results, result => Assert.Equal(SelfCheckVerdict.Equal, result.Verdict));
    }

    /// <summary>The log has lost its end: new events are numbered behind it, so that what is missing stays known.</summary>
    [Fact]
    public async Task AnEndThatTheLogLost_IsNoDifference_AlsoWhenTheLogHasGrownOn()
    {
        await ReadAsync(new StreamBounds());
        var before = new StreamBounds();
        before.AddBefore(0, 1, Events);
        foreach (var segment in LogFolder.Segments(scene.Folder).Skip(1))
        {
            File.Delete(LogFolder.PathOf(scene.Folder, segment));
        }

        using (var log = scene.Open())
        {
            gaps.Keep("log:l", [new MissingNumbers(log.LastNumber + 1, Events + 1, "")]);
            log.ContinueBehind(Events);
            var (_, ended) = await CheckAsync(before);
            Assert.All(ended, result => Assert.Equal((SelfCheckVerdict.Incomplete, 0), (result.Verdict, result.Differences.Count())));
            scene.Append(log, 0, 3);
            log.Commit();
            Assert.Equal(Events + 3, log.LastNumber);
        }

        Assert.Equal(gaps.All.Select(gap => (gap.From, gap.To)),
            SegmentNumbers.FindMissing(new LogFiles(scene.Folder), CancellationToken.None).Select(lost => (lost.From, lost.To)));
        for (var number = 1; number <= 3; number++)
        {
            before.Add(new SourcePosition(0, Events + number));
        }

        var (service, results) = await CheckAsync(before);
        Assert.All(results, result => Assert.Equal(SelfCheckVerdict.Incomplete, result.Verdict));
        Assert.Contains(results, result => result.Figures.Count == 0);
        Assert.False(service.HasDifference);
        using var again = scene.Open();
        Assert.Equal(Events + 3, again.LastNumber);
    }

    /// <summary>What was lost only after the start nobody has looked for: then figures and log disagree, and that is said.</summary>
    [Fact]
    public async Task DamageThatNobodyKnowsOf_IsADifference()
    {
        await ReadAsync(new StreamBounds());
        var before = new StreamBounds();
        before.AddBefore(0, 1, Events);
        var path = LogFolder.PathOf(scene.Folder, 2);
        Lose(path, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), isSegment: false);
        var (_, results) = await CheckAsync(before);
        Assert.Contains(results, result => result.Verdict == SelfCheckVerdict.Different);
    }

    /// <summary>Read with the gap, both lack the same: a figure that differs is wrong.</summary>
    [Fact]
    public async Task WhatBothLack_HidesNoWrongFigure()
    {
        var path = LogFolder.PathOf(scene.Folder, 2);
        Lose(path, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), isSegment: true);
        gaps.Keep("log:l", [.. SegmentNumbers.FindMissing(new LogFiles(scene.Folder), CancellationToken.None)]);
        var bounds = await ReadAsync(new StreamBounds());
        var (service, results) = await CheckAsync(bounds);
        Assert.All(results, result => Assert.Equal((SelfCheckVerdict.Incomplete, true), (result.Verdict, result.Error.Contains("both lack what is gone"))));

        var place = results[0].Place;
        await engine.AskShardAsync(0, state =>
        {
            var unit = engine.Options.Codes.Units.Find(place.Unit);
            var noon = LocalTime.StartOfDay(LocalTime.DayOf(place.Day)) + (LocalTime.MillisPerDay / 2);
            state.Ledger.Move(new CaseId(1, 1), default, new CaseFacts(1UL << (int)Condition.KindFeedback, 0, 0, 0, 0, noon, unit, unit));
            return true;
        });
        (service, results) = await CheckAsync(bounds);
        Assert.Equal(SelfCheckVerdict.Different, results[0].Verdict);
        Assert.True(service.HasDifference);
    }

    private static void Lose(string path, byte[] whole, bool isSegment)
    {
        if (isSegment)
        {
            File.Delete(path);
            return;
        }

        var blocks = NaiveRecording.Blocks(whole).Where(one => one.Events.Count > 0).ToList();
        byte[] damaged = [.. whole];
        damaged.AsSpan((int)blocks[1].Start, (int)(blocks[^2].End - blocks[1].Start)).Clear();
        File.WriteAllBytes(path, damaged);
    }

    /// <summary>Reads the log into the engine as it is now, and gives what was handed over.</summary>
    private async Task<StreamBounds> ReadAsync(StreamBounds bounds)
    {
        var intake = engine.OpenIntake("test", form: RecordForm.Recorded);
        var sink = new NotingSink(intake, bounds);
        await new RecordingSource(LogFolder.Inputs(scene.Folder), new RecordingSourceOptions()).RunAsync(sink, CancellationToken.None);
        intake.Flush();
        await engine.AdvanceToAsync(LogScene.Arrival + (400 * LocalTime.MillisPerDay));
        return bounds;
    }

    /// <summary>All units and days with counters, checked after a start with these bounds.</summary>
    private async Task<(SelfCheckService Service, List<SelfCheckResult> Results)> CheckAsync(StreamBounds bounds)
    {
        var cuts = new BarrierSink(engine.OpenIntake("test", form: RecordForm.Recorded), engine, bounds, TimeProvider.System);
        var policy = new SelfCheckPolicy(TimeSpan.FromTicks(1), Seed: 1) { Share = 1 };
        var check = new SelfCheck(engine, cuts, RecountLog.OfFolder(scene.Folder, static () => false) with { Gaps = gaps }, policy, TimeProvider.System);
        var service = new SelfCheckService(check, new UnitDayChoice(engine, 1), policy.Every, static () => true,
            new AlertText(Shipped.Rulebook(), Shipped.Units("hungyen")), said.Add, TimeProvider.System);
        var results = new List<SelfCheckResult>();
        foreach (var place in await PlacesAsync())
        {
            var checking = check.RunAsync(place, CancellationToken.None);
            while (!checking.IsCompleted)
            {
                cuts.Flush();
                await Task.Yield();
            }

            results.Add(await checking);
            service.Note(results[^1]);
        }

        return (service, results);
    }

    private async Task<List<UnitDay>> PlacesAsync() =>
    [
        .. (await engine.AskAsync(static state => state.Ledger.Figures.Days.Days
            .SelectMany(day => state.Ledger.Figures.Days.On(day)!.Where(unit => !unit.Value.IsEmpty).Select(unit => (Day: day, Unit: unit.Key))).ToList()))
            .SelectMany(static places => places).Distinct()
            .Select(place => new UnitDay(engine.Options.Codes.Units.Text(place.Unit), LocalTime.DateOf(place.Day)))
            .Where(place => engine.Options.Directory.Find(place.Unit) is not null).OrderBy(place => (place.Unit, place.Day)).Take(40),
    ];

    private sealed class NotingSink(IRecordSink inner, StreamBounds bounds) : ForwardingSink(inner)
    {
        public override void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            bounds.Add(position);
            Inner.Accept(record, position, arrival);
        }
    }
}
