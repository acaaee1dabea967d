using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>What a whole frame says when clocks run fast, after a restart, and while the past is read.</summary>
public sealed class FrameTruthTests : IAsyncDisposable
{
    private const string Fast = "igate";
    private const string Right = "dvcqg";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;
    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 3, 42, 10, TimeSpan.Zero)); // a Thursday, 10:42 local
    private readonly List<string> warned = [];
    private StreamEngine engine;
    private LivenessSink watch;
    private LiveBoards boards;
    private BoardPublisher publisher;
    private int cases;
    private TimeSpan delayBeforeRead;
    private TimeSpan delayInRead;

    public FrameTruthTests() => (engine, watch, boards, publisher) = Start();

    public async ValueTask DisposeAsync()
    {
        publisher.Dispose();
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task AClockThatRunsFast_IsNamed_AndNeitherDataTimeNorLatenessFollowIt()
    {
        Poll();
        Send(Right, time.GetUtcNow() - Minute);
        Send(Fast, time.GetUtcNow() + (7 * Minute));
        var frame = await FrameAsync();
        Assert.Equal((frame.Now, "2026-11-26T10:42:10.000+07:00"), ("2026-11-26T10:42:10+07:00", frame.DataTime));
        Assert.Equal(["đồng hồ nguồn igate nhanh 7 phút"], frame.Trust.Notes);
        Assert.Contains("The clock of source 'igate' is 420 s ahead", Assert.Single(warned));

        // Within 24 h of now, though not of what the fast clock said; and really late.
        Send(Fast, time.GetUtcNow() - TimeSpan.FromHours(24) + Minute);
        Assert.Equal(0, (await FrameAsync()).Trust.LateToday);
        Send(Fast, time.GetUtcNow() - TimeSpan.FromHours(24) - Minute);
        Assert.Equal(1, (await FrameAsync()).Trust.LateToday);

        for (var minute = 0; minute < 90; minute += 10)
        {
            time.Pass(10 * Minute);
            Send(Right, time.GetUtcNow());
            frame = await FrameAsync();
            Assert.True(string.CompareOrdinal(frame.DataTime, frame.Now) <= 0 || frame.DataTime![..19] == frame.Now[..19], $"{frame.DataTime} at {frame.Now}");
        }

        Assert.Empty(frame.Trust.Notes!); // it was put right, or says nothing any more
    }

    [Fact]
    public async Task ARestart_KnowsWhatWasRejectedAndLateToday_AndWhichSourceFellSilent()
    {
        Poll();
        Send(Right, time.GetUtcNow());
        Send(Right, time.GetUtcNow() - TimeSpan.FromDays(3));
        watch.Accept("""{"source":"x"}"""u8, new SourcePosition(0, ++cases), Now);
        Send(Fast, time.GetUtcNow());
        time.Pass(2 * Minute);
        Send(Fast, time.GetUtcNow());
        var before = await FrameAsync();
        Assert.Equal((1, 1, "live"), (before.Trust.RejectedToday, before.Trust.LateToday, before.Phase));
        Assert.Equal("nguồn dvcqg im lặng từ 10:42", before.Trust.Sources![0].Text);

        await RestartAsync();
        Poll();
        var after = await FrameAsync();
        Assert.Equal((1, 1, "live"), (after.Trust.RejectedToday, after.Trust.LateToday, after.Phase));
        Assert.Equal(before.Trust.RejectedReasons, after.Trust.RejectedReasons);
        Assert.Equal(before.Trust.Sources, after.Trust.Sources);
    }

    [Fact]
    public async Task WhileThePastIsRead_NothingIsJudged_AndAfterwardsEverythingIs()
    {
        for (var hour = 24; hour > 0; hour--)
        {
            Send(Right, time.GetUtcNow() - TimeSpan.FromHours(hour));
        }

        watch.Flush();
        watch.ReportLag(0, 1);
        var loading = await FrameAsync();
        Assert.Equal(("loading", false, false), (loading.Phase, loading.CaughtUp, loading.Stale));
        Assert.Null(loading.Trust.Sources);
        Assert.False(loading.LowVolume.Known);
        Assert.All(Cells(loading), cell => Assert.Equal(FigureState.NoData, cell.S));
        Assert.All(loading.Alerts, alert => Assert.NotEqual("firing", alert.State));

        Send(Right, time.GetUtcNow());
        Poll();
        var live = await FrameAsync();
        Assert.Equal(("live", true), (live.Phase, live.CaughtUp));
        Assert.True(live.LowVolume.Known);
        Assert.Contains(Cells(live), cell => cell.S is FigureState.TooFew or FigureState.None);

        time.Pass(2 * Minute);
        Poll();
        var silent = await FrameAsync();
        Assert.Equal(("silent", true, "nguồn im lặng, không có sự kiện từ 10:42"), (silent.Phase, silent.Stale, silent.SourceState));
        Assert.All(Cells(silent), cell => Assert.Equal(FigureState.NoData, cell.S));

        time.Pass(TimeSpan.FromHours(8));
        Poll();
        Assert.Equal(("idle", false), ((await FrameAsync()).Phase, boards.Main.Current!.Stale));
        Assert.Contains(Cells(boards.Main.Current), cell => cell.S is FigureState.TooFew or FigureState.None);
    }

    /// <summary>A machine that takes seconds for a frame must not judge one part of it before, and another after the limit of a silence.</summary>
    [Fact]
    public async Task AFrameThatTakesLong_SaysOneThingOfItsSource()
    {
        var seen = new HashSet<string>();
        for (var age = 50; age <= 64; age++)
        {
            await RestartAsync(); // the first frame after an event, where everything is measured anew
            Poll();
            Send(Right, time.GetUtcNow());
            Poll();
            (delayBeforeRead, delayInRead) = (TimeSpan.Zero, TimeSpan.Zero);
            time.Pass(TimeSpan.FromSeconds(age));
            Poll();
            (delayBeforeRead, delayInRead) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4));
            var frame = await FrameAsync();
            var source = Assert.Single(frame.Trust.Sources!);
            Assert.Equal((frame.Phase, frame.Phase == "silent"), (source.State, frame.Stale));
            Assert.Equal(frame.Phase == "silent" ? "im lặng" : "đang gửi", source.Text["nguồn dvcqg ".Length..].Split(" từ ")[0]);
            Assert.Equal(frame.Phase, watch.Sources.Sources[0].StateName);
            seen.Add(frame.Phase);
        }

        Assert.Equal(["live", "silent"], seen.Order());
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static IEnumerable<FigureCell> Cells(BoardFrame frame) => frame.Headline.Values.Concat(frame.Units.SelectMany(static unit => unit.Cells.Values));

    private (StreamEngine Engine, LivenessSink Watch, LiveBoards Boards, BoardPublisher Publisher) Start()
    {
        var period = Period.TryParse("30d")!;
        var low = new LowVolumeRule { Figure = "handled", FewerThan = 50, Since = new DateOnly(2026, 11, 1), JudgedOn = null };
        var started = new StreamEngine(new EngineOptions { Rulebook = loaded.Rulebook, Directory = loaded.Units, Sliding = [period], WallClock = () => Now });
        var plan = new BoardPlan
        {
            Rules = started.Rules,
            Directory = loaded.Units,
            Top = BoardPlan.TopOf(loaded.Units),
            Period = period,
            LowVolume = low,
            StaleAfterSeconds = 60,
            Demo = false,
        };
        var (sink, shown) = (new LivenessSink(started.OpenIntake("test"), static () => 1, time), new LiveBoards(plan, time));
        var log = new OperatorLog(TextWriter.Null, time);
        var alerts = AlertService.Open(loaded, [low], new AlertText(loaded.Rulebook, loaded.Units), null, log, time);
        return (started, sink, shown, new BoardPublisher(plan, started, sink, Health, [low], alerts, shown, time, warned.Add)
        {
            LookAgain = () => time.Pass(delayInRead),
        });
    }

    private SourceHealth Health()
    {
        time.Pass(delayBeforeRead);
        return default;
    }

    /// <summary>The program stops, and another continues from what its checkpoint says of the intake.</summary>
    private async Task RestartAsync()
    {
        var saved = JsonSerializer.Deserialize<SavedIntake>(JsonSerializer.SerializeToUtf8Bytes(SavedIntake.Of(watch.Intake.Save())))!.ToState();
        await DisposeAsync();
        (engine, watch, boards, publisher) = Start();
        watch.Intake.Restore(saved);
        watch.Arrivals.Restore(saved.LatestArrival);
    }

    /// <summary>A case that was settled online at an instant, of which its source tells then, or now if that is to come.</summary>
    private void Send(string source, DateTimeOffset at)
    {
        var (id, when) = (++cases, InstantText.ToLocalSeconds(at.ToUnixTimeMilliseconds()));
        var line = $$"""{"source":"{{source}}","case":"c{{id}}","at":"{{when}}","status":10,"handling":"11953","accepted":"{{when}}","ended":"{{when}}"}""";
        var arrival = watch.IsCaughtUp ? Now : at.ToUnixTimeMilliseconds();
        watch.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, cases), arrival);
        watch.Flush();
    }

    /// <summary>The source's own loop finds nothing more.</summary>
    private void Poll()
    {
        watch.Flush();
        watch.ReportLag(0, 0);
    }

    private async Task<BoardFrame> FrameAsync()
    {
        await publisher.PublishAsync(CancellationToken.None);
        return boards.Main.Current!;
    }
}
