namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class KafkaClusterTests(ITestOutputHelper output)
{
    private const int Records = 80_000;
    private const int Partitions = 4;

    [Fact]
    [Trait("Category", "Long")]
    [Fault("leader killed", "of three brokers one is killed in the middle of a replay", "every record is handed over exactly once")]
    public async Task NodeKilledInTheMiddleOfAReplay_EveryRecordComesExactlyOnce()
    {
        await using var cluster = await KafkaBroker.StartAsync(nodes: 3);
        using var topic = await KafkaTopic.CreateAsync(cluster.Bootstrap, Partitions);
        for (var partition = 0; partition < Partitions; partition++)
        {
            var from = partition * (Records / Partitions);
            topic.Put(partition, Enumerable.Range(from, Records / Partitions).Select(static i => i.ToString()));
        }

        // Small fetches and a small queue, so that at the moment of the kill most records are still with the brokers.
        var connection = topic.Connection.With(
            ("max.partition.fetch.bytes", "20000"), ("queued.min.messages", "2000"));
        var kill = new KillAt(Records / 4, () => cluster.KillAsync(2));
        var source = new KafkaSource(new KafkaSourceOptions(connection) { GiveUpAfter = Reading.Limit });
        var end = await source.RunAsync(kill, CancellationToken.None).WaitAsync(2 * Reading.Limit);
        await kill.Killed;

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(Records, kill.Sink.Count);
        Assert.Equal(Records, kill.Sink.Records.Select(static record => record.Text).Distinct().Count());
    }

    [Fact]
    [Fault("broker lost", "the only broker is killed in the middle of a replay", "the replay gives up in the time set, and names the broker")]
    public async Task OnlyNodeKilledInTheMiddleOfAReplay_IsUnavailableAfterTheSetTime()
    {
        var broker = await OneBroker.MortalAsync();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, Enumerable.Range(0, 50_000).Select(static i => i.ToString()));
        var connection = topic.Connection.With(("max.partition.fetch.bytes", "20000"), ("queued.min.messages", "2000"));
        var kill = new KillAt(1000, () => broker.KillAsync(1));
        var source = new KafkaSource(new KafkaSourceOptions(connection) { GiveUpAfter = TimeSpan.FromSeconds(3) });
        var end = await source.RunAsync(kill, CancellationToken.None).WaitAsync(Reading.Limit);

        output.WriteLine(end.Message);
        Assert.Equal(SourceEndKind.Unavailable, end.Kind);
        Assert.Contains(broker.Bootstrap, end.Message);
        Assert.InRange(kill.Sink.Count, 1000, 49_999);
    }

    /// <summary>Collects, and after this many records lets something happen and waits for it.</summary>
    private sealed class KillAt(int count, Func<Task> kill) : IRecordSink
    {
        public CollectingSink Sink { get; } = new();

        public Task Killed { get; private set; } = Task.CompletedTask;

        public void Accept(ReadOnlySpan<byte> record, Engine.Events.SourcePosition position, long arrival)
        {
            Sink.Accept(record, position, arrival);
            if (Sink.Count == count)
            {
                Killed = kill();
                Killed.GetAwaiter().GetResult();
            }
        }

        public void RejectTooLarge(Engine.Events.SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) =>
            Sink.RejectTooLarge(position, arrival, length, sha256);

        public void Flush() => Sink.Flush();

        public void ReportLag(int partition, long remaining) => Sink.ReportLag(partition, remaining);
    }
}
