using KpiStream.Engine.Arrivals;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Liveness;

/// <summary>One state for the whole board, by when an event last arrived.</summary>
public sealed class LiveStateTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly SilencePolicy Policy = new(Limit, OfficeHours.Default, WorkingCalendar.WeekdaysOnly);

    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 3, 42, 10, TimeSpan.Zero)); // a Thursday, 10:42 local
    private readonly List<string> said = [];
    private readonly StreamEngine engine;
    private LivenessSink watch;
    private SourceWatch sources;

    public LiveStateTests()
    {
        engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), WallClock = () => Now });
        (watch, sources) = Open();
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    /// <summary>The board of an embedded log said "live" for minutes after the last post, because its own reader went on asking.</summary>
    [Fact]
    public void NoEventForLongerThanTheLimit_IsSilentThoughTheSourceAnswers()
    {
        Poll();
        Accept(arrival: Now);
        Poll();
        Assert.Equal(new LiveState("live", "đang nhận dữ liệu"), State());
        Pass(Limit);
        Assert.Equal("live", State().Phase);
        Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new LiveState("silent", "nguồn im lặng, không có sự kiện từ 10:42"), State());
        Assert.True(State().IsStale);
        Accept(arrival: Now);
        Poll();
        Assert.Equal("live", State().Phase);
    }

    [Fact]
    public void ASourceThatDoesNotAnswer_IsLost()
    {
        Poll();
        time.Pass(Limit + TimeSpan.FromMilliseconds(1));
        Assert.Equal(new LiveState("lost", "không nhận được tín hiệu từ nguồn dữ liệu"), State());
        Assert.Equal(new LiveState("lost", "mất kết nối"), State(new SourceHealth(true, "mất kết nối")));
    }

    [Fact]
    public void WhileThePastIsRead_OneStateSaysSo()
    {
        Accept(arrival: Now - 86_400_000);
        watch.Flush();
        Assert.Equal(new LiveState("loading", "đang đọc lại dữ liệu"), State());
        Assert.False(State().IsStale);
        Poll();
        Assert.Equal(new LiveState("silent", "nguồn im lặng, không có sự kiện từ 10:42 ngày 25/11/2026"), State());
    }

    [Fact]
    public void ARestart_KnowsWhenTheLastEventCame()
    {
        watch.Arrivals.Restore(Now - 3_600_000);
        Poll();
        Assert.Equal(new LiveState("silent", "nguồn im lặng, không có sự kiện từ 09:42"), State());
    }

    /// <summary>Nobody sets the clock that silence is measured with.</summary>
    [Fact]
    public void AWallClockPutBack_HidesNoSilence()
    {
        Poll();
        Accept(arrival: Now);
        Poll();
        Assert.Equal("live", State().Phase);
        time.Jump(TimeSpan.FromHours(-3));
        Pass(Limit + TimeSpan.FromMilliseconds(1));
        Assert.Equal("silent", State().Phase);
        Assert.Equal(["nguồn s im lặng từ 10:42"], Line());
        time.Jump(TimeSpan.FromHours(-3));
        Assert.Equal("lost", State().Phase);
    }

    /// <summary>What nobody expects is not missed, but a connection that is lost is lost at any hour.</summary>
    [Fact]
    public void ANight_IsIdle_UntilTheConnectionDies()
    {
        Learn("dvc");
        Work(TimeSpan.FromHours(6.5), "dvc");
        Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(new LiveState("idle", "ít sự kiện, sự kiện gần nhất 17:02"), State());
        Pass(TimeSpan.FromHours(4));
        Assert.Equal(new LiveState("idle", "ngoài giờ, sự kiện gần nhất 17:02"), State());
        Assert.False(State().IsStale);
        Assert.Equal(["nguồn dvc ngoài giờ, gần nhất 17:02"], Line());
        Assert.Equal(new LiveState("idle", "ngoài giờ, sự kiện gần nhất 17:02; thiếu tệp"), State(new SourceHealth(false, "thiếu tệp")));
        Assert.Equal("lost", State(new SourceHealth(true, "mất kết nối")).Phase);
        Pass(TimeSpan.FromHours(10.5)); // 8:22
        Assert.Equal("idle", State().Phase);
        Pass(TimeSpan.FromHours(2));
        Assert.Equal(new LiveState("silent", "nguồn im lặng, không có sự kiện từ 17:02 ngày 26/11/2026"), State());
    }

    [Fact]
    public void OneSilentSourceOfTwo_IsNamed_AndTheBoardIsLive()
    {
        Learn("dvc", "mcdt");
        Work(TimeSpan.FromHours(1), "dvc", "mcdt");
        Work(TimeSpan.FromHours(3.5), "dvc");
        Accept(Now, "dvc");
        Poll();
        Assert.Equal(new LiveState("live", "đang nhận dữ liệu"), State());
        Assert.Equal(["nguồn mcdt im lặng từ 11:32", "nguồn dvc đang gửi"], Line());
        var told = Assert.Single(said);
        Assert.StartsWith("Source 'mcdt' has sent no event since 2026-11-26T11:32:10+07:00, though it usually sends about 6 an hour", told);
        Assert.Equal([("mcdt", SourceState.Silent, 6.0), ("dvc", SourceState.Live, 6)],
            Heard().Sources.OrderBy(static one => one.State == SourceState.Live).Select(static one => (one.Source, one.State, one.ExpectedPerHour!.Value)));

        Restart();
        Poll();
        Assert.Equal(["nguồn mcdt im lặng từ 11:32", "nguồn dvc đang gửi"], Line());

        Pass(TimeSpan.FromHours(2.2));
        Assert.Equal(new LiveState("silent", "nguồn im lặng, không có sự kiện từ 15:12"), State());
        Assert.Equal(["nguồn dvc im lặng từ 15:12", "nguồn mcdt im lặng từ 11:32"], Line());
        Accept(Now, "mcdt");
        Poll();
        Assert.Equal("live", State().Phase);
        Assert.Equal(["nguồn dvc im lặng từ 15:12", "nguồn mcdt đang gửi"], Line());
    }

    [Fact]
    public void ASourceThatWasSwitchedOff_IsNoAlarmForEver()
    {
        Learn("dvc", "cu");
        for (var day = 0; day < 31; day++)
        {
            Pass(TimeSpan.FromDays(1));
            Accept(Now, "dvc");
        }

        Poll();
        Assert.Equal(["nguồn dvc đang gửi", "nguồn cu không còn gửi từ ngày 26/11/2026"], Line());
        Assert.Equal("live", State().Phase);
        Assert.Equal("gone", Heard().Find("cu")!.StateName);
    }

    /// <summary>Rejected records show that the line works, and not that the board has anything new.</summary>
    [Fact]
    public void OnlyRejectedRecords_AreASilence()
    {
        Poll();
        Accept(Now);
        Poll();
        Pass(Limit + TimeSpan.FromSeconds(1));
        watch.Accept("""{"source":"s"}"""u8, new SourcePosition(0, 2), Now);
        Poll();
        Assert.Equal("silent", State().Phase);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private LiveState State(SourceHealth health = default) => LiveState.Of(health, Heard(), Policy, Now);

    private SourcesReading Heard() => sources.Read(Now);

    private IEnumerable<string> Line() => Heard().ForBoard(Now)!.Select(static one => one.Text);

    private (LivenessSink Watch, SourceWatch Sources) Open()
    {
        var opened = new LivenessSink(engine.OpenIntake("test"), () => 1, time);
        return (opened, new SourceWatch(opened, Policy, time, said.Add));
    }

    /// <summary>The program stops, and another continues from its checkpoint.</summary>
    private void Restart()
    {
        var saved = JsonSerializer.Deserialize<SavedIntake>(JsonSerializer.SerializeToUtf8Bytes(SavedIntake.Of(watch.Intake.Save())))!.ToState();
        (watch, sources) = Open();
        watch.Intake.Restore(saved);
        watch.Arrivals.Restore(saved.LatestArrival);
    }

    /// <summary>Two weeks in which each source sends an event every ten minutes of office hours, up to the moment at which the test begins.</summary>
    private void Learn(params string[] names)
    {
        for (var at = Now - (16 * LocalTime.MillisPerDay); at < Now; at += 600_000)
        {
            foreach (var name in OfficeHours.Default.Contain(at, WorkingCalendar.WeekdaysOnly) ? names : [])
            {
                Accept(at, name);
            }
        }

        Poll();
    }

    private void Pass(TimeSpan span)
    {
        time.Pass(span);
        Poll();
    }

    /// <summary>Each source sends an event every ten minutes, for so long.</summary>
    private void Work(TimeSpan span, params string[] names)
    {
        for (var worked = TimeSpan.Zero; worked < span; worked += TimeSpan.FromMinutes(10))
        {
            foreach (var name in names)
            {
                Accept(Now, name);
            }

            Poll();
            Pass(TimeSpan.FromMinutes(10));
        }
    }

    /// <summary>The source's own loop finds nothing new.</summary>
    private void Poll()
    {
        watch.Flush();
        watch.ReportLag(0, 0);
    }

    private void Accept(long arrival, string source = "s") => watch.Accept(
        Encoding.UTF8.GetBytes($$"""{"source":"{{source}}","case":"c","at":"{{InstantText.ToLocalSeconds(arrival)}}"}"""), new SourcePosition(0, 1), arrival);
}
