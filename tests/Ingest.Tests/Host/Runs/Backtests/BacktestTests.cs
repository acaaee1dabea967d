using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Tests.EndToEnd;

namespace KpiStream.Ingest.Tests.Host.Runs.Backtests;

/// <summary><c>kpistream alerts backtest</c>: what rules would have told of a stream of the past.</summary>
public sealed class BacktestTests(ITestOutputHelper output) : IDisposable
{
    private const string Enough = "11953";
    private const string Few = "11977";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task QuietStretches_PassedInOneStep_DecideWhatEveryTickDecides()
    {
        var seed = (ulong)Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var events = Write("events.ndjson", [.. Generate(seed)]);
        var rules = Write("rules.yaml", ["""
            id: tried
            version: 1
            rules:
              - {id: day, kind: ratio, figure: fully_online, period: 24h, min_count: 5, hold: 20m}
              - {id: hours, kind: ratio, figure: digitised, period: 6h, min_count: 3}
              - {id: none_yet, kind: low_volume, figure: arisen, fewer_than: 2, since: 2025-07-02, hold: 1h}
              - {id: few, kind: low_volume, figure: arisen, fewer_than: 3, since: 2025-07-01, judged_on: 2025-07-04}
            """]);

        var quick = await RunAsync(events, "--rules", rules, "--every", "5m");
        var thorough = await RunAsync(events, "--rules", rules, "--every", "5m", "--every-tick");

        Assert.True(AlertsOf(quick).Count > 10, $"{AlertsOf(quick).Count} alerts");
        Assert.Equal(AlertsOf(thorough), AlertsOf(quick));
        Assert.Equal(thorough.GetProperty("ticks").GetInt64(), quick.GetProperty("ticks").GetInt64());
        Assert.Equal(thorough.GetProperty("ticks").GetInt64(), thorough.GetProperty("ticks_judged").GetInt64());
        Assert.Equal(["source", "self_check", "board"], quick.GetProperty("not_judged").EnumerateArray().Select(static kind => kind.GetString()));
        Assert.True(quick.GetProperty("ticks_judged").GetInt64() < thorough.GetProperty("ticks_judged").GetInt64());
    }

    [Fact]
    public async Task TheLiteralReport_NamesWhoHadFewCases_OnceTheDayIsOver()
    {
        var report = await RunAsync(July(), "--rules", FewRules(fewerThan: 3), "--every", "10s");

        var alert = Assert.Single(report.GetProperty("trials")[0].GetProperty("alerts").EnumerateArray());
        Assert.Equal(("few", Few, "2025-07-16T00:00:00+07:00"), (Word(alert, "rule"), Word(alert, "unit"), Word(alert, "firing_since")));
        Assert.Equal(2, alert.GetProperty("evidence").GetProperty("count").GetInt64());
        Assert.Contains("dưới mức 3 hồ sơ", Word(alert, "sentence"));
    }

    [Fact]
    public async Task DeclaredChanges_AreFoundOrMissed_AndOtherAlertsAreFalse()
    {
        var truth = Write("truth.csv", ["unit,from,to,figure,what", $"{Few},2025-07-10,,arisen,link broken", $"{Enough},2025-07-02,2025-07-03,,strike"]);

        var trial = (await RunAsync(July(), "--rules", FewRules(fewerThan: 3), "--truth", truth)).GetProperty("trials")[0];
        var all = trial.GetProperty("scores")[0];
        Assert.Equal((2, 1, 1, 0, 4), (Number(all, "changes"), Number(all, "found"), Number(all, "missed"), Number(all, "false"),
            Number(all, "median_working_days"))); // 10, 11, 14 and 15 July

        var early = Write("early.csv", ["unit,from,to,figure,what", $"{Few},2025-07-01,2025-07-05,,over by then"]);
        var late = (await RunAsync(July(), "--rules", FewRules(fewerThan: 3), "--truth", early)).GetProperty("trials")[0].GetProperty("scores")[0];
        Assert.Equal((0, 1, 1), (Number(late, "found"), Number(late, "missed"), Number(late, "false")));
    }

    [Fact]
    public async Task TwoFiles_AreCompared_AndThePageShowsBoth()
    {
        var page = folder.File("page.html");
        var report = await RunAsync(
            July(), "--rules", FewRules(fewerThan: 3), "--against", FewRules(fewerThan: 4), "--html", page, "--csv", folder.File("all.csv"));

        var difference = Assert.Single(report.GetProperty("differences").EnumerateArray());
        Assert.Equal(("-", "few", Enough), (Word(difference, "kind"), Word(difference, "rule"), Word(difference, "unit")));
        var html = await File.ReadAllTextAsync(page);
        Assert.Contains("<rect class=\"g0 was\"", html);
        Assert.DoesNotContain("://", html);
        Assert.Equal(4, (await File.ReadAllLinesAsync(folder.File("all.csv"))).Length);
    }

