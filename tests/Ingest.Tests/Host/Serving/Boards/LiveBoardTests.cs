using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>What the readers of a board are sent, and how much that is.</summary>
public sealed class LiveBoardTests(ITestOutputHelper output)
{
    private const int Provinces = 34;
    private const int Communes = 3_321;

    private static readonly string[] Kpis = [.. Enumerable.Range(0, 28).Select(static i => $"figure_number_{i}")];

    [Fact]
    public async Task OnlyTheClockMoved_ReadersGetAHeartbeat()
    {
        var board = new LiveBoard();
        board.Publish(Nation(1));
        board.Publish(Nation(2) with { Now = "2025-07-29T10:42:11+07:00" });
        var message = Assert.Single(await NextAsync(board, seen: 1));
        Assert.Equal("heartbeat", message.Event);
        Assert.InRange(message.Json.Length, 1, 200);
    }

    [Fact]
    public async Task OneCaseOfTheNation_IsOneSmallDeltaWrittenOnceForAllReaders()
    {
        var board = new LiveBoard();
        var first = Nation(1);
        var random = new Random(28);
        board.Publish(first);
        board.Publish(OneCase(first, random));
        var one = Assert.Single(await NextAsync(board, seen: 1));
        var other = Assert.Single(await NextAsync(board, seen: 1));
        Assert.Same(one.Json, other.Json);
        Assert.Equal("delta", one.Event);
        Assert.InRange(one.Json.Length, 1, 2_000);
        output.WriteLine($"one case: {one.Json.Length} bytes; the whole board: {board.CurrentJson!.Length} bytes");
    }

    [Fact]
    public async Task AReaderAFewFramesBehind_GetsTheStepsAndOneFurtherBehindTheWholeFrame()
    {
        var board = new LiveBoard();
        var frame = Nation(1);
        var random = new Random(29);
        for (var i = 0; i < 12; i++)
        {
            board.Publish(frame);
            frame = OneCase(frame, random);
        }

        Assert.Equal([10L, 11L, 12L], (await NextAsync(board, seen: 9)).Select(static step => step.Id));
        var whole = Assert.Single(await NextAsync(board, seen: 2));
        Assert.Equal(("frame", 12L), (whole.Event, whole.Id));
        Assert.Same(whole, Assert.Single(await NextAsync(board, seen: 0)));
    }

    [Fact]
    public async Task AUnitThatHasGone_BringsTheWholeFrameToEveryReader()
    {
        var board = new LiveBoard();
        var frame = Nation(1);
        board.Publish(frame);
        board.Publish(Nation(2) with { Units = [.. frame.Units.Skip(1)] });
        Assert.Equal("frame", Assert.Single(await NextAsync(board, seen: 1)).Event);
    }

