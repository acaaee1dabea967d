using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.Boards;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>A nation's server has a board for every province and period that somebody follows, and each says what the nation's figures say.</summary>
public sealed class LiveBoardsTests
{
    private const string HungYen = "33", PhoHien = "11953", HaNoi = "01", BaDinh = "00004";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);
    private static readonly UnitDirectory Nation = Shipped.Units("vn");

    private readonly FakeTimeProvider time = new(Now);

    [Fact]
    public async Task AProvince_AndEachOfItsCommunes_AreOnTheProvincesBoard()
    {
        await using var engine = Engine();
        var boards = Boards(engine);
        var (province, _) = boards.Find(HungYen, null);
        Assert.Same(province, boards.Find(PhoHien, null).Board);
        Assert.NotSame(province, boards.Find(BaDinh, null).Board);
        await PublishAsync(engine, boards);

        var (nation, frame) = (boards.Main.Current!, province!.Current!);
        Assert.Equal((34, "VN", 0), (nation.Units.Count(unit => unit.Known), nation.Province.Code, nation.Units.Count(unit => unit.Code == PhoHien)));
        Assert.Equal((104, HungYen, "VN"), (frame.Units.Count, frame.Province.Code, frame.Above!.Code));
        Assert.Null(nation.Above);
        Assert.Equal(104, nation.Units.Single(unit => unit.Code == HungYen).Below);
        Assert.Equal(Of(nation, HungYen), frame.Headline["received"].D);
        Assert.Equal((3, 2), (Of(nation, HungYen), Of(frame, PhoHien)));

        // A code of no directory is the nation's, and no province's.
        Assert.Equal((1, 0), (nation.Units.Count(unit => !unit.Known), frame.Units.Count(unit => !unit.Known)));
        Assert.Equal([PhoHien], frame.Alerts.Select(alert => alert.Unit));
        Assert.Equal([PhoHien, BaDinh], nation.Alerts.Select(alert => alert.Unit));
    }

    [Fact]
    public async Task AnotherPeriod_HasABoardOfItsOwn_AndTheSpansOfAllAreTheSame()
    {
        await using var engine = Engine();
        var boards = Boards(engine);
        var (today, _) = boards.Find(null, "day");
        Assert.Same(boards.Main, boards.Find("VN", "month").Board);
        await PublishAsync(engine, boards);
        Assert.Equal((5, 1), (boards.Main.Current!.Headline["received"].D, today!.Current!.Headline["received"].D));
        Assert.Equal(["day", "month", "year", "30d"], boards.Main.Current.Spans.Select(span => span.Period));
        Assert.Equal([1, 5, 6, 6], boards.Main.Current.Spans.Select(span => span.Cells["received"].D));
        Assert.All(boards.Main.Current.Spans.Zip(today.Current.Spans), static pair => Assert.True(pair.First.LooksLike(pair.Second)));
    }

    [Theory]
    [InlineData(null, "mont", "did you mean 'month'?")]
    [InlineData(null, "7d", "allowed: month, day, year, 30d")]
    [InlineData("33.SNV", "2025", "There is no board for the period '2025'")]
    public async Task WhatIsNotUnderstood_IsRefusedByName(string? unit, string period, string sentence)
    {
        await using var engine = Engine();
        var (board, mistake) = Boards(engine).Find(unit, period);
        Assert.Null(board);
        Assert.Contains(sentence, mistake);
    }

    [Fact]
    public async Task ABoardThatNobodyFollows_IsNoLongerMade()
    {
        await using var engine = Engine();
        var boards = Boards(engine);
        var left = boards.Find(HaNoi, null).Board!;
        var followed = boards.Find(HungYen, null).Board!;
        var reader = followed.Join();
        await PublishAsync(engine, boards);
        time.Advance(TimeSpan.FromMinutes(2));
        await PublishAsync(engine, boards);
        Assert.Equal((2, 1, 1), (followed.Current!.Id, left.Current!.Id, boards.Readers));
        reader.Dispose();
        await PublishAsync(engine, boards);
        Assert.NotSame(followed, boards.Find(HungYen, null).Board);
    }

    private static long Of(BoardFrame frame, string unit) => frame.Units.Single(one => one.Code == unit).Cells["received"].D;

    private StreamEngine Engine()
    {
        var engine = new StreamEngine(new EngineOptions
        {
            Rulebook = Shipped.Rulebook(),
            Directory = Nation,
            Sliding = [Period.TryParse("30d")!],
            WallClock = () => time.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        var intake = engine.OpenIntake("test");
        (string Unit, int DaysAgo)[] cases = [(PhoHien, 0), (PhoHien, 3), (BaDinh, 4), ("11977", 5), ("Z9", 6), (BaDinh, 28)];
        foreach (var (number, (unit, days)) in cases.Index())
        {
            intake.Accept(Encoding.UTF8.GetBytes(CaseLines.Accepted($"C-{number}", unit, Now.AddDays(-days).AddMinutes(-number - 1))),
                new SourcePosition(0, number), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        return engine;
    }

    private LiveBoards Boards(StreamEngine engine) => new(
        new BoardPlan
        {
            Rules = engine.Rules,
            Directory = Nation,
            Top = BoardPlan.TopOf(Nation),
            Period = Period.TryParse("month")!,
            LowVolume = new LowVolumeRule { Figure = "arisen", FewerThan = 50, Since = new DateOnly(2026, 11, 1) },
            StaleAfterSeconds = 60,
            Demo = false,
            Spans = BoardPlan.SpansKept(engine.Options.Sliding),
        },
        time);

    private int published;

    private async Task PublishAsync(StreamEngine engine, LiveBoards boards)
    {
        var now = Now.ToUnixTimeMilliseconds();
        var periods = BoardPlan.SpansKept(engine.Options.Sliding);
        var reading = await EngineReading.TakeAsync(engine, [.. periods, Period.TryParse("since:2026-11-01")!], now, null, CancellationToken.None);
        var trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], []);
        BoardAlert[] alerts = [.. ((string[])[PhoHien, BaDinh]).Select(unit => new BoardAlert("low", unit, "", "firing", "", ""))];
        boards.Publish(++published, board => new BoardMoment(
            now, now, Stale: false, CaughtUp: true, "", reading.Of(board.Period)!, reading.Of(Period.TryParse("since:2026-11-01")!)!, reading.Gauges,
            LiveBoards.AlertsOn(board, alerts), trust)
        {
            Spans = [.. board.Spans.Select(period => (period, reading.Of(period)!))],
        });
    }
}
