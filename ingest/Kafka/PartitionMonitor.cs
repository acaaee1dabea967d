namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the brokers about the topic and each of its partitions, on a task of its own for as long as a source reads. The consuming thread never
/// waits for an answer, and a broker that gives none is noticed although the client is silent about it. Answers are read from any thread.
/// </summary>
internal sealed class PartitionMonitor : IDisposable
{
    // What a healthy broker answers in milliseconds; more than a fetch of 16 MiB on the same connection takes.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly PartitionAnswers answers;
    private readonly CancellationTokenSource stop = new();
    private readonly KafkaSourceOptions options;
    private readonly TopicLookup lookup;
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
        answers = new PartitionAnswers(options.Clock);
        described = options.Clock.GetTimestamp();
        running = Task.Run(RunAsync);
    }

    /// <summary>The newest description of the topic.</summary>
    public TopicShape Shape => shape;

    /// <summary>True while the brokers say that there is no such topic, or that it is not for us.</summary>
    public bool IsTopicLost => isTopicLost;

    /// <summary>What is known of each partition.</summary>
    public PartitionAnswers Answers => answers;

    public void Dispose()
    {
        stop.Cancel();
        running.GetAwaiter().GetResult();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                DescribeWhenDue();
                var topic = shape;
                answers.ForgetFrom(topic.Leaders.Count);
                await Task.WhenAll(topic.Leaders.Index().GroupBy(static pair => pair.Item)
                    .Select(group => AskAsync(group.Key, [.. group.Select(static pair => pair.Index)])));
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
        var isSick = isTopicLost || answers.AnyError;
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

    private async Task AskAsync(int leader, IReadOnlyList<int> partitions)
    {
        var asked = options.Clock.GetTimestamp();
        if (leader < 0)
        {
            foreach (var partition in partitions)
            {
                answers.NoteError(partition, "it has no leader");
            }

            return;
        }

        foreach (var (partition, (offsets, error)) in await lookup.AskAsync(partitions, Deadline))
        {
            if (error.IsError)
            {
                answers.NoteError(partition, $"{error.Code}: {error.Reason}");
            }
            else
            {
                answers.Note(partition, asked, offsets);
            }
        }
    }
}

/// <summary>What the brokers say of a topic as a whole.</summary>
/// <param name="Id">Which a topic recreated under the same name does not share; empty where the brokers (before 2.8) know none.</param>
/// <param name="Leaders">Of each partition the leading broker's id; -1 when it has none.</param>
internal sealed record TopicShape(string Id, IReadOnlyList<int> Leaders);
