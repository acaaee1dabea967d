using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>Others play with the very consumer group that was configured for us: positions come from the checkpoint and from nowhere else.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class GroupTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    private const int Events = 6_000;
    private const int Partitions = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("rebalance storm", "consumers join and leave the configured group without end while the topic is read in two runs",
        "the CSV equals the recount's, every event counted once")]
    [Fault("committed offset moved back", "between two runs the group's committed offsets are set to 0",
        "the second run reads only what is new: as many events as the topic holds, the CSV equals the recount's")]
    public async Task RebalancesAndCommits_OfTheConfiguredGroup_MoveNothing()
    {
        var broker = fixture.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_740);
        var group = $"group-{Guid.NewGuid():N}";
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, Partitions);
        string[] arguments = ["--bootstrap", broker.Bootstrap, "--kafka", $"group.id={group}"];
        topic.PutAcross(Partitions, lines.Take(Events / 2));
        using var stop = new CancellationTokenSource();
        var storm = Task.Run(() => Storm(broker.Bootstrap, topic.Name, group, stop.Token));
        await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        topic.PutAcross(Partitions, lines.Skip(Events / 2));
        var stormy = await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        await stop.CancelAsync();
        var rebalances = await storm;

        await MoveBackAsync(broker.Bootstrap, topic.Name, group);
        var last = await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        Seen.Say(output, $"{rebalances} rebalances during two runs; {last["events"]} events counted of {Events}");
        Assert.True(rebalances > 0, "nobody joined: this proves nothing");
        var recount = await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines));
        Assert.Equal((recount.Csv, recount["events"]), (stormy.Csv, stormy["events"]));
        Assert.Equal((recount.Csv, recount["events"]), (last.Csv, last["events"]));
    }

    private static int Storm(string bootstrap, string topic, string group, CancellationToken stop)
    {
        var rebalances = 0;
        while (!stop.IsCancellationRequested)
        {
            using var stranger = new ConsumerBuilder<Ignore, Ignore>(
                [new("bootstrap.servers", bootstrap), new("group.id", group), new("auto.offset.reset", "earliest"), new("session.timeout.ms", "6000")])
                .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { })
                .SetPartitionsAssignedHandler((_, _) => rebalances++).Build();
            stranger.Subscribe(topic);
            for (var turn = 0; turn < 5 && !stop.IsCancellationRequested; turn++)
            {
                stranger.Consume(TimeSpan.FromMilliseconds(50));
            }

            stranger.Close();
        }

        return rebalances;
    }

    private static async Task MoveBackAsync(string bootstrap, string topic, string group)
    {
        using var admin = new AdminClientBuilder([new("bootstrap.servers", bootstrap)]).SetLogHandler(static (_, _) => { }).Build();
        var zeros = Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)).ToList();
        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(group, zeros)], new AlterConsumerGroupOffsetsOptions { RequestTimeout = Patience });
    }
}
