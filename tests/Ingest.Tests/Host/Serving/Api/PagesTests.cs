using KpiStream.Engine.Boards;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>Lists are answered in pages: together they are the list, whatever their size; what is no limit or cursor is refused.</summary>
public sealed class PagesTests : IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly long Now = At.AddHours(9).ToUnixTimeMilliseconds();

    private StreamEngine engine = null!;
    private Intake intake = null!;

    public ValueTask InitializeAsync()
    {
        engine = Engine();
        intake = engine.OpenIntake("test");
        Accept("Zb", "Za", "11953", "?");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await engine.DisposeAsync();

    [Theory]
    [InlineData(1_000)]
    [InlineData(107)]
    [InlineData(33)]
    public async Task FiguresInPages_AreTheWholeAnswer(int limit)
    {
        var whole = (await AskAsync("year", Page.First)).Rows.Select(static row => (row.Kpi, row.Unit)).ToList();
        Assert.Equal(engine.Rules.Figures.Count, whole.Count(static row => row.Unit == "Za"));
        Assert.Equal(["?", "Za", "Zb"], whole.Where(static row => row is { Kpi: "received", Unit: "Za" or "Zb" or "?" }).Select(static row => row.Unit));
        Assert.Equal(whole, await CollectAsync(page => AskAsync("year", page), FigureQuestion.List, limit, static row => (row.Kpi, row.Unit)));
    }

    [Fact]
    public async Task AUnitThatAppearsBetweenTwoPages_ShiftsNoOther()
    {
        var first = await AskAsync("year", new Page(engine.Options.Directory.Rows.Count(static row => row.ValidTo is null) + 2, null));
        Assert.Equal("Za", first.Rows[^1].Unit);
        Accept("Z0", "Zaa");
        var second = await AskAsync("year", Page.Read(FigureQuestion.List, "2", first.Next).Page!);
        Assert.Equal(["Zaa", "Zb"], second.Rows.Select(static row => row.Unit));
    }

    [Fact]
    public async Task UnitsInPages_AreTheWholeDirectory()
    {
        var directory = engine.Options.Directory;
        var whole = ListApi.UnitsOf(directory, null, Page.First)!.Rows.Select(static row => row.Code).ToList();
        Assert.Equal(directory.Rows.Where(static row => row.ValidTo is null).Select(static row => row.Code), whole);
        Assert.Equal(whole, await CollectAsync(page => Task.FromResult(ListApi.UnitsOf(directory, null, page)!), "units", 10, static row => row.Code));
        Assert.Null(ListApi.UnitsOf(directory, null, new Page(10, "5\nanother directory")));
        Assert.Null(ListApi.UnitsOf(directory, null, new Page(10, "-5\n" + directory.Version)));
    }

    [Fact]
    public async Task AlertsInPages_AreAll_WhatFiresFirst()
    {
        string[] states = ["resolved", "firing", "pending"];
        var alerts = states.SelectMany(state => Enumerable.Range(0, 40).Select(unit => new AlertAnswer("r", $"{unit:00}", "", state, "s", ""))).ToList();
        var all = await CollectAsync(page => Task.FromResult(ListApi.AlertsOf(alerts, page)!), "alerts", 7, static alert => (alert.State, alert.Unit));
        Assert.Equal(["firing", "pending", "resolved"], all.Select(static one => one.State).Distinct());
        Assert.Equal(alerts.Select(static alert => (alert.State, alert.Unit)).Order(), all.Order());
        Assert.Null(ListApi.AlertsOf(alerts, new Page(7, "0")));
    }

    [Theory]
    [InlineData("0", null, "limit")]
    [InlineData("-1", null, "limit")]
    [InlineData("10001", null, "limit")]
    [InlineData("1e3", null, "limit")]
    [InlineData("", null, "limit")]
    [InlineData(null, "", "cursor")]
    [InlineData(null, "%00", "cursor")]
    [InlineData(null, "not one of ours", "cursor")]
    [InlineData(null, "AAAA", "cursor")]
    public void WhatIsNoLimitOrCursor_IsRefusedByName(string? limit, string? cursor, string name)
    {
        var (page, mistake) = Page.Read("figures", limit, cursor);
        Assert.Null(page);
        Assert.Contains(name, mistake);
    }

    [Fact]
    public void ACursorOfAnotherListOrQuestion_IsRefused()
    {
        Assert.Null(Page.Read("figures", null, Page.CursorOf("units", "5\nv")).Page);
        Assert.Null(Page.Read("figures", null, Page.CursorOf("figures", new string('x', 2_000))).Page);
        var (question, _) = FigureQuestion.Read("received", null, "year", null, engine);
        Assert.False(question!.Knows(new Page(1, "arisen\n11953"), engine));
        Assert.False(question.Knows(new Page(1, "received"), engine));
        Assert.True(question.Knows(new Page(1, "received\n11953"), engine));
    }

    private static StreamEngine Engine() => new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });

    private static async Task<List<TKey>> CollectAsync<T, TKey>(Func<Page, Task<PageOf<T>>> ask, string list, int limit, Func<T, TKey> keyOf)
    {
        var all = new List<TKey>();
        for (string? cursor = null; ;)
        {
            var (page, mistake) = Page.Read(list, $"{limit}", cursor);
            Assert.True(page is not null, mistake);
            var answer = await ask(page);
            Assert.InRange(answer.Rows.Count, 1, limit);
            all.AddRange(answer.Rows.Select(keyOf));
            if ((cursor = answer.Next) is null)
            {
                return all;
            }
        }
    }

    private async Task<PageOf<FigureAnswer>> AskAsync(string period, Page page)
    {
        var (question, mistake) = FigureQuestion.Read(null, null, period, null, engine);
        Assert.True(question is not null && question.Knows(page, engine), mistake);
        return await question.AnswerAsync(engine, Now, hasData: true, page, CancellationToken.None);
    }

    private void Accept(params string[] units)
    {
        foreach (var unit in units)
        {
            intake.Accept(Encoding.UTF8.GetBytes(CaseLines.Accepted($"H31-{unit}", unit, At)), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        }

        intake.Flush();
    }
}