    [Fact]
    public async Task BeforeAndBehindTheTimeAskedFor_NothingIsJudged()
    {
        var before = await RunAsync(July(), "--rules", FewRules(fewerThan: 3), "--to", "2025-07-16");
        var behind = await RunAsync(July(), "--rules", FewRules(fewerThan: 3), "--from", "2025-07-16T03:00:00+07:00");

        Assert.Empty(AlertsOf(before));
        Assert.Equal("2025-07-16T03:00:00+07:00", Word(Assert.Single(behind.GetProperty("trials")[0].GetProperty("alerts").EnumerateArray()), "firing_since"));
    }

    [Fact]
    public async Task ARecording_IsJudgedByWhenEventsArrived()
    {
        var run = await CommandRun.OfAsync("convert", July(), folder.File("july.rec"));
        Assert.Equal(0, run.ExitCode);

        var report = await RunAsync(folder.File("july.rec"), "--rules", FewRules(fewerThan: 3));
        Assert.Equal(["few 11977 2025-07-16T00:00:00+07:00"], AlertsOf(report).Select(line => line[..line.IndexOf("..")]));
    }

    [Fact]
    public async Task WhatIsWrong_IsSaidBeforeAnythingIsRead()
    {
        var rules = Write("bad.yaml", ["id: a", "version: 1", "rules:", "  - {id: a, kind: pase, figure: arisen}"]);

        var bad = await CommandRun.OfAsync("alerts", "backtest", July(), "--rules", rules);
        Assert.Equal(3, bad.ExitCode);
        Assert.Contains($"{rules}:4: rules[0].kind: unknown kind 'pase'", bad.Errors);
        Assert.Equal(2, (await CommandRun.OfAsync("alerts", "backtest", July(), "--from", "yesterday")).ExitCode);
        Assert.Equal(4, (await CommandRun.OfAsync("alerts", "backtest", folder.File("none.ndjson"))).ExitCode);
    }

    private static IEnumerable<string> Generate(ulong seed)
    {
        var stream = new GeneratedStream(new GenerateOptions(3_000, seed, Shipped.Units("hungyen")) { CasesPerDay = 60 });
        while (stream.MoveNext())
        {
            yield return Encoding.UTF8.GetString(stream.Line);
        }
    }

    /// <summary>Three weeks of a department that works every day, and of two communes of which one has few cases.</summary>
    private string July() => Write("july.ndjson",
    [
        .. Enumerable.Range(1, 18).SelectMany(day => (string[])
        [
            CaseLines.Accepted($"H33-{day}", "33.STP", new DateTimeOffset(2025, 7, day, 9, 0, 0, TimeSpan.FromHours(7))),
            .. day is 2 or 4 or 8 ? (string[])[CaseLines.Accepted($"A-{day}", Enough, At(day))] : [],
            .. day is 3 or 7 ? (string[])[CaseLines.Accepted($"B-{day}", Few, At(day))] : [],
        ]),
    ]);

    private static DateTimeOffset At(int day) => new(2025, 7, day, 10, 0, 0, TimeSpan.FromHours(7));

    private string FewRules(int fewerThan) => Write($"few{fewerThan}.yaml", [$$"""
        id: few
        version: {{fewerThan}}
        rules:
          - id: few
            kind: low_volume
            figure: arisen
            fewer_than: {{fewerThan}}
            since: 2025-07-01
            judged_on: 2025-07-15
            units: {codes: ["{{Enough}}", "{{Few}}"]}
        """]);

    private string Write(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(folder.File(name), lines);
        return folder.File(name);
    }

    private static async Task<JsonElement> RunAsync(params IEnumerable<string> arguments)
    {
        var run = await CommandRun.OfAsync(["alerts", "backtest", .. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.Errors);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    private static List<string> AlertsOf(JsonElement report) =>
    [
        .. report.GetProperty("trials")[0].GetProperty("alerts").EnumerateArray().Select(static alert =>
            $"{Word(alert, "rule")} {Word(alert, "unit")} {Word(alert, "firing_since")}.."
                + $"{(alert.TryGetProperty("resolved_at", out var end) ? end.GetString() : "")} {Word(alert, "sentence")}"),
    ];

    private static string Word(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();
}
