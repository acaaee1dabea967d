using System.Diagnostics.CodeAnalysis;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Kafka;

/// <summary>Opens a client that writes to a topic: loads it, configures it, finds or makes the topic.</summary>
internal static class TopicProducer
{
    /// <summary>The client's properties for a purpose.</summary>
    /// <returns>Why the connection's own properties do not do, or null.</returns>
    public delegate string? PropertiesOf(KafkaConnection connection, out Dictionary<string, string> properties);

    /// <summary>
    /// Connects and makes the topic with <see cref="KafkaTarget.Partitions"/> unless it exists, within <see cref="KafkaTarget.GiveUpAfter"/>.
    /// </summary>
    /// <returns>The producer, which the caller disposes of; or null, and one sentence saying what happened and what to do next.</returns>
    public static async Task<(IProducer<byte[], byte[]>? Producer, string Message)> OpenAsync(KafkaTarget target, PropertiesOf purpose, CancellationToken stop)
    {
        var native = NativeClient.State;
        if (!native.Loaded)
        {
            return (null, native.Message);
        }

        if (purpose(target.Connection, out var properties) is { } refused)
        {
            return (null, refused);
        }

        var signals = new BrokerSignals(target.Log);
        if (!TryConnect(properties, signals, out var producer, out var failure))
        {
            return (null, KafkaErrors.BadConfiguration(failure, target.Connection));
        }

        var isReady = false;
        try
        {
            var missing = await EnsureTopicAsync(producer, signals, target, stop);
            isReady = missing is null;
            return isReady ? (producer, "") : (null, missing!);
        }
        finally
        {
            // Also when it was stopped: a client that is left to the end of the process holds that up.
            if (!isReady)
            {
                ClientDisposal.Await(producer);
            }
        }
    }

    private static async Task<string?> EnsureTopicAsync(
        IProducer<byte[], byte[]> producer, BrokerSignals signals, KafkaTarget target, CancellationToken stop)
    {
        // Borrows the producer's connections, so it must be gone before the producer is.
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        return await new TopicMaker(admin, producer, signals, target).EnsureAsync(stop);
    }

    private static bool TryConnect(
        Dictionary<string, string> properties, BrokerSignals signals, [NotNullWhen(true)] out IProducer<byte[], byte[]>? producer, out string failure) =>
        ClientFactory.TryMake(
            () => new ProducerBuilder<byte[], byte[]>(properties)
                .SetErrorHandler((_, error) => signals.OnError(error))
                .SetLogHandler((_, line) => signals.OnLog(line))
                .Build(),
            out producer,
            out failure);
}
