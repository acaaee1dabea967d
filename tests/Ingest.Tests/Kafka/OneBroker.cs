using KpiStream.Tests.Support.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>One real broker for all tests that need no more; null where there is none on this machine.</summary>
public sealed class OneBroker : IAsyncLifetime
{
    public const string Name = "one real broker";

    public KafkaBroker? Broker { get; private set; }

    public async Task InitializeAsync() => Broker = await KafkaBroker.StartAsync(nodes: 1);

    public async Task DisposeAsync()
    {
        if (Broker is { } broker)
        {
            await broker.DisposeAsync();
        }
    }

    /// <summary>The broker, or null after saying that a test did not run.</summary>
    public KafkaBroker? OrSay(ITestOutputHelper output)
    {
        if (Broker is null)
        {
            NotRun.Say(output, $"no real broker: shared/kafka/broker not found, {KafkaBroker.PathVariable} not set");
        }

        return Broker;
    }
}

[CollectionDefinition(OneBroker.Name)]
public sealed class OneBrokerCollection : ICollectionFixture<OneBroker>;

/// <summary>Says aloud that a test could not run: xunit 2.9 knows no skipping from inside, and silence would look like success.</summary>
internal static class NotRun
{
    public static void Say(ITestOutputHelper output, string why)
    {
        output.WriteLine($"not run: {why}");
        Console.Error.WriteLine($"not run: {why}");
    }
}
