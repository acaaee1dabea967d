using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Output;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>The page's <c>merge.js</c> beside <see cref="BoardDiff"/>: laying the delta over the frame before gives the newer frame.</summary>
[Trait("Category", "Browser")]
public sealed class MergeTests(WallboardBrowser browser, ITestOutputHelper output) : IClassFixture<WallboardBrowser>
{
    private const int Steps = 300;
    private const int WholeFrameEvery = 8; // as after a reconnection: the deltas that follow are laid over it
    private static readonly string[] Kpis = ["fully_online", "filed_online", "arisen"];

    // Lists whose order says nothing are compared by their keys; a member that is null or empty is one that is not there.
    private const string Compare = """
        async messages => {
          const { merge } = await import('/board/merge.js');
          const plain = value => Array.isArray(value) ? value.map(plain)
            : value instanceof Map ? plain([...value.values()].sort((a, b) => a.code < b.code ? -1 : 1))
            : value && typeof value === 'object'
              ? Object.fromEntries(Object.entries(value).filter(([, one]) => one != null && one.length !== 0).sort(([a], [b]) => a < b ? -1 : 1)
                .map(([key, one]) => [key, key === 'alerts' || key === 'partitions' ? one.map(row => JSON.stringify(plain(row))).sort() : plain(one)]))
            : value;
          let known = null;
          for (const [index, { message, whole }] of messages.entries()) {
            known = merge(known, JSON.parse(message));
            const { kind, ...is } = plain(known), { kind: _, ...should } = plain(merge(null, JSON.parse(whole)));
            const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
            const at = [...a].findIndex((char, place) => char !== b[place]);
            if (a !== b) return `step ${index}: …${a.slice(Math.max(0, at - 80), at + 80)}… instead of …${b.slice(Math.max(0, at - 80), at + 80)}…`;
          }
          return '';
        }
        """;

    [Fact]
    public async Task RandomChanges_LaidOverTheFrameBefore_GiveTheNewerFrame()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var frame = First(random);
        var messages = new List<object> { new { message = Whole(frame), whole = Whole(frame) } };
        var deltas = 0;
        for (var step = 1; step < Steps; step++)
        {
            var newer = Change(frame, random) with { Id = frame.Id + 1 };
            var delta = BoardDiff.Between(frame, newer);
            deltas += delta is null ? 0 : 1;
            var isWhole = delta is null || random.Next(WholeFrameEvery) == 0;
            messages.Add(new { message = isWhole ? Whole(newer) : JsonSerializer.Serialize(delta, ApiJson.Changes), whole = Whole(newer) });
            frame = newer;
        }

