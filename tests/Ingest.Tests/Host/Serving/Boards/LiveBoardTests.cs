using System.IO.Compression;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Boards;
using Microsoft.AspNetCore.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

/// <summary>What the readers of a board are sent, and how much that is.</summary>
public sealed class LiveBoardTests(ITestOutputHelper output)
{
    private const int Provinces = 34;
    private const int Communes = 300;

    private static readonly string[] Kpis = [.. Enumerable.Range(0, 28).Select(static i => $"figure_number_{i}")];

    [Fact]
    public async Task OnlyTheClockMoved_NobodyIsWoken_AndTheNextStepFitsWhoeverHasSeenIt()
    {
        var board = new LiveBoard();
        var first = Nation(1);
        board.Publish(first);
        var later = Nation(2) with { Now = "2025-07-29T10:42:11+07:00" };
        board.Publish(later);
        Assert.Equal((2, later.Now), (board.Current!.Id, board.Current.Now));
        Assert.Empty(await board.NewerThanAsync(1, TimeSpan.Zero, TimeProvider.System, CancellationToken.None));
        Assert.Equal(2, Assert.Single(await NextAsync(board, seen: 0)).Id);

        board.Publish(OneCase(later, new Random(27)));
        foreach (var seen in (long[])[1, 2])
        {
            Assert.Equal(("delta", 3L), Assert.Single((await NextAsync(board, seen)).Select(static one => (one.Event, one.Id))));
        }

        Assert.Equal("frame", Assert.Single(await NextAsync(board, seen: 0)).Event);
    }

    [Theory]
    [InlineData(0, false, "\"now\":\"2025-07-29T10:42:10+07:00\"")]
    [InlineData(61, false, "\"stale\":true,\"sourceState\":\"máy chủ chậm cập nhật\"")]
    [InlineData(0, true, "\"stale\":false,\"sourceState\":\"đang đọc\"")]
    public void AHeartbeat_SaysMoreThanTheTimeOnlyWhileTheServerIsBehind_AndOnceAfterwards(int seconds, bool wasDoubted, string says)
    {
        var now = DateTimeOffset.Parse("2025-07-29T10:42:10+07:00").AddSeconds(seconds).ToUnixTimeMilliseconds();
        var board = new LiveBoard();
        var beat = board.BeatOf(BoardHeartbeat.At(now, Nation(1), wasDoubted));
        Assert.Contains(says, Encoding.UTF8.GetString(beat.Text.Span));
        Assert.Equal(seconds == 0 && !wasDoubted, !Encoding.UTF8.GetString(beat.Text.Span).Contains("stale"));
        Assert.Same(beat, board.BeatOf(BoardHeartbeat.At(now, Nation(9), wasDoubted)));
    }

    [Fact]
    public async Task AnyPackedMessages_OneBehindAnother_AreOneGzipStreamOfTheirTexts()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var board = new LiveBoard();
        var frame = Nation(1);
        board.Publish(frame);
        var messages = new List<BoardMessage>(await NextAsync(board, 0));
        for (var i = 0; i < 20; i++)
        {
            board.Publish(frame = OneCase(frame, random));
            messages.AddRange(await NextAsync(board, frame.Id - 1));
            messages.Add(board.BeatOf(new BoardHeartbeat($"now {i}")));
        }

        BoardMessage[] sent = [.. Enumerable.Range(0, 60).Select(_ => messages[random.Next(messages.Count)])];
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        var events = new EventOutput(context.Response, isPacked: true);
        foreach (var message in sent)
        {
            await events.WriteAsync(message, CancellationToken.None);
        }

