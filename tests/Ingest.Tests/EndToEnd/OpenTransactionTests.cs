namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A producer leaves its transaction open in the middle of a topic: nothing behind it can be read, and everyone who looks is told.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class OpenTransactionTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Events = 300;

    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Ordinary, Events, seed: 6_711);

    [Fact]
    [Fault("transaction left open", "a transaction is open in mid-topic: the topic is replayed, then served until the transaction ends",
        "the replay waits as set and exits 5; `serve` is not ready and says why, on board, health and metrics, and is live when it ends")]
    public async Task InMidTopic_ReplayExitsDamaged_ServeIsNotLiveUntilItEnds()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        topic.Put(0, lines.Take(Events / 2));
        using var open = topic.LeaveOpen(0, System.Text.Encoding.UTF8.GetString(lines[Events / 2]));
        topic.Put(0, lines.Skip((Events / 2) + 1));

        var replay = await KpiStreamProcess.RunInAsync(
            folder.Path, ["replay", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--open-transaction-wait", "1s"]);
        output.WriteLine(replay.Errors);
        Assert.Equal(ExitCode.Damaged, replay.ExitCode);
        Assert.Contains($"partition 0 from offset {Events / 2}", replay.Errors);
        Assert.Contains("--open-transaction-wait", replay.Errors);

        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, "--open-transaction-wait", "1s");
        var board = await serve.UntilAsync(
            "/api/v1/board", static board => ((string)board["sourceState"]!).Contains("giao dịch Kafka"), KpiStreamProcess.Limit);
        Assert.True((bool)board["stale"]!);
        Assert.False((bool)board["caughtUp"]!);
        Assert.Equal(Events / 2, (long)board["trust"]!["lag"]!);
        using var ready = await serve.Http.GetAsync("/health/ready");
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains($"partition 0 from offset {Events / 2}", await ready.Content.ReadAsStringAsync());
        Assert.Contains($"kpistream_source_held_offsets{{source=\"kafka:{topic.Name}\",partition=\"0\"}} {Events / 2}",
            await serve.Http.GetStringAsync("/metrics"));

        open.CommitTransaction();
        await serve.UntilReadyAsync();
        topic.Put(0, lines.TakeLast(1)); // what was held back may have come in longer ago than the limit
        board = await serve.UntilAsync(
            "/api/v1/board", static board => !(bool)board["stale"]! && (long)board["trust"]!["events"]! > Events, KpiStreamProcess.Limit);
        Assert.Equal(Events + 1, (long)board["trust"]!["events"]!);
        Assert.Equal("đang nhận dữ liệu", (string)board["sourceState"]!);
    }
}