        Assert.InRange(deltas, Steps / 2, Steps - 1);
        await using var board = await ScriptedBoard.StartAsync(BoardFrames.FewUnits());
        var page = await browser.OpenAsync(800, 600, []);
        await page.GotoAsync(board.Url + "/board");
        var said = await page.EvaluateAsync<string>(Compare, messages);
        Assert.True(said.Length == 0, said);
    }

    private static string Whole(BoardFrame frame) => JsonSerializer.Serialize(frame, ApiJson.Options);

    private static BoardFrame First(Random random) => new()
    {
        Id = 1,
        Demo = false,
        Now = "2026-11-27T08:00:00+07:00",
        DataTime = "2026-11-27T07:59:59.000+07:00",
        StaleAfterSeconds = 60,
        Stale = false,
        CaughtUp = true,
        Phase = "live",
        SourceState = "",
        Province = new BoardUnitName("33", "Hưng Yên", "tỉnh"),
        Period = "30d",
        PeriodLabel = "30 ngày",
        Figures = [.. Kpis.Select(Figure)],
        Headline = Cells(random),
        Spans = [new BoardSpan("day", Cells(random)), new BoardSpan("month", Cells(random))],
        ProcedureFigures = [new BoardProcedureFigure(Figure("procedures_paid_nationally"), Cell(random))],
        Gauges = new Dictionary<string, long> { ["open"] = 5 },
        Units = [.. Enumerable.Range(0, 5).Select(number => Unit(number, random))],
        LowVolume = new BoardLowVolume(50, "2025-07-01", "2025-07-15", false, []),
        Alerts = [],
        Trust = new BoardTrust("r 1", "d 1", 0, 0, 0, 0, 0, [new BoardLag("cases/0", 3)], []),
    };

    private static BoardFrame Change(BoardFrame frame, Random random) => random.Next(14) switch
    {
        0 => frame with { Headline = Cells(frame.Headline, random) },
        1 or 2 => frame with { Units = [.. frame.Units.Select(unit => random.Next(3) > 0 ? unit : Changed(unit, random))] },
        3 => frame with { Units = [.. frame.Units, Unit(int.Parse(frame.Units[^1].Code[1..]) + 1, random)] },
        4 => frame with { Units = [.. frame.Units.Skip(frame.Units.Count > 8 ? 3 : 0)] },
        5 or 6 => frame with { Alerts = [.. frame.Alerts.Where(_ => random.Next(3) > 0), Alert(random)] },
        7 => frame with { Alerts = [.. frame.Alerts.Select(alert => alert with { Text = $"{random.Next(100)}" })] },
        8 => frame with { LowVolume = frame.LowVolume with { Judged = random.Next(2) == 0, Known = random.Next(4) > 0, Units = Silent(random) } },
        9 => frame with { Spans = [.. frame.Spans.Select(span => span with { Cells = Cells(span.Cells, random) })] },
        10 => frame with { ProcedureFigures = [.. frame.ProcedureFigures.Select(one => one with { Cell = Cell(random) })] },
        11 => frame with { Trust = Trust(frame.Trust, random) },
        12 => frame with { Gauges = new Dictionary<string, long> { ["open"] = random.Next(9), ["overdue"] = random.Next(2) } },
        _ => frame with { Stale = random.Next(2) == 0, Phase = random.Next(2) == 0 ? "live" : "silent", Now = $"2026-11-27T08:00:{random.Next(10, 60)}+07:00" },
    };

    private static BoardTrust Trust(BoardTrust trust, Random random) => trust with
    {
        Events = random.Next(1_000),
        Partitions = [.. Enumerable.Range(0, random.Next(1, 4)).Select(number => new BoardLag($"cases/{number}", random.Next(5)))],
        RejectedReasons = random.Next(2) == 0 ? [] : [new BoardReject("bad_value", "fee", random.Next(9))],
        Notes = random.Next(2) == 0 ? [] : ["đồng hồ"],
        Latency = random.Next(2) == 0 ? BoardLatency.None : new(new(random.Next(9), 9), new(10, 20), random.Next(2) == 0 ? null : new(30, 40)),
        Sources = random.Next(2) == 0 ? [] : [new BoardSource("a", "idle", "2026-11-27T07:00:00+07:00", "nguồn a")],
    };

    private static List<BoardLowVolumeUnit> Silent(Random random) =>
    [
        .. Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).Select(number => new BoardLowVolumeUnit($"{number}", $"xã {number}", random.Next(4)))
            .OrderBy(static unit => unit.Count).ThenBy(static unit => unit.Code),
    ];

    private static BoardFigure Figure(string kpi) => new(kpi, kpi, kpi, "", false, 0.7, "≥ 70 %");

    private static BoardUnit Unit(int number, Random random) =>
        new($"1{number:00}", $"xã {number}", "xã", true, Cells(random), random.Next(9), random.Next(9));

    private static BoardUnit Changed(BoardUnit unit, Random random) => unit with { Cells = Cells(unit.Cells, random), Open = random.Next(9) };

    private static Dictionary<string, FigureCell> Cells(Random random) => Kpis.ToDictionary(static kpi => kpi, _ => Cell(random));

    private static Dictionary<string, FigureCell> Cells(IReadOnlyDictionary<string, FigureCell> known, Random random) =>
        known.ToDictionary(static one => one.Key, one => random.Next(2) == 0 ? one.Value : Cell(random));

    private static FigureCell Cell(Random random)
    {
        var d = random.Next(50);
        return new FigureCell(d, random.Next(d + 1), FigureState.Ok) { U = random.Next(3) == 0 ? 1 : null };
    }

    private static BoardAlert Alert(Random random) =>
        new($"rule {random.Next(3)}", $"1{random.Next(5):00}", "xã", "firing", $"2026-11-27T07:{random.Next(10, 60)}:00+07:00", "");
}