        await events.EndAsync(CancellationToken.None);
        body.Position = 0;
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(unpacked);
        }

        Assert.Equal(string.Concat(sent.Select(static one => Encoding.UTF8.GetString(one.Text.Span))), Encoding.UTF8.GetString(unpacked.ToArray()));
        Assert.Equal("gzip", context.Response.Headers.ContentEncoding);
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
        Assert.Same(one, other);
        Assert.Equal("delta", one.Event);
        Assert.InRange(one.Json.Length, 1, 1_500);
        Assert.InRange(one.Packed.Length, 1, 800);
        output.WriteLine($"one case: {one.Json.Length} bytes, packed {one.Packed.Length}; the whole board: {board.CurrentJson!.Value.Length} bytes");
    }

    [Fact]
    public async Task AReaderAFewFramesBehind_GetsTheStepsAndOneFurtherBehindTheWholeFrame()
    {
        var board = new LiveBoard();
        var frame = Nation(1);
        var random = new Random(29);
        for (var i = 0; i < 40; i++)
        {
            board.Publish(frame);
            frame = OneCase(frame, random);
        }

        Assert.Equal([38L, 39L, 40L], (await NextAsync(board, seen: 37)).Select(static step => step.Id));
        var whole = Assert.Single(await NextAsync(board, seen: 2));
        Assert.Equal(("frame", 40L), (whole.Event, whole.Id));
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
        var known = JsonNode.Parse(board.CurrentJson!.Value.Span)!.AsObject();
        for (var i = 0; i < 40; i++)
        {
            frame = AnyChange(OneCase(frame, random), random);
            board.Publish(frame);
            foreach (var message in await NextAsync(board, frame.Id - 1))
            {
                known = Lay(known, message);
            }

            var shown = JsonNode.Parse(board.CurrentJson!.Value.Span)!.AsObject();
            Order(known);
            Order(shown);
            foreach (var name in shown.Select(static member => member.Key).Where(static name => name is not ("id" or "kind")))
            {
                Assert.True(JsonNode.DeepEquals(shown[name], known[name]), $"seed {seed}, step {i}: {name} differs");
            }
        }
    }

    private static Task<IReadOnlyList<BoardMessage>> NextAsync(LiveBoard board, long seen) =>
        board.NewerThanAsync(seen, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);

    /// <summary>The order of alerts means nothing.</summary>
    private static void Order(JsonObject frame) =>
        frame["alerts"] = new JsonArray([.. frame["alerts"]!.AsArray().OrderBy(static one => one!.ToJsonString()).Select(static one => one!.DeepClone())]);

    /// <summary>As merge.js does it.</summary>
    private static JsonObject Lay(JsonObject known, BoardMessage message)
    {
        var newer = JsonNode.Parse(message.Json.Span)!.AsObject();
        if (message.Event == "frame")
        {
            return newer;
        }

        foreach (var (name, value) in newer.ToList())
        {
            switch (name)
            {
                case "headline":
                    Replace(known[name]!.AsObject(), value!.AsObject());
                    break;
                case "trust":
                    LayList(known[name]!, value!, "partitions", static row => (string)row["name"]!);
                    Replace(known[name]!.AsObject(), value!.AsObject());
                    break;
                case "alerts":
                    LayList(known, newer, name, static row => $"{row["rule"]}\n{row["unit"]}\n{row["state"]}\n{row["since"]}");
                    break;
                case "lowVolume":
                    LayList(known[name]!, value!, "units", static row => (string)row["code"]!);
                    Replace(known[name]!.AsObject(), value!.AsObject());
                    known[name]!["units"] = new JsonArray([.. known[name]!["units"]!.AsArray()
                        .OrderBy(static one => (long)one!["count"]!).ThenBy(static one => (string)one!["code"]!).Select(static one => one!.DeepClone())]);
                    break;
                case "spans":
                    foreach (var span in value!.AsArray())
                    {
                        Replace(known[name]!.AsArray().Single(one => (string)one!["period"]! == (string)span!["period"]!)!["cells"]!.AsObject(),
                            span!["cells"]!.AsObject());
                    }

                    break;
                case "procedureCells":
                    foreach (var one in known["procedureFigures"]!.AsArray())
                    {
                        one!["cell"] = (value![(string)one["figure"]!["kpi"]!] ?? one["cell"])!.DeepClone();
                    }

                    break;
                case not "units":
                    known[name] = value?.DeepClone();
                    break;
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

    /// <summary>Lays a list's changes over it, and takes them out of what is still to be laid.</summary>
    private static void LayList(JsonNode known, JsonNode newer, string name, Func<JsonNode, string> keyOf)
    {
        if (newer[name] is not { } delta)
        {
            return;
        }

        var rows = delta["all"] is null ? known[name]!.AsArray().ToDictionary(row => keyOf(row!), static row => row!) : [];
        foreach (var gone in delta["gone"]?.AsArray() ?? [])
        {
            rows.Remove((string)gone!);
        }

        foreach (var row in delta["changed"]?.AsArray() ?? [])
        {
            rows[keyOf(row!)] = row!;
        }

        IEnumerable<JsonNode?> laid = delta["all"] is { } all ? all.AsArray() : rows.Values;
        known[name] = new JsonArray([.. laid.Select(static row => row!.DeepClone())]);
        newer.AsObject().Remove(name);
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

    private static BoardFrame AnyChange(BoardFrame frame, Random random) => random.Next(14) switch
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
        10 => frame with
        {
            Alerts = [.. frame.Alerts.Skip(random.Next(3)).Select(alert => random.Next(100) == 0 ? alert with { Text = $"text {random.Next(9)}" } : alert),
                new BoardAlert("r", $"{random.Next(9)}", "Xã", "pending", $"{random.Next(2)}", "t"),
                .. random.Next(9) == 0 ? [new BoardAlert("r", "0", "Xã", "pending", "0", "t"), new BoardAlert("r", "0", "Xã", "pending", "0", "u")]
                    : Array.Empty<BoardAlert>()],
        },
        11 => frame with
        {
            LowVolume = frame.LowVolume with
            {
                Judged = random.Next(2) == 0,
                Units = [.. frame.LowVolume.Units.Select(unit => random.Next(400) == 0 ? unit with { Count = random.Next(60) } : unit)
                    .OrderBy(static unit => unit.Count).ThenBy(static unit => unit.Code)],
            },
        },
        12 => frame with
        {
            Spans = [.. frame.Spans.Select(span => span with { Cells = span.Cells.ToDictionary(
                static cell => cell.Key, cell => random.Next(3) == 0 ? Cell(cell.Value.D + 1) : cell.Value) })],
            ProcedureFigures = [.. frame.ProcedureFigures.Select(one => one with { Cell = Cell(one.Cell.D + random.Next(2)) })],
        },
        13 => frame with { Trust = frame.Trust with { Partitions = [.. frame.Trust.Partitions.Select(lag => lag with { Lag = random.Next(3) })] } },
        8 => frame with { Units = [.. frame.Units.Skip(1)] },
        _ => frame,
    };

    private static FigureCell Cell(long d) => new(d, d / 2, FigureState.Ok);

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
        Spans = [.. ((string[])["day", "year"]).Select(static name => new BoardSpan(
            name, Kpis.Take(5).ToDictionary(static kpi => kpi, static _ => Cell(40))))],
        ProcedureFigures = [.. Kpis.Take(2).Select(static kpi => new BoardProcedureFigure(
            new BoardFigure(kpi, kpi, kpi, new string('x', 300), false, 0.6, null), Cell(30)))],
        LowVolume = new BoardLowVolume(50, "2025-07-01", "2025-07-15", true,
            [.. Enumerable.Range(0, Communes).Select(static i => new BoardLowVolumeUnit($"{i:00000}", $"Xã {i}", i % 50))
                .OrderBy(static unit => unit.Count).ThenBy(static unit => unit.Code)]),
        Alerts = [.. Enumerable.Range(0, 500)
            .Select(static i => new BoardAlert("low_volume", $"{i:00000}", $"Xã {i}", "firing", "2025-07-16T00:00:00+07:00", "Ít phát sinh hồ sơ"))],
        Trust = new BoardTrust("vn-2026 2", "units-vn.csv", 1_000, 1, 2, 3, 0,
            [.. Enumerable.Range(0, 6).Select(static i => new BoardLag($"kafka:cases/{i}", 0))], []),
    };
}
