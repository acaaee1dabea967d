using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>Which wallboards are there, and which went silent.</summary>
public sealed class BoardRegistryTests
{
    private const string Id = "3f2a9c41d07b";

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 27, 1, 0, 0, TimeSpan.Zero));
    private readonly BoardRegistry registry;
    private readonly AlertEngine alerts = new(AlertLimits.Default);

    public BoardRegistryTests() => registry = new BoardRegistry("33", time);

    [Fact]
    public void ABoardThatStopsPainting_IsLateAfterFiveMinutes_RaisesOneAlert_AndIsWellAgainWhenItPaints()
    {
        Paint(12);
        Pass(4.9);
        Assert.Empty(Transitions());
        Pass(0.2);
        var fired = Assert.Single(Transitions());
        Assert.Equal((AlertState.Firing, $"silent_board:{Id}", "33"), (fired.Alert.State, fired.Alert.Rule.Id, fired.Alert.Unit));
        Assert.Contains("màn hình im lặng: /board?unit=11953 (mã 3f2a9c41d07b), vẽ lần cuối lúc 08:12",
            new AlertText(Shipped.Rulebook(), Shipped.Units("hungyen")).Line(fired));
        Pass(60);
        Assert.Empty(Transitions());
        Assert.True(Assert.Single(registry.Answer()).Late);
        Paint(1);
        Assert.Equal(AlertState.Resolved, Assert.Single(Transitions()).Alert.State);
        Assert.Empty(Transitions());
        Assert.False(Assert.Single(registry.Answer()).Late);
    }

    [Fact]
    public void ABoardThatReportsButPaintsNothing_IsLateToo()
    {
        Paint(12);
        for (var minute = 0; minute < 6; minute++)
        {
            Pass(1);
            Assert.True(registry.TryReport(Report(Id, "2026-11-27T08:00:00Z")));
        }

        Assert.Equal(AlertState.Firing, Assert.Single(Transitions()).Alert.State);
    }

    [Fact]
    public void ABoardThatWasThereForLessThanTenMinutes_IsNoLoss_AndIsForgotten()
    {
        Paint(9);
        Pass(30);
        Assert.Empty(Transitions());
        Assert.Single(registry.All);
        Pass(31);
        Assert.Empty(Transitions());
        Assert.Empty(registry.All);
    }

    [Fact]
    public void ALateBoardThatIsDismissed_EndsItsAlert_AndComesBackAsANewOne()
    {
        Paint(12);
        Pass(6);
        Assert.Single(Transitions());
        Assert.True(registry.TryDismiss(Id));
        var ended = Assert.Single(Transitions());
        Assert.Equal((AlertState.Resolved, true), (ended.Alert.State, ((SilentBoardRule)ended.Alert.Reading.Rule).IsDismissed));
        var text = new AlertText(Shipped.Rulebook(), Shipped.Units("hungyen"));
        Assert.Equal(
            "ĐÃ HẾT CẢNH BÁO: tỉnh Hưng Yên (33): màn hình /board?unit=11953 (mã 3f2a9c41d07b) đã bỏ khỏi danh sách", text.Line(ended));
        Assert.Contains("was dismissed", text.LogLine(ended));
        Assert.False(registry.TryDismiss(Id));
        Paint(9);
        Pass(30);
        Assert.Empty(Transitions());
    }

    [Fact]
    public async Task ARestart_KnowsTheBoards_TellsNothingTwice_AndGivesTheOthersTheirTimeAgain()
    {
        var files = new MemoryFiles();
        Paint(12);
        Pass(6);
        for (var minute = 0; minute < 12; minute++)
        {
            registry.TryReport(Report("othe-r_1", time.GetUtcNow().ToString("O")));
            Pass(1);
        }

        Assert.Single(Transitions());
        using (var service = Service(registry, files))
        {
            await service.StartAsync(CancellationToken.None);
            await service.StopAsync(CancellationToken.None);
        }

        Pass(60);
        var next = new BoardRegistry("33", time);
        using var again = Service(next, files);
        again.Recall();
        Assert.Equal([true, false], next.Answer().Select(static board => board.Late));
        var engine = new AlertEngine(AlertLimits.Default);
        engine.Recall(alerts.Remember(), next.Rules);
        Assert.Empty(engine.Evaluate(next.Readings(), Now()).Transitions);
        Pass(6);
        Assert.Equal("silent_board:othe-r_1", Assert.Single(engine.Evaluate(next.Readings(), Now()).Transitions).Alert.Rule.Id);
    }

    [Fact]
    public void MoreBoardsThanThereIsRoomFor_AreRefused_AndTheKnownOnesAreNot()
    {
        for (var number = 0; number < BoardRegistry.Most; number++)
        {
            Assert.True(registry.TryReport(Report($"board-{number:0000}", "2026-11-27T08:00:00Z")));
        }

        Assert.False(registry.TryReport(Report("one-too-many", "2026-11-27T08:00:00Z")));
        Assert.True(registry.TryReport(Report("board-0007", "2026-11-27T08:00:01Z")));
        Assert.True(registry.TryDismiss("board-0000"));
        Assert.True(registry.TryReport(Report("one-too-many", "2026-11-27T08:00:00Z")));
    }

    [Theory]
    [InlineData("/board?token=abc&unit=11953", "/board?unit=11953")]
    [InlineData("/board?unit=11953&TOKEN=abc", "/board?unit=11953")]
    [InlineData("/board?token=abc", "/board")]
    [InlineData("/board", "/board")]
    public void ATokenInTheAddress_IsNotKept(string address, string kept)
    {
        Assert.True(registry.TryReport(Report(Id, "2026-11-27T08:00:00Z") with { Address = address }));
        Assert.Equal(kept, Assert.Single(registry.Answer()).Address);
    }

    private static BoardReport Report(string board, string paintedAt) => new(board, "/board?unit=11953", 12, paintedAt, "1", new BoardScreen(1_920, 1_080));

    private BoardRegistryService Service(BoardRegistry boards, MemoryFiles files) =>
        new(boards, new StateNote(files, StateNote.Boards), time, static said => Assert.Fail(said));

    /// <summary>Paints every minute, at the beginning and the end too.</summary>
    private void Paint(int minutes)
    {
        for (var minute = 0; minute <= minutes; minute++)
        {
            Assert.True(registry.TryReport(Report(Id, time.GetUtcNow().ToString("O"))));
            Pass(minute < minutes ? 1 : 0);
        }
    }

    private void Pass(double minutes) => time.Advance(TimeSpan.FromMinutes(minutes));

    private IReadOnlyList<AlertTransition> Transitions() => alerts.Evaluate(registry.Readings(), Now()).Transitions;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
