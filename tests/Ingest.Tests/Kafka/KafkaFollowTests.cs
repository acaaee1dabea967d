using System.Collections.Concurrent;

namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class KafkaFollowTests(OneBroker fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task RecordsComeForEver_EachIsHandedOverOnceAndStopEndsIt()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.Put(0, ["a"]);
        await using var following = new Following(topic.Connection);
        await following.UntilTexts("a");
        topic.Put(1, ["b"]);
        await following.UntilTexts("a", "b");
        topic.Put(0, ["c"]);
        await following.UntilTexts("a", "b", "c");
        await following.Sink.Until(() => following.Sink.Lag.Count == 2 && following.Sink.Lag.Values.All(static lag => lag == 0), Reading.Limit);
        var flushes = following.Sink.Flushes;

        Assert.Equal(SourceEnd.Stopped, await following.StopAsync());
        Assert.True(flushes >= 3, $"{flushes} flushes: a record would have waited for a full batch");
    }

    [Fact]
    public async Task PartitionsAddedLater_AreReadFromTheirStart()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a"]);
        await using var following = new Following(topic.Connection, static options => options with { DiscoveryInterval = TimeSpan.FromMilliseconds(300) });
        await following.UntilTexts("a");
        await topic.AddPartitionsAsync(3);
        topic.Put(2, ["b", "c"]);
        topic.Put(0, ["d"]);
        await following.UntilTexts("a", "b", "c", "d");

        Assert.Contains(new SourcePosition(2, 0), following.Sink.Records.Select(static record => record.Position));
    }

    [Fact]
    public async Task CheckpointPositions_AreGoneOnFrom()
    {
        using var topic = await fixture.TopicAsync(2);
        topic.Put(0, ["a", "b"]);
        topic.Put(1, ["c"]);
        await using var following = new Following(topic.Connection, static options => options with { StartPositions = new Dictionary<int, long> { [0] = 1 } });
        await following.UntilTexts("b", "c");
    }

    [Fact]
    public async Task CheckpointPositionThatRetentionRemoved_IsLoudAndGoesOn()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a", "b", "c"]);
        await topic.DeleteBeforeAsync(0, 2);
        await using var following = new Following(topic.Connection, static options => options with { StartPositions = new Dictionary<int, long> { [0] = 1 } });
        await following.UntilTexts("c");

        Assert.Equal(1, following.Source.LostOffsets);
        Assert.Contains(following.Said, static status => status.Kind == KafkaStatusKind.RecordsLost);
    }

    [Fact]
    public async Task ManyUnreadRecords_LagIsReportedWhileReading()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, Enumerable.Range(0, 20_000).Select(static i => $"record {i}"));
        var sink = new CollectingSink();
        var lagSeen = sink.Until(() => sink.Lag.GetValueOrDefault(0) > 0, Reading.Limit);
        await using var following = new Following(topic.Connection, static options => options with { LagInterval = TimeSpan.Zero }, sink);
        await lagSeen;
        await sink.Until(() => sink.Count == 20_000 && sink.Lag[0] == 0, Reading.Limit);
    }

    [Fact]
    public async Task TransactionLeftOpen_IsSaidAndCountsAsLag_AndIsReadWhenItEnds()
    {
        using var topic = await fixture.TopicAsync(1);
        topic.Put(0, ["a"]);
        using var open = topic.LeaveOpen(0, "b");
        topic.Put(0, ["c"]);
        await using var following = new Following(
            topic.Connection, static options => options with
            {
                OpenTransactionWait = TimeSpan.FromMilliseconds(300),
                ProbeInterval = TimeSpan.FromMilliseconds(50),
                LagInterval = TimeSpan.FromMilliseconds(50)
            });
        await following.UntilTexts("a");
        await following.UntilSaid(KafkaStatusKind.TransactionOpen);
        await following.Sink.Until(() => following.Sink.Lag.GetValueOrDefault(0) == 2, Reading.Limit);
        output.WriteLine(following.Source.Status.Sentence);
        var held = Assert.Single(following.Source.Health);
        Assert.Equal((0, 2L, 1L), (held.Partition, held.HeldOffsets, held.HeldFrom));
        Assert.True(held.Held >= TimeSpan.FromMilliseconds(300), $"held for {held.Held}");

        open.CommitTransaction();
        await following.UntilTexts("a", "b", "c");
        await following.UntilSaid(KafkaStatusKind.Reading);
        await following.Sink.Until(() => following.Sink.Lag[0] == 0, Reading.Limit);
    }

    [Fact]
    public async Task TopicMissing_IsUnavailableAtOnce()
    {
        var broker = fixture.OrSkip();
        await using var following = new Following(new KafkaConnection(broker.Bootstrap, "no-such-topic"));
        var end = await following.Run.WaitAsync(Reading.Limit);

        Assert.Equal(SourceEndKind.Unavailable, end.Kind);
        Assert.Contains("no topic 'no-such-topic'", end.Message);
    }

    [Fact]
    public async Task BrokerComesAndGoes_ReadsOnAndSaysSo()
    {
        var broker = await OneBroker.MortalAsync();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 2);
        topic.Put(0, ["a"]);
        await using var following = new Following(topic.Connection);
        await following.UntilTexts("a");
        await broker.KillAsync(1);
        await following.UntilSaid(KafkaStatusKind.Disconnected);
        await broker.RestartAsync(1);
        await following.UntilSaid(KafkaStatusKind.Reading);
        topic.Put(1, ["b"]);
        await following.UntilTexts("a", "b");

        output.WriteLine(string.Join('\n', following.Said.Select(static status => $"{status.Kind}: {status.Sentence}")));
    }

    [Fact]
    public async Task BrokerAbsentAtTheStart_WaitsSayingSoUntilStopped()
    {
        await using var following = new Following(new KafkaConnection("127.0.0.1:1", "any"));
        await following.UntilSaid(KafkaStatusKind.Disconnected);

        Assert.Contains("127.0.0.1:1", following.Source.Status.Sentence);
        Assert.Equal(SourceEnd.Stopped, await following.StopAsync());
    }

    /// <summary>A source following a topic, stopped at the end of a test.</summary>
    private sealed class Following : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly ConcurrentQueue<KafkaStatus> said = new();

        public Following(KafkaConnection connection, Func<KafkaSourceOptions, KafkaSourceOptions>? change = null, CollectingSink? sink = null)
        {
            Sink = sink ?? new CollectingSink();
            var options = new KafkaSourceOptions(connection) { Follow = true, Report = OnStatus };
            Source = new KafkaSource(change is null ? options : change(options));
            Run = Source.RunAsync(Sink, stop.Token);
        }

        public CollectingSink Sink { get; }

        public KafkaSource Source { get; }

        public Task<SourceEnd> Run { get; }

        public IReadOnlyCollection<KafkaStatus> Said => said;

        public Task UntilTexts(params string[] texts) => Sink.Until(() => Sink.Texts.SequenceEqual(texts), Reading.Limit);

        public Task UntilSaid(KafkaStatusKind kind) => Sink.Until(() => Source.Status.Kind == kind, Reading.Limit);

        public async Task<SourceEnd> StopAsync()
        {
            await stop.CancelAsync();
            return await Run.WaitAsync(Reading.Limit);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }

        // The sink is what a test waits on, so a change of status has to be a call of the sink too.
        private void OnStatus(KafkaStatus status)
        {
            said.Enqueue(status);
            Sink.Flush();
        }
    }
}
