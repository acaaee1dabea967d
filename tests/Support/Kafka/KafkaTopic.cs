using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Tests.Support.Kafka;

/// <summary>A topic made for one test, and what a test does to it from outside of the product.</summary>
public sealed class KafkaTopic : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IAdminClient admin;
    private IProducer<byte[], byte[]?> producer;
    private readonly string bootstrap;

    private KafkaTopic(string bootstrap, string name)
    {
        this.bootstrap = bootstrap;
        Name = name;
        admin = new AdminClientBuilder([new("bootstrap.servers", bootstrap)]).SetLogHandler(static (_, _) => { }).Build();
        producer = Producer(null);
    }

    public string Name { get; }

    public KafkaConnection Connection => new(bootstrap, Name);

    /// <summary>Makes a topic with a name nobody else uses.</summary>
    /// <param name="bootstrap">The cluster.</param>
    /// <param name="partitions">How many.</param>
    /// <param name="settings">The topic's own configuration, as <c>name=value</c>.</param>
    public static Task<KafkaTopic> CreateAsync(string bootstrap, int partitions, params string[] settings) =>
        CreateAsync(bootstrap, partitions, copies: -1, settings);

    /// <summary>Likewise, with this many copies of each partition; -1 for the cluster's own default.</summary>
    public static async Task<KafkaTopic> CreateAsync(string bootstrap, int partitions, short copies, params string[] settings)
    {
        if (!NativeClient.State.Loaded)
        {
            throw new InvalidOperationException(NativeClient.State.Message);
        }

        var topic = new KafkaTopic(bootstrap, $"test-{Guid.NewGuid():N}");
        await topic.admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic.Name,
                NumPartitions = partitions,
                ReplicationFactor = copies,
                Configs = settings.Select(static setting => setting.Split('=', 2))
                    .ToDictionary(static pair => pair[0], static pair => pair[1]),
            },
        ]);
        await topic.ReadyAsync(partitions);
        return topic;
    }

    /// <summary>Produces one record; a null value is a tombstone.</summary>
    public Task PutAsync(int partition, string? value, string key = "k") =>
        producer.ProduceAsync(new TopicPartition(Name, partition), Record(key, value));

    /// <summary>Produces many records without waiting for each.</summary>
    public void Put(int partition, IEnumerable<string> values) => Put(partition, values.Select(Encoding.UTF8.GetBytes));

    /// <inheritdoc cref="Put(int, IEnumerable{string})"/>
    public void Put(int partition, IEnumerable<byte[]> values)
    {
        foreach (var value in values)
        {
            while (!TryPut(partition, value))
            {
                producer.Flush(TimeSpan.FromMilliseconds(200));
            }
        }

        producer.Flush(Limit);
    }

    /// <summary>
    /// Produces records across the first partitions: one after another in turn, or each by chance as random keys would, so that the events of a case lie in
    /// several.
    /// </summary>
    public void PutAcross(int partitions, IEnumerable<byte[]> values, Random? chance = null)
    {
        foreach (var some in values.Index().GroupBy(value => chance?.Next(partitions) ?? value.Index % partitions))
        {
            Put(some.Key, some.Select(static value => value.Item));
        }
    }

    /// <summary>Produces records in one transaction, which is committed or aborted.</summary>
    public void PutInTransaction(int partition, bool commit, params string[] values)
    {
        using var writer = Transaction(partition, values);
        if (commit)
        {
            writer.CommitTransaction(Limit);
        }
        else
        {
            writer.AbortTransaction(Limit);
        }
    }

    /// <summary>Produces records in a transaction and leaves it open: the caller commits, or disposes of the producer and leaves it hanging.</summary>
    public IProducer<byte[], byte[]?> LeaveOpen(int partition, params string[] values) => Transaction(partition, values);

    /// <summary>The broker that leads a partition; -1 for none.</summary>
    public int LeaderOf(int partition) => admin.GetMetadata(Name, Limit).Topics.Single().Partitions.Single(one => one.PartitionId == partition).Leader;

    /// <summary>Adds partitions up to a total and waits until they can be written.</summary>
    public async Task AddPartitionsAsync(int total)
    {
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = Name, IncreaseTo = total }]);
        await ReadyAsync(total);

        // A producer learns of new partitions after minutes; a new one knows them at once.
        End(producer);
        producer = Producer(null);
    }

    /// <summary>Deletes the topic and makes another of the same name.</summary>
    public async Task MakeAnewAsync(int partitions)
    {
        await DeleteAsync();
        using var limit = new CancellationTokenSource(Limit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await TryMakeAsync(partitions))
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }

        await ReadyAsync(partitions);
        End(producer);
        producer = Producer(null);
    }

    /// <summary>Deletes the topic with all that is in it.</summary>
    public Task DeleteAsync() => admin.DeleteTopicsAsync([Name]);

    /// <summary>Moves the start of a partition's log, as retention does.</summary>
    public Task DeleteBeforeAsync(int partition, long offset) =>
        admin.DeleteRecordsAsync([new TopicPartitionOffset(Name, partition, offset)]);

    /// <summary>The consumer groups of the whole cluster that have committed an offset of this topic.</summary>
    public IReadOnlyList<string> GroupsWithOffsets()
    {
        var offsets = admin.GetMetadata(Limit).Topics.SingleOrDefault(static topic => topic.Topic == CommittedOffsets.Topic);
        return CommittedOffsets.Of(bootstrap, Name, offsets?.Partitions.Select(static partition => partition.PartitionId) ?? []);
    }

    public void Dispose()
    {
        End(producer);
        End(admin);
    }

    // The native client may wait for its own threads for ever; a test that has seen what it came for does not.
    private static void End(IDisposable client) => Task.Run(client.Dispose).Wait(Limit);

    // A name is free again a moment after its topic was deleted.
    private async Task<bool> TryMakeAsync(int partitions)
    {
        try
        {
            await admin.CreateTopicsAsync([new TopicSpecification { Name = Name, NumPartitions = partitions, ReplicationFactor = -1 }]);
            return true;
        }
        catch (CreateTopicsException error) when (error.Results.TrueForAll(static result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            return false;
        }
    }

    private static Message<byte[], byte[]?> Record(string key, string? value) =>
        new() { Key = Encoding.UTF8.GetBytes(key), Value = value is null ? null : Encoding.UTF8.GetBytes(value) };

    // Every partition has a leader.
    private async Task ReadyAsync(int partitions)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!IsReady(partitions))
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    private bool IsReady(int partitions)
    {
        var found = admin.GetMetadata(Name, Limit).Topics.Single();
        return found.Partitions.Count == partitions && found.Partitions.TrueForAll(static partition => partition.Leader >= 0);
    }

    private bool TryPut(int partition, byte[] value)
    {
        try
        {
            producer.Produce(new TopicPartition(Name, partition), new Message<byte[], byte[]?> { Key = "k"u8.ToArray(), Value = value });
            return true;
        }
        catch (ProduceException<byte[], byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private IProducer<byte[], byte[]?> Transaction(int partition, string[] values)
    {
        var writer = Producer($"test-{Guid.NewGuid():N}");
        writer.InitTransactions(Limit);
        writer.BeginTransaction();
        foreach (var value in values)
        {
            writer.Produce(new TopicPartition(Name, partition), Record("k", value));
        }

        writer.Flush(Limit);
        return writer;
    }

    private IProducer<byte[], byte[]?> Producer(string? transaction)
    {
        Dictionary<string, string> properties = new()
        {
            ["bootstrap.servers"] = bootstrap,
            ["enable.idempotence"] = "true",
            ["linger.ms"] = "1",
        };
        if (transaction is not null)
        {
            properties["transactional.id"] = transaction;
        }

        return new ProducerBuilder<byte[], byte[]?>(properties).SetLogHandler(static (_, _) => { }).Build();
    }
}
