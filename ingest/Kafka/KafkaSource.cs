using System.Diagnostics.CodeAnalysis;
using KpiStream.Ingest.Kafka.Native;
using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// A Kafka topic as a stream of records, read on a thread of its own. Offsets come from the caller's checkpoints and no consumer
/// group is used, so what was read never depends on what Kafka remembers of us.
/// Of an offset only its order counts: gaps (compaction, transactions) are ordinary.
/// </summary>
public sealed class KafkaSource(KafkaSourceOptions options) : IRecordSource
{
    /// <summary>How long a start asks about what a checkpoint needs: two brokers may be tried in vain.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    private readonly KafkaSourceOptions options = options with { Log = new RepeatedLines(options.Log, options.Clock).Say };
    private readonly KafkaCounts counts = new();
    private volatile KafkaStatus status = new(KafkaStatusKind.Connecting, "");

    public string Name => NameOf(options.Connection);

    public static string NameOf(KafkaConnection connection) => $"kafka:{connection.Topic}";

    /// <summary>Records with a null value seen so far. They mark a key as deleted for compaction and are no events.</summary>
    public long Tombstones => counts.Tombstones;

    /// <summary>Offsets that were to be read but no longer existed (retention, a topic recreated); 0 in sound operation.</summary>
    public long LostOffsets => counts.LostOffsets;

    long? IRecordSource.Skipped => Tombstones;

    long IRecordSource.Lost => LostOffsets;

    /// <summary>
    /// Partitions being followed or replayed, finished ones included; 0 until the topic has been found. Only when each of them has reported its lag
    /// is the lag known.
    /// </summary>
    public int Partitions => counts.Partitions;

    /// <summary>What the brokers say of each partition; empty until the topic has been found. Any thread.</summary>
    public IReadOnlyList<PartitionHealth> Health => counts.Monitor?.Answers.Health ?? [];

    /// <summary>How long ago the broker of the partition that has been silent longest answered; null until the topic has been found. Any thread.</summary>
    public TimeSpan? Silence => Health is { Count: > 0 } known ? known.Max(static partition => partition.Silence) : null;

    /// <summary>
    /// What the source is doing; readable from any thread. What brokers owe is judged here and now: the thread that reads may be waiting for its sink, and
    /// a silent
    /// partition must be said in time all the same.
    /// </summary>
    public KafkaStatus Status => status is { Kind: KafkaStatusKind.Reading } reading && options.Follow ? FollowedState.Of(options, Health) ?? reading : status;

    /// <summary>
    /// Reads the topic. Ends with <see cref="SourceEndKind.Finished"/> when a replay has reached the ends found at the beginning,
    /// and with <see cref="SourceEndKind.Unavailable"/> when the native client is missing, the configuration is not accepted, the topic
    /// is missing, credentials are refused, or (replay only) nobody answers for <see cref="KafkaSourceOptions.GiveUpAfter"/>.
    /// </summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        counts.AddTombstones(start.Places.Skipped);
        return RunAsync(start.Places.Parts.Count == 0 ? options : From(start.Places) with { AcceptGap = start.AcceptGap }, sink, stop);
    }

    /// <summary>Asks the brokers, for at most <see cref="ProbePatience"/>.</summary>
    public Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop) => Task.Factory.StartNew(
        () => FindGap(From(places), stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private KafkaSourceOptions From(SourcePlaces places) => options with
    {
        StartPositions = places.Parts.ToDictionary(static place => place.Part, static place => place.Next),
        StartTopicId = places.Parts.Select(static place => place.Identity).FirstOrDefault(static id => id.Length > 0) ?? "",
    };

    private Task<SourceEnd> RunAsync(KafkaSourceOptions from, IRecordSink sink, CancellationToken stop) => Task.Factory.StartNew(
        () => Run(from, sink, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private SourceEnd Run(KafkaSourceOptions from, IRecordSink sink, CancellationToken stop)
    {
        var signals = new BrokerSignals(options.Log);
        var buffer = new RecordBuffer();
        if (!TryConnect(signals, buffer, out var consumer, out var failure))
        {
            return new SourceEnd(SourceEndKind.Unavailable, failure);
        }

        using (new ClientDisposal(consumer))
        using (var lookup = new TopicLookup(consumer, signals, options.Connection))
        using (IRecordDrain drain = options.Drain == KafkaDrain.Stock ? new StockDrain(consumer, buffer) : new BatchedDrain(consumer))
        {
            return new ReadSession(from, consumer, drain, signals, lookup, counts, sink, Say).Run(stop);
        }
    }

    private SourceGap? FindGap(KafkaSourceOptions from, CancellationToken stop)
    {
        var began = options.Clock.GetTimestamp();
        var signals = new BrokerSignals(options.Log);
        if (!TryConnect(signals, new RecordBuffer(), out var consumer, out _))
        {
            return null;
        }

        using (new ClientDisposal(consumer))
        using (var lookup = new TopicLookup(consumer, signals, options.Connection))
        {
            // What is in the way is found again, and said, by the reading that follows.
            while (!stop.IsCancellationRequested && options.Clock.GetElapsedTime(began) < ProbePatience && lookup.Remedy == Remedy.Wait)
            {
                if (lookup.TryDescribe(out var topic) && lookup.TryBounds([.. Enumerable.Range(0, topic.Leaders.Count)], out var bounds))
                {
                    return TopicGap.Find(from, topic.Id, bounds);
                }
            }
        }

        return null;
    }

    private bool TryConnect(BrokerSignals signals, RecordBuffer buffer, [NotNullWhen(true)] out IConsumer<Ignore, int>? consumer, out string failure)
    {
        consumer = null;
        var native = NativeClient.State;
        if (!native.Loaded)
        {
            failure = native.Message;
            return false;
        }

        failure = ClientProperties.ForReader(options.Connection, out var properties) ?? "";
        if (failure.Length > 0)
        {
            return false;
        }

        var isMade = TryConnect(properties, signals, buffer, out consumer, out var refusal);
        failure = isMade ? "" : KafkaErrors.BadConfiguration(refusal, options.Connection);
        return isMade;
    }

    private static bool TryConnect(
        Dictionary<string, string> properties, BrokerSignals signals, RecordBuffer buffer, [NotNullWhen(true)]
        out IConsumer<Ignore, int>? consumer, out string failure) =>
        ClientFactory.TryMake(
            () => new ConsumerBuilder<Ignore, int>(properties)
                .SetValueDeserializer(buffer)
                .SetErrorHandler((_, error) => signals.OnError(error))
                .SetLogHandler((_, line) => signals.OnLog(line))
                .Build(),
            out consumer,
            out failure);

    private void Say(KafkaStatus next)
    {
        if (next.Kind == KafkaStatusKind.RecordsLost)
        {
            // A loss is an event and not a state: who is told of losses remembers it.
            options.Report(next);
        }
        else if (next != status)
        {
            status = next;
            options.Report(next);
        }
    }
}
