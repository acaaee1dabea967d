using System.Collections.Concurrent;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the brokers about the topic and each of its partitions, on a task of its own for as long as a source reads. The consuming thread never
/// waits for an answer, and a broker that gives none is noticed although the client is silent about it. Answers are read from any thread.
/// </summary>
internal sealed class PartitionMonitor : IDisposable
{
    // What a healthy broker answers in milliseconds; more than a fetch of 16 MiB on the same connection takes.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<int, PartitionAnswer> answers = [];
    private readonly CancellationTokenSource stop = new();
    private readonly KafkaSourceOptions options;
    private readonly TopicLookup lookup;
    private readonly long opened;
    private readonly Task running;
    private long described;
    private volatile TopicShape shape;
    private volatile bool isTopicLost;

    /// <param name="options">The topic, and how often it is asked about.</param>
    /// <param name="lookup">Owned by the caller; disposed of after this.</param>
    /// <param name="shape">The topic as it is now.</param>
    public PartitionMonitor(KafkaSourceOptions options, TopicLookup lookup, TopicShape shape)
    {
        (this.options, this.lookup, this.shape) = (options, lookup, shape);
        opened = described = options.Clock.GetTimestamp();
        running = Task.Run(RunAsync);
    }

    /// <summary>The newest description of the topic.</summary>
    public TopicShape Shape => shape;

    /// <summary>True while the brokers say that there is no such topic, or that it is not for us.</summary>
    public bool IsTopicLost => isTopicLost;

    /// <summary>Every partition that is known of, in order.</summary>
    public IReadOnlyList<PartitionHealth> Health => [.. answers.Values.OrderBy(static answer => answer.Partition).Select(HealthOf)];

    /// <summary>What was answered to a question asked after an instant of <see cref="KafkaSourceOptions.Clock"/>.</summary>
    public bool TryOffsets(int partition, long askedAfter, out PartitionOffsets offsets)
    {
        var isKnown = answers.TryGetValue(partition, out var answer) && answer.IsAnswered && answer.AskedAt >= askedAfter;
        offsets = isKnown ? answer!.Offsets : default;
        return isKnown;
    }

    public PartitionHealth? HealthOf(int partition) => answers.TryGetValue(partition, out var answer) ? HealthOf(answer) : null;

    public void Dispose()
    {
        stop.Cancel();
        running.GetAwaiter().GetResult();
        stop.Dispose();
    }

    private PartitionHealth HealthOf(PartitionAnswer answer)
    {
        var held = answer.HeldSince == 0 ? TimeSpan.Zero : options.Clock.GetElapsedTime(answer.HeldSince);
        return new PartitionHealth(
            answer.Partition, options.Clock.GetElapsedTime(answer.AnsweredAt), held, answer.Offsets.High - answer.Offsets.Readable, answer.Offsets.Readable, answer.Error);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                DescribeWhenDue();
                var topic = shape;
                Forget(topic);
                await Task.WhenAll(topic.Leaders.Index().GroupBy(static pair => pair.Item).Select(group => AskAsync(group.Key, [.. group.Select(static pair => pair.Index)])));
                await Task.Delay(options.ProbeInterval, options.Clock, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The source has ended.
        }
    }

    // A partition without an answer may have another leader by now.
    private void DescribeWhenDue()
    {
        var isSick = isTopicLost || answers.Values.Any(static answer => answer.Error.Length > 0);
        if (!isSick && options.Clock.GetElapsedTime(described) < options.DiscoveryInterval)
        {
            return;
        }

        if (lookup.TryDescribe(out var found))
        {
            (shape, isTopicLost) = (found, false);
            described = options.Clock.GetTimestamp();
        }
        else
        {
            isTopicLost = lookup.Remedy == Remedy.GiveUp;
        }
    }

    // A topic that was recreated may have fewer.
    private void Forget(TopicShape topic)
    {
        foreach (var partition in answers.Keys.Where(partition => partition >= topic.Leaders.Count))
        {
            answers.TryRemove(partition, out _);
        }
    }

    private async Task AskAsync(int leader, IReadOnlyList<int> partitions)
    {
        var asked = options.Clock.GetTimestamp();
        if (leader < 0)
        {
            foreach (var partition in partitions)
            {
                Note(partition, asked, default, "it has no leader");
            }

            return;
        }

        foreach (var (partition, (offsets, error)) in await lookup.AskAsync(partitions, Deadline))
        {
            Note(partition, asked, offsets, error.IsError ? $"{error.Code}: {error.Reason}" : "");
        }
    }

    private void Note(int partition, long asked, PartitionOffsets offsets, string error)
    {
        var before = answers.GetValueOrDefault(partition) ?? new PartitionAnswer(partition, opened, opened, default, 0, "", IsAnswered: false);
        var now = options.Clock.GetTimestamp();
        answers[partition] = error.Length > 0
            ? before with { Error = error }
            : new PartitionAnswer(partition, asked, now, offsets, HeldSince(before, offsets, now), "", IsAnswered: true);
    }

    // The same first offset is the same transaction.
    private static long HeldSince(PartitionAnswer before, PartitionOffsets offsets, long now) =>
        offsets.Readable >= offsets.High ? 0 : before.HeldSince != 0 && before.Offsets.Readable == offsets.Readable ? before.HeldSince : now;

    private sealed record PartitionAnswer(int Partition, long AskedAt, long AnsweredAt, PartitionOffsets Offsets, long HeldSince, string Error, bool IsAnswered);
}

/// <summary>What the brokers say of a topic as a whole.</summary>
/// <param name="Id">Which a topic recreated under the same name does not share; empty where the brokers (before 2.8) know none.</param>
/// <param name="Leaders">Of each partition the leading broker's id; -1 when it has none.</param>
internal sealed record TopicShape(string Id, IReadOnlyList<int> Leaders);
