namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class KafkaWriterTests(OneBroker fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task TopicMissing_IsMadeAndEqualKeysShareAPartitionInOrder()
    {
        var broker = fixture.OrSkip();
        var connection = new KafkaConnection(broker.Bootstrap, $"made-{Guid.NewGuid():N}");
        Write(await Open(new KafkaTarget(connection) { Partitions = 3 }), 3000);
        var (end, sink, _) = await Reading.ReplayAsync(connection);

        Assert.Equal(SourceEnd.Finished, end);

        // Which record is missing, and whether a second reading has it, tells the writer's loss from the reader's.
        var missing = Enumerable.Range(0, 3000).Except(sink.Records.Select(static record => int.Parse(record.Text.Split(' ')[1]))).ToList();
        var again = missing.Count == 0 ? sink : (await Reading.ReplayAsync(connection)).Sink;
        Assert.True(missing.Count == 0, $"missing {string.Join(", ", missing.Take(20))}; a second reading has {again.Count}");
        Assert.Equal(3000, sink.Count);
        Assert.Equal([0, 1, 2], sink.Records.Select(static record => record.Position.Partition).Distinct().Order());
        var byKey = sink.Records.GroupBy(static record => record.Text.Split(' ')[0]);
        Assert.All(byKey, static records =>
        {
            Assert.Single(records.Select(static record => record.Position.Partition).Distinct());
            var numbers = records.OrderBy(static record => record.Position.Offset).Select(static record => int.Parse(record.Text.Split(' ')[1])).ToList();
            Assert.Equal(numbers.Order(), numbers);
        });
    }

    [Fact]
    public async Task TopicThere_KeepsItsPartitions()
    {
        using var topic = await fixture.TopicAsync(1);
        Write(await Open(new KafkaTarget(topic.Connection) { Partitions = 7 }), 100);
        var (_, sink, _) = await Reading.ReplayAsync(topic.Connection);

        Assert.Equal(100, sink.Records.Count(static record => record.Position.Partition == 0));
    }

    [Fact]
    public async Task QueueFull_WaitsAndLosesNothing()
    {
        using var topic = await fixture.TopicAsync(2);
        Write(await Open(new KafkaTarget(topic.Connection.With(("queue.buffering.max.messages", "10")))), 2000);
        var (_, sink, _) = await Reading.ReplayAsync(topic.Connection);

        Assert.Equal(2000, sink.Count);
    }

    [Fact]
    public async Task RecordTooLargeForTheBroker_IsSaid()
    {
        var broker = fixture.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1, "max.message.bytes=1000");
        using var writer = await Open(new KafkaTarget(topic.Connection));
        writer.TryWrite("k"u8, new byte[5000], CancellationToken.None);

        Assert.False(writer.TryFlush(CancellationToken.None));
        output.WriteLine(writer.ErrorMessage);
        Assert.Contains(topic.Name, writer.ErrorMessage);
        Assert.False(writer.TryWrite("k"u8, "more"u8, CancellationToken.None));
    }

    [Fact]
    public async Task UserWithoutRights_CannotOpen()
    {
        var broker = fixture.OrSkip();
        var connection = new KafkaConnection(broker.SaslBootstrap, "forbidden").With(
            ("security.protocol", "sasl_plaintext"),
            ("sasl.mechanism", "PLAIN"),
            ("sasl.username", KafkaBroker.Stranger),
            ("sasl.password", KafkaBroker.PasswordOf(KafkaBroker.Stranger)));
        var opening = await KafkaWriter.OpenAsync(new KafkaTarget(connection), CancellationToken.None);

        Assert.Null(opening.Writer);
        Assert.Contains("does not allow this user", opening.Message);
    }

    [Fact]
    public async Task NobodyThere_CannotOpenAfterTheSetTime()
    {
        var target = new KafkaTarget(new KafkaConnection("127.0.0.1:1", "cases")) { GiveUpAfter = TimeSpan.FromSeconds(2) };
        var opening = await KafkaWriter.OpenAsync(target, CancellationToken.None).WaitAsync(Reading.Limit);

        Assert.Null(opening.Writer);
        Assert.Contains("Kafka at 127.0.0.1:1 cannot be reached", opening.Message);
    }

    [Theory]
    [InlineData("no.such.property", "1", "no.such.property")]
    [InlineData("enable.idempotence", "false", "cannot be configured")]
    public async Task BadProperty_CannotOpen(string name, string value, string said)
    {
        var connection = new KafkaConnection("127.0.0.1:1", "cases").With((name, value));
        var opening = await KafkaWriter.OpenAsync(new KafkaTarget(connection), CancellationToken.None);

        Assert.Null(opening.Writer);
        Assert.Contains(said, opening.Message);
    }

    private static async Task<KafkaWriter> Open(KafkaTarget target)
    {
        var opening = await KafkaWriter.OpenAsync(target, CancellationToken.None).WaitAsync(Reading.Limit);
        return opening.Writer ?? throw new InvalidOperationException(opening.Message);
    }

    private static void Write(KafkaWriter writer, int count)
    {
        using (writer)
        {
            for (var i = 0; i < count; i++)
            {
                var key = $"case-{i % 50}";
                Assert.True(writer.TryWrite(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{key} {i}"), CancellationToken.None), writer.ErrorMessage);
            }

            Assert.True(writer.TryFlush(CancellationToken.None), writer.ErrorMessage);
        }
    }
}
