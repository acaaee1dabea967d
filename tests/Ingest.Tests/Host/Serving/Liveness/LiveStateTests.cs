using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Liveness;

/// <summary>One state for the whole board, by when an event last arrived.</summary>
public sealed class LiveStateTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 3, 42, 10, TimeSpan.Zero));
    private readonly StreamEngine engine = new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });
    private readonly LivenessSink watch;

    public LiveStateTests() => watch = new LivenessSink(engine.OpenIntake("test"), () => 1, time);

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
        Assert.Equal(new LiveState("silent", "không có sự kiện từ 10:42"), State());
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
        Assert.Equal(new LiveState("lost", "mất kết nối"), LiveState.Of(new SourceHealth(true, "mất kết nối"), watch, Limit, Now));
    }

    [Fact]
    public void WhileThePastIsRead_OneStateSaysSo()
    {
        Accept(arrival: Now - 86_400_000);
        watch.Flush();
        Assert.Equal(new LiveState("loading", "đang đọc lại dữ liệu"), State());
        Assert.False(State().IsStale);
        Poll();
        Assert.Equal(new LiveState("silent", "không có sự kiện từ 10:42 ngày 25/11/2026"), State());
    }

    [Fact]
    public void ARestart_KnowsWhenTheLastEventCame()
    {
        watch.Arrivals.Restore(Now - 3_600_000);
        Poll();
        Assert.Equal(new LiveState("silent", "không có sự kiện từ 09:42"), State());
    }

    /// <summary>Nobody sets the clock that silence is measured with.</summary>
    [Fact]
    public void AWallClockPutBack_HidesNoSilence()
    {
        Poll();
        Accept(arrival: Now);
        Poll();
        time.Jump(TimeSpan.FromHours(-3));
        Pass(Limit + TimeSpan.FromMilliseconds(1));
        Assert.Equal("silent", State().Phase);
        time.Jump(TimeSpan.FromHours(-3));
        Assert.Equal("lost", State().Phase);
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private LiveState State() => LiveState.Of(default, watch, Limit, Now);

    private void Pass(TimeSpan span)
    {
        time.Pass(span);
        Poll();
    }

    /// <summary>The source's own loop finds nothing new.</summary>
    private void Poll()
    {
        watch.Flush();
        watch.ReportLag(0, 0);
    }

    private void Accept(long arrival) =>
        watch.Accept("""{"source":"s","case":"c","at":"2026-11-26T01:00:00Z"}"""u8, new SourcePosition(0, 1), arrival);
}