    [Fact]
    public async Task AnyChanges_LaidOverTheOlderFrameGiveTheNewer()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var board = new LiveBoard();
        var frame = Nation(1);
        board.Publish(frame);
        var known = JsonNode.Parse(board.CurrentJson!)!.AsObject();
        for (var i = 0; i < 60; i++)
        {
            frame = AnyChange(OneCase(frame, random), random);
            board.Publish(frame);
            foreach (var message in await NextAsync(board, frame.Id - 1))
            {
                known = Lay(known, message);
            }

            var shown = JsonNode.Parse(board.CurrentJson!)!.AsObject();
            foreach (var name in shown.Select(static member => member.Key).Where(static name => name is not ("id" or "kind")))
            {
                Assert.True(JsonNode.DeepEquals(shown[name], known[name]), $"seed {seed}, step {i}: {name} differs");
            }
        }
    }

    private static Task<IReadOnlyList<BoardMessage>> NextAsync(LiveBoard board, long seen) =>
        board.NewerThanAsync(seen, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);

    /// <summary>As feed.js does it.</summary>
    private static JsonObject Lay(JsonObject known, BoardMessage message)
    {
        var newer = JsonNode.Parse(message.Json)!.AsObject();
        if (message.Event == "frame")
        {
            return newer;
        }

        foreach (var (name, value) in newer.ToList())
        {
            if (name is "headline" or "trust")
            {
                Replace(known[name]!.AsObject(), value!.AsObject());
            }
            else if (name != "units")
            {
                known[name] = value?.DeepClone();
            }
        }

        foreach (var unit in newer["units"]?.AsArray() ?? [])
        {
            var old = known["units"]!.AsArray().Single(each => (string)each!["code"]! == (string)unit!["code"]!)!.AsObject();
            var cells = old["cells"]!.DeepClone().AsObject();
            Replace(cells, unit!["cells"]?.AsObject() ?? []);
            Replace(old, unit.AsObject());
            old["cells"] = cells;
        }

        return known;
    }

    private static void Replace(JsonObject known, JsonObject newer)
    {
        foreach (var (name, value) in newer.ToList())
        {
            known[name] = value?.DeepClone();
        }
    }

    /// <summary>One more case of one province: three of its figures and the nation's, its open cases and the count of events.</summary>
    private static BoardFrame OneCase(BoardFrame frame, Random random)
    {
        var at = random.Next(frame.Units.Count);
        var kpis = Enumerable.Range(0, 3).Select(_ => Kpis[random.Next(Kpis.Length)]).ToHashSet();
        Dictionary<string, FigureCell> More(IReadOnlyDictionary<string, FigureCell> cells) =>
            cells.ToDictionary(cell => cell.Key, cell => kpis.Contains(cell.Key) ? Cell(cell.Value.D + 1) : cell.Value);
        return frame with
        {
            Id = frame.Id + 1,
            DataTime = $"2025-07-29T10:42:11.{frame.Id:000}+07:00",
            Headline = More(frame.Headline),
            Units = [.. frame.Units.Select((unit, i) => i == at ? unit with { Cells = More(unit.Cells), Open = unit.Open + 1 } : unit)],
            Trust = frame.Trust with { Events = frame.Trust.Events + 1 },
        };
    }

    private static BoardFrame AnyChange(BoardFrame frame, Random random) => random.Next(10) switch
    {
        0 => frame with { Stale = !frame.Stale, Phase = frame.Stale ? "live" : "silent" },
        1 => frame with { CaughtUp = !frame.CaughtUp, SourceState = $"trạng thái {random.Next(5)}" },
        2 => frame with { Alerts = [new BoardAlert("rule", "01", "Hà Nội", "firing", frame.Now, $"text {random.Next(9)}")] },
        3 => frame with { LowVolume = frame.LowVolume with { Units = [.. frame.LowVolume.Units.Skip(1)] } },
        4 => frame with { Gauges = new Dictionary<string, long> { ["open"] = random.Next(9) } },
        5 => frame with { Figures = [.. frame.Figures.Select(figure => figure with { NeverSent = [$"item {random.Next(3)}"] })] },
        6 => frame with { FoldedCodes = random.Next(5), PeriodLabel = $"kỳ {random.Next(4)}" },
        7 => frame with
        {
            Trust = frame.Trust with { Notes = [$"note {random.Next(3)}"], RejectedReasons = [new BoardReject("malformed", null, random.Next(9))] },
        },
        8 => frame with { Units = [.. frame.Units.Skip(1)] },
        _ => frame,
    };

    private static FigureCell Cell(long d) => new(d, d / 2, (double)(d / 2) / d, 0.4512345678901234, 0.5512345678901234, FigureState.Ok);

    private static BoardFrame Nation(long id) => new()
    {
        Id = id,
        Demo = false,
        Now = "2025-07-29T10:42:10+07:00",
        DataTime = "2025-07-29T10:42:07.123+07:00",
        StaleAfterSeconds = 60,
        Stale = false,
        CaughtUp = true,
        Phase = "live",
        SourceState = "đang đọc",
        Province = new BoardUnitName("VN", "Việt Nam", "nước"),
        Period = "30d",
        PeriodLabel = "30 ngày qua",
        Figures = [.. Kpis.Select(static kpi => new BoardFigure(kpi, kpi, kpi, new string('x', 300), false, 0.7, "≥ 70 %"))],
        Headline = Kpis.ToDictionary(static kpi => kpi, static _ => Cell(100_000)),
        Gauges = new Dictionary<string, long> { ["open"] = 12 },
        Units = [.. Enumerable.Range(1, Provinces).Select(static i => new BoardUnit(
            $"{i:00}", $"Tỉnh {i}", "tỉnh", true, Kpis.ToDictionary(static kpi => kpi, static _ => Cell(3_000)), 5, 1))],
        LowVolume = new BoardLowVolume(50, "2025-07-01", "2025-07-15", true,
            [.. Enumerable.Range(0, Communes).Select(static i => new BoardLowVolumeUnit($"{i:00000}", $"Xã {i}", i % 50))]),
        Alerts = [.. Enumerable.Range(0, 500)
            .Select(static i => new BoardAlert("low_volume", $"{i:00000}", $"Xã {i}", "firing", "2025-07-16T00:00:00+07:00", "Ít phát sinh hồ sơ"))],
        Trust = new BoardTrust("vn-2026 2", "units-vn.csv", 1_000, 1, 2, 3, 0, [new BoardLag("kafka:cases/0", 0)], []),
    };
}
