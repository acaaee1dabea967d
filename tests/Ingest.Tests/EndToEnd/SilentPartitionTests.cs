using System.Diagnostics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// One of three brokers stops answering while the others do, and its partitions have no other copy: what is shown may be incomplete, and says so in time.
/// </summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class SilentPartitionTests(ITestOutputHelper output)
{
    private const int StaleAfterSeconds = 20;
    private const int Events = 300;

    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Ordinary, Events, seed: 6_712);

    [Fact]
    [Trait("Category", "Long")]
    [Fault("leader missing", "of three brokers the one that leads a partition without copies is killed under `serve`",
        "within the staleness limit the board is stale, health is not ready and no figure is judged; live again when it is back")]
    public async Task LeaderKilled_IsStaleWithinTheLimit_AndLiveWhenItIsBack() =>
        await InACluster(static (cluster, leader) => cluster.KillAsync(leader), static (cluster, leader) => cluster.RestartAsync(leader));

    [Fact]
    [Trait("Category", "Long")]
    [Fault("broker frozen", "of three brokers the one that leads a partition without copies is stopped with SIGSTOP under `serve`",
        "within the staleness limit the board is stale, health is not ready and no figure is judged; live again when it runs")]
    public async Task LeaderFrozen_IsStaleWithinTheLimit_AndLiveWhenItRuns() =>
        await InACluster(static (cluster, leader) => cluster.SignalAsync(leader, "STOP"), static (cluster, leader) => cluster.SignalAsync(leader, "CONT"));

    private async Task InACluster(Func<KafkaBroker, int, Task> silence, Func<KafkaBroker, int, Task> restore)
    {
        await using var cluster = await KafkaBroker.StartAsync(nodes: 3);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $"stale_after_seconds: {StaleAfterSeconds}\n");
        using var topic = await KafkaTopic.CreateAsync(cluster.Bootstrap, 3, copies: 1);
        topic.Put(0, lines.Skip(1));
        await using var serve = await ServeProcess.OverTopicAsync(folder, cluster.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        topic.Put(0, lines.Take(1)); // the past may have come in longer ago than the limit
        await serve.UntilAsync("/api/v1/board", static board => !(bool)board["stale"]!, KpiStreamProcess.Limit);

        var leader = topic.LeaderOf(1);
        var since = Stopwatch.StartNew();
        await silence(cluster, leader);
        var board = await serve.UntilAsync("/api/v1/board", static board => (bool)board["stale"]! && (string)board["phase"]! == "lost",
            TimeSpan.FromSeconds(2 * StaleAfterSeconds));
        output.WriteLine($"said after {since.Elapsed}: {board["sourceState"]}");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(StaleAfterSeconds));
        await MustBeSaidAsync(serve, board);

        await restore(cluster, leader);
        await serve.UntilReadyAsync();
        topic.Put(1, Streams.Generate(GenerateProfile.Ordinary, 1, seed: 6_713));
        board = await serve.UntilAsync("/api/v1/board", static board => !(bool)board["stale"]! && (long)board["trust"]!["events"]! > Events,
            KpiStreamProcess.Limit);
        Assert.Equal(Events + 1, (long)board["trust"]!["events"]!);
        output.WriteLine(serve.ToString());
    }

    private static async Task MustBeSaidAsync(ServeProcess serve, JsonNode board)
    {
        Assert.Contains("Kafka không trả lời", (string)board["sourceState"]!);
        Assert.All((await serve.GetAsync("/api/v1/figures?unit=11953&period=year"))
            .AsArray(), static figure => Assert.Equal("no_data", (string)figure!["state"]!));
        using var ready = await serve.Http.GetAsync("/health/ready");
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains("No broker has answered for partition", await ready.Content.ReadAsStringAsync());
        Assert.Contains("kpistream_source_partition_error{", await serve.Http.GetStringAsync("/metrics"));
    }
}
