namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>
/// One real broker for all tests that need no more; null where there is none on this machine. Tests that share it run in four rows, each by itself one after
/// another: most of their time is waiting, and rows wait beside each other. The first row that begins starts the broker, <see cref="LastOfAll"/> stops it.
/// </summary>
public sealed class OneBroker : IAsyncLifetime
{
    public const string Name = "one real broker: the program";
    public const string OfSources = "one real broker: the source";
    public const string OfFaults = "one real broker: faults";
    public const string OfForms = "one real broker: every form";

    private static readonly Lazy<Task<KafkaBroker?>> Shared = new(static async () =>
        KafkaBroker.FindScript() is null ? null : await KafkaBroker.StartAsync(nodes: 1));

    private static KafkaBroker? mortal;

    private KafkaBroker? broker;

    public async ValueTask InitializeAsync() => broker = await Shared.Value;

    public ValueTask DisposeAsync() => default;

    /// <summary>Stops what runs.</summary>
    public static async ValueTask StopAsync()
    {
        foreach (var each in (KafkaBroker?[])[Shared.IsValueCreated ? await Shared.Value : null, mortal])
        {
            await (each?.DisposeAsync() ?? default);
        }
    }

    /// <summary>The broker; skips the test where there is none.</summary>
    public KafkaBroker OrSkip() => broker ?? throw KafkaBroker.Missing();

    /// <summary>
    /// A second broker, running, for tests that kill it; skips the test where there is none. Tests of <see cref="OfSources"/> ask for it, one after another.
    /// </summary>
    public static async Task<KafkaBroker> MortalAsync()
    {
        mortal ??= await KafkaBroker.StartAsync(nodes: 1);
        if (mortal.IsDead(1))
        {
            await mortal.RestartAsync(1);
        }

        return mortal;
    }

    /// <summary>A topic on the broker; skips the test where there is none.</summary>
    public Task<KafkaTopic> TopicAsync(int partitions) => KafkaTopic.CreateAsync(OrSkip().Bootstrap, partitions);
}

[CollectionDefinition(OneBroker.Name)]
public sealed class OneBrokerCollection : ICollectionFixture<OneBroker>;

[CollectionDefinition(OneBroker.OfSources)]
public sealed class OneBrokerOfSources : ICollectionFixture<OneBroker>;

[CollectionDefinition(OneBroker.OfFaults)]
public sealed class OneBrokerOfFaults : ICollectionFixture<OneBroker>;

[CollectionDefinition(OneBroker.OfForms)]
public sealed class OneBrokerOfForms : ICollectionFixture<OneBroker>;
