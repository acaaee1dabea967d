namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>
/// One real broker for all tests that need no more; null where there is none on this machine. Tests that share it run in three rows, each by itself one after
/// another: most of their time is waiting, and rows wait beside each other. The first row that begins starts the broker, the last that ends stops it.
/// </summary>
public sealed class OneBroker : IAsyncLifetime
{
    public const string Name = "one real broker: the program";
    public const string OfSources = "one real broker: the source";
    public const string OfFaults = "one real broker: faults";

    private static readonly SemaphoreSlim Turn = new(1);
    private static KafkaBroker? shared;
    private static int rows;

    private KafkaBroker? broker;

    public ValueTask InitializeAsync() => InTurnAsync(async () =>
    {
        if (rows++ == 0 && KafkaBroker.FindScript() is not null)
        {
            shared = await KafkaBroker.StartAsync(nodes: 1);
        }

        broker = shared;
    });

    public ValueTask DisposeAsync() => InTurnAsync(async () =>
    {
        if (--rows == 0 && shared is { } broker)
        {
            await broker.DisposeAsync();
        }
    });

    /// <summary>The broker; skips the test where there is none.</summary>
    public KafkaBroker OrSkip() => broker ?? throw KafkaBroker.Missing();

    /// <summary>A topic on the broker; skips the test where there is none.</summary>
    public Task<KafkaTopic> TopicAsync(int partitions) => KafkaTopic.CreateAsync(OrSkip().Bootstrap, partitions);

    private static async ValueTask InTurnAsync(Func<Task> action)
    {
        await Turn.WaitAsync();
        try
        {
            await action();
        }
        finally
        {
            Turn.Release();
        }
    }
}

[CollectionDefinition(OneBroker.Name)]
public sealed class OneBrokerCollection : ICollectionFixture<OneBroker>;

[CollectionDefinition(OneBroker.OfSources)]
public sealed class OneBrokerOfSources : ICollectionFixture<OneBroker>;

[CollectionDefinition(OneBroker.OfFaults)]
public sealed class OneBrokerOfFaults : ICollectionFixture<OneBroker>;
