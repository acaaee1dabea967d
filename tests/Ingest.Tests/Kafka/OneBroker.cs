using KpiStream.Tests.Support.Kafka;
using Xunit;
using Xunit.Abstractions;

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

    public KafkaBroker? Broker { get; private set; }

    public Task InitializeAsync() => InTurnAsync(async () =>
    {
        shared = rows++ == 0 ? await KafkaBroker.StartAsync(nodes: 1) : shared;
        Broker = shared;
    });

    public Task DisposeAsync() => InTurnAsync(async () =>
    {
        if (--rows == 0 && shared is { } broker)
        {
            await broker.DisposeAsync();
        }
    });

    /// <summary>The broker, or null after saying that a test did not run.</summary>
    public KafkaBroker? OrSay(ITestOutputHelper output)
    {
        if (Broker is null)
        {
            NotRun.Say(output, $"no real broker: shared/kafka/broker not found, {KafkaBroker.PathVariable} not set");
        }

        return Broker;
    }

    private static async Task InTurnAsync(Func<Task> action)
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

/// <summary>Says aloud that a test could not run: xunit 2.9 knows no skipping from inside, and silence would look like success.</summary>
internal static class NotRun
{
    public static void Say(ITestOutputHelper output, string why)
    {
        output.WriteLine($"not run: {why}");
        Console.Error.WriteLine($"not run: {why}");
    }
}
