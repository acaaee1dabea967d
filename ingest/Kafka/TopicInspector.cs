using Confluent.Kafka.Admin;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Kafka;

/// <summary>Looks at a topic without reading it: is it there, what does it hold, what will become of that.</summary>
public static class TopicInspector
{
    /// <summary>Asks until there is an answer or a refusal, or time is up. Errors are in the answer.</summary>
    /// <param name="connection">Which topic.</param>
    /// <param name="patience">How long a broker that does not answer is waited for.</param>
    public static Task<TopicSnapshot> TakeAsync(KafkaConnection connection, TimeSpan patience, CancellationToken stop) => Task.Factory.StartNew(
        () => Take(connection, patience, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static TopicSnapshot Take(KafkaConnection connection, TimeSpan patience, CancellationToken stop)
    {
        var native = NativeClient.State;
        if (!native.Loaded)
        {
            return TopicSnapshot.Of(native.Message);
        }

        if (ClientProperties.ForReader(connection, out var properties) is { } refused)
        {
            return TopicSnapshot.Of(refused);
        }

        var signals = new BrokerSignals(static _ => { });
        return ClientFactory.TryMake(
            () => new ConsumerBuilder<Ignore, int>(properties).SetErrorHandler((_, error) => signals.OnError(error))
                .SetLogHandler(static (_, _) => { }).Build(),
            out var consumer, out var failure)
            ? Take(consumer, signals, connection, patience, stop)
            : TopicSnapshot.Of(KafkaErrors.BadConfiguration(failure, connection));
    }

    private static TopicSnapshot Take(IConsumer<Ignore, int> consumer, BrokerSignals signals, KafkaConnection connection, TimeSpan patience,
        CancellationToken stop)
    {
        using (new ClientDisposal(consumer))
        using (var lookup = new TopicLookup(consumer, signals, connection))
        {
            for (var began = TimeProvider.System.GetTimestamp(); ;)
            {
                if (lookup.TryCountPartitions(out var count) && lookup.TryBounds([.. Enumerable.Range(0, count)], out var bounds))
                {
                    return new TopicSnapshot("", bounds, SettingsOf(consumer, connection.Topic, patience)) { UnresolvedBrokers = lookup.UnresolvedBrokers() };
                }

                // Runs the client's callbacks, which may know better why there was no answer.
                consumer.Consume(TimeSpan.FromMilliseconds(100));
                if (stop.IsCancellationRequested || lookup.Remedy != Remedy.Wait || TimeProvider.System.GetElapsedTime(began) >= patience)
                {
                    return TopicSnapshot.Of(lookup.Describe()) with { UnresolvedBrokers = lookup.UnresolvedBrokers() };
                }
            }
        }
    }

    private static Dictionary<string, string>? SettingsOf(IConsumer<Ignore, int> consumer, string topic, TimeSpan patience)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            var asked = admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                new DescribeConfigsOptions { RequestTimeout = patience });
            return asked.GetAwaiter().GetResult().Single().Entries.Values.Where(static entry => entry.Value is not null)
                .ToDictionary(static entry => entry.Name, static entry => entry.Value);
        }
        catch (KafkaException)
        {
            return null; // Describe on the topic is all that reading it needs.
        }
    }
}
