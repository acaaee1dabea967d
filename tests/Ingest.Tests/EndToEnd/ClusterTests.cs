using Confluent.Kafka;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Three brokers, one of which loses its power while they are written and while they are read: the figures are those of the file.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Partitions = 4;

    // A million with KPISTREAM_TEST_EFFORT=20.
    private static readonly int Events = LongRuns.Scale(50_000);

    [Fact]
    [Fault("leader killed", "of three brokers one is killed while the topic is produced and another while it is replayed",
        "the figures, the fingerprint and the counts equal the recount of the file")]
    public async Task NodesKilledWhileProducingAndWhileReplaying_SameFiguresAsTheFile()
    {
        await using var cluster = await KafkaBroker.StartAsync(nodes: 3);
        Assert.True(NativeClient.State.Loaded, NativeClient.State.Message);
        using var folder = new TemporaryFolder();
        var topic = $"killed-{Guid.NewGuid():N}";
        string[] stream = ["generate", "--events", $"{Events}", "--seed", "5"];
        (await KpiStreamProcess.RunInAsync(folder.Path, [.. stream, "--out", "cases.ndjson"])).MustSucceed();
        await ProduceThroughAKillAsync(cluster, folder, topic, stream);
        await cluster.RestartAsync(2);

        var file = await CountedFigures.OfAsync(folder, "recount", "cases.ndjson", CountedFigures.DefaultPeriods);
        file.MustEqual(await ReplayThroughAKillAsync(cluster, folder, topic, CountedFigures.DefaultPeriods));
        var all = await CountedFigures.OfAsync(folder, "replay", "cases.ndjson", CountedFigures.AllPeriods);
        all.MustEqual(await CountedFigures.OfAsync(folder, "replay", $"kafka:{topic}", CountedFigures.AllPeriods, "--bootstrap", cluster.Bootstrap));
    }

    private async Task ProduceThroughAKillAsync(KafkaBroker cluster, TemporaryFolder folder, string topic, string[] stream)
    {
        // Small batches, so that the node dies among records and not after them.
        await using var producing = KpiStreamProcess.StartIn(folder.Path, [
            .. stream, "--out", $"kafka:{topic}", "--bootstrap", cluster.Bootstrap, "--partitions", $"{Partitions}",
            "--kafka", "batch.num.messages=100", "--kafka", "queue.buffering.max.messages=2000"]);
        var ending = producing.ExitAsync();
        using var counter = new RecordCounter(cluster.Bootstrap, topic, Partitions);
        await counter.UntilAsync(count => count > Events / 10, ending);
        await cluster.KillAsync(2);
        output.WriteLine($"node 2 killed after {counter.Last} records");
        Assert.InRange(counter.Last, Events / 10, Events - 1);
        Assert.False(ending.IsCompleted, "everything was produced before the node was dead");
        (await ending).MustSucceed();
    }

    private async Task<CountedFigures> ReplayThroughAKillAsync(KafkaBroker cluster, TemporaryFolder folder, string topic, string periods)
    {
        // Small fetches and a small queue: when reading begins, nearly everything is still with the brokers.
        var arguments = CountedFigures.Arguments(
            "replay", $"kafka:{topic}", periods, "through-a-kill", "--bootstrap", cluster.Bootstrap,
            "--kafka", "max.partition.fetch.bytes=20000", "--kafka", "queued.min.messages=500");
        await using var replaying = KpiStreamProcess.StartIn(folder.Path, arguments);
        await replaying.UntilSaidAsync(said => said.Contains("Reading") ? said : null);
        await cluster.KillAsync(3);
        Assert.False(replaying.HasExited, "everything was read before the node was dead");
        output.WriteLine((await replaying.ExitAsync()).MustSucceed().Errors);
        return await CountedFigures.ReadAsync(folder, "through-a-kill");
    }

    /// <summary>How many records a topic holds, as the brokers see it.</summary>
    private sealed class RecordCounter(string bootstrap, string topic, int partitions) : IDisposable
    {
        private readonly IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(
            [new("bootstrap.servers", bootstrap), new("group.id", "counter"), new("allow.auto.create.topics", "false")])
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();

        public long Last { get; private set; }

        public async Task UntilAsync(Func<long, bool> enough, Task atMost)
        {
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (!enough(Last = Count()) && !atMost.IsCompleted)
            {
                await tick.WaitForNextTickAsync();
            }
        }

        public void Dispose() => consumer.Dispose();

        private long Count()
        {
            try
            {
                var end = new Timestamp(Offset.End.Value, TimestampType.CreateTime);
                var asked = Enumerable.Range(0, partitions).Select(partition => new TopicPartitionTimestamp(topic, partition, end));
                return consumer.OffsetsForTimes(asked, TimeSpan.FromSeconds(2)).Sum(static answer => answer.Offset.Value);
            }
            catch (KafkaException)
            {
                return 0; // not made yet, or its leader is moving
            }
        }
    }
}
