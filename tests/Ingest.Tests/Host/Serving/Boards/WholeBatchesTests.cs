using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>Alerts are judged where a source has run dry, and nowhere else.</summary>
public sealed class WholeBatchesTests : IAsyncDisposable
{
    private const string Unit = "11953";

    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;
    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 3, 42, 10, TimeSpan.Zero));
    private readonly StreamEngine engine;
    private readonly LivenessSink watch;
    private readonly BarrierSink source;
    private readonly BoardPublisher publisher;
    private readonly AlertService alerts;
    private readonly LiveBoards boards;
    private readonly List<(long Frame, int Alerts)> told = [];
    private int cases;
    private long position;

    public WholeBatchesTests()
    {
        var period = Period.TryParse("30d")!;
        var rule = AlertSettings.DefaultBelowTarget with { HoldMillis = 0 };
        engine = new StreamEngine(new EngineOptions
        {
            Rulebook = loaded.Rulebook,
            Directory = loaded.Units,
            Sliding = [period],
            WallClock = () => time.GetUtcNow().ToUnixTimeMilliseconds(),
            Shards = 2,
        });
        var plan = new BoardPlan
        {
            Rules = engine.Rules,
            Directory = loaded.Units,
            Top = BoardPlan.TopOf(loaded.Units),
            Period = period,
            LowVolume = AlertSettings.DefaultLowVolume,
            StaleAfterSeconds = 60,
            Demo = false,
        };
        watch = new LivenessSink(engine.OpenIntake("test"), static () => 1, time);
        source = new BarrierSink(watch, engine, new StreamBounds(), time);
        alerts = AlertService.Open(
            loaded, [rule], new AlertText(loaded.Rulebook, loaded.Units), null, new OperatorLog(TextWriter.Null, time), time);
        boards = new LiveBoards(plan, time);
        publisher = new BoardPublisher(
            plan, engine, watch, static () => default, [rule], alerts, boards, time, static _ => { }, cuts: source)
        {
            Every = 1_000,
            Published = frame => told.Add((frame.Id, alerts.Alerts.Count)),
        };
    }

    public async ValueTask DisposeAsync()
    {
        publisher.Dispose();
        alerts.Dispose();
        await engine.DisposeAsync();
    }

    /// <summary>Half of a batch is as bad as can be, the whole of it is good: nobody sees an alert.</summary>
    [Fact]
    public async Task HalfABatch_IsNotJudged_AndTheWholeIs()
    {
        await CatchUpAsync();
        Send(30, isGood: false);
        await FrameWithoutCutAsync();
        Assert.Empty(alerts.Alerts);

        Send(200, isGood: true);
        await JudgeAsync();
        Assert.Empty(alerts.Alerts);

        Send(600, isGood: false);
        await JudgeAsync();
        Assert.Equal(AlertState.Firing, Assert.Single(alerts.Alerts).State);
    }

    /// <summary>While a source has more to give than is read, what was firing stays, and is said to be missing.</summary>
    [Fact]
    public async Task ABacklog_ResolvesAndFiresNothing_UntilItIsRead()
    {
        await CatchUpAsync();
        Send(30, isGood: false);
        await JudgeAsync();
        source.ReportLag(0, 5_000);
        Send(1_000, isGood: true);
        await JudgeAsync();
        Assert.Equal((AlertState.Firing, true), (Assert.Single(alerts.Alerts).State, alerts.Alerts[0].IsMissing));
        source.ReportLag(0, 0);
        await JudgeAsync();
        Assert.Equal(AlertState.Resolved, Assert.Single(alerts.Alerts).State);
    }

    /// <summary>A source that cannot be read and can again has missed something until every partition has said how much.</summary>
    [Fact]
    public async Task ASourceThatComesBack_IsJudgedOnceItHasSaidWhatItHas()
    {
        await CatchUpAsync();
        Send(30, isGood: false);
        await JudgeAsync();
        time.Pass(TimeSpan.FromMinutes(5)); // not a word
        await FrameWithoutCutAsync();
        Send(1_000, isGood: true);
        await JudgeAsync();
        Assert.Equal((AlertState.Firing, true), (Assert.Single(alerts.Alerts).State, alerts.Alerts[0].IsMissing));
        source.ReportLag(0, 0);
        await JudgeAsync();
        Assert.Equal(AlertState.Resolved, Assert.Single(alerts.Alerts).State);
    }

    /// <summary>Figures do not wait for the verdict, and the verdict not for the next frame.</summary>
    [Fact]
    public async Task AFrame_IsOutBeforeItIsJudged_AndOneWithTheVerdictFollowsAtOnce()
    {
        await CatchUpAsync();
        Send(30, isGood: false);
        await JudgeAsync();
        var (frame, known) = told[^1];
        Assert.Equal(0, known);
        Assert.Equal(frame + 1, boards.Main.Current!.Id);
        Assert.Single(boards.Main.Current.Alerts);

        // What the verdict does not change is not said twice.
        await JudgeAsync();
        Assert.Equal(told[^1].Frame, boards.Main.Current.Id);
    }

    private async Task CatchUpAsync()
    {
        Send(10, isGood: true);
        EndBatch();
        source.ReportLag(0, 0);
        await JudgeAsync();
        source.ReportLag(0, 0);
        await JudgeAsync();
        Assert.True(watch.IsCaughtUp);
    }

    private Task PublishAsync()
    {
        time.Pass(TimeSpan.FromSeconds(1));
        return publisher.PublishAsync(CancellationToken.None);
    }

    private async Task JudgeAsync()
    {
        var frame = PublishAsync();
        while (!frame.IsCompleted)
        {
            EndBatch();
            await Task.Yield();
        }

        await frame;
    }

    private async Task FrameWithoutCutAsync()
    {
        var frame = PublishAsync();
        while (!frame.IsCompleted)
        {
            time.TryPassToNext(); // the frame waits no longer for the batch's end
            await Task.Yield();
        }

        await frame;
    }

    private void EndBatch() => source.Flush();

    private void Send(int count, bool isGood)
    {
        for (var number = 0; number < count; number++)
        {
            var (code, at) = ($"c{++cases}", time.GetUtcNow());
            Accept(CaseLines.Accepted(code, Unit, at));
            Accept(isGood ? CaseLines.DoneOnline(code, at) : CaseLines.DoneAtTheCounter(code, at));
        }
    }

    private void Accept(string line) =>
        source.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, ++position), time.GetUtcNow().ToUnixTimeMilliseconds());
}
