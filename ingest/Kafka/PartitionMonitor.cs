namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the brokers about the topic and each of its partitions for as long as a source reads. The consuming thread never waits for an answer, and a broker
/// that gives none is noticed although the client is silent about it, without keeping others from being asked: each has at most one call of its own.
/// Answers are read from any thread.
/// </summary>
internal sealed class PartitionMonitor : IDisposable
{
    // What a healthy broker answers in milliseconds.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private readonly PartitionAnswers answers;
    private readonly CancellationTokenSource stop = new();
    private readonly KafkaSourceOptions options;
    private readonly TopicLookup lookup;
    private readonly Dictionary<int, Task> asking = [];
    private readonly Task running;
    private Task describing = Task.CompletedTask;
    private long described;
    private volatile TopicShape shape;
    private volatile bool isTopicLost;
    private volatile bool isIdDoubtful;

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

    public TopicShape Shape => shape;

    /// <summary>True while the brokers say that there is no such topic, or that it is not for us.</summary>
    public bool IsTopicLost => isTopicLost;

    public PartitionAnswers Answers => answers;

    public void Dispose()
    {
        stop.Cancel();
        running.GetAwaiter().GetResult();
        Task.WaitAll([describing, .. asking.Values]);
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Start();
                await Task.Delay(options.ProbeInterval, options.Clock, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The source has ended.
        }
    }

    private void Start()
    {
        if (describing.IsCompleted && DescribingIsDue)
        {
            describing = Begin(Describe);
        }

        var leaders = shape.Leaders;
        answers.ForgetFrom(leaders.Count);
        foreach (var group in leaders.Index().GroupBy(static pair => pair.Item, static pair => pair.Index))
        {
            if (!asking.TryGetValue(group.Key, out var before) || before.IsCompleted)
            {
                asking[group.Key] = Begin(() => Ask(group.Key, [.. group]));
            }
        }
    }

    // The client's calls wait: on threads of their own they keep nobody else's work waiting.
    private static Task Begin(Action ask) => Task.Factory.StartNew(ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // A partition without an answer may have another leader by now.
    private bool DescribingIsDue => isTopicLost || isIdDoubtful || answers.AnyError || options.Clock.GetElapsedTime(described) >= options.DiscoveryInterval;

    // Only the admin client knows the topic's id, and it is not to be asked while a broker may be down (OffsetQuery says why): with the brokers back the
    // topic may be another one.
    private void Describe()
    {
        var isSick = answers.AnyError;
        if (isSick ? lookup.TryDescribe(shape.Id, out var found) : lookup.TryDescribe(out found))
        {
            (shape, isTopicLost, isIdDoubtful) = (found, false, isSick);
            described = options.Clock.GetTimestamp();
        }
        else
        {
            isTopicLost = lookup.Remedy == Remedy.GiveUp;
        }
    }

    private void Ask(int leader, IReadOnlyList<int> partitions)
    {
        var asked = options.Clock.GetTimestamp();
        if (leader < 0)
        {
            NoteErrors(partitions, "it has no leader");
            return;
        }

        // A leader that does not answer about one partition is not asked about the others.
        var first = lookup.Query.Ask(partitions[0], Deadline);
        if (first.Error.IsError)
        {
            NoteErrors(partitions, SentenceOf(first));
            return;
        }

        answers.Note(partitions[0], asked, first.Offsets);
        foreach (var (partition, answer) in lookup.Query.Ask([.. partitions.Skip(1)], Deadline))
        {
            if (answer.Error.IsError)
            {
                answers.NoteError(partition, SentenceOf(answer));
            }
            else
            {
                answers.Note(partition, asked, answer.Offsets);
            }
        }
    }

    private void NoteErrors(IEnumerable<int> partitions, string error)
    {
        foreach (var partition in partitions)
        {
            answers.NoteError(partition, error);
        }
    }

    private static string SentenceOf(OffsetAnswer answer) => $"{answer.Error.Code}: {answer.Error.Reason}";
}

/// <summary>What the brokers say of a topic as a whole.</summary>
/// <param name="Id">Which a topic recreated under the same name does not share; empty where the brokers (before 2.8) know none.</param>
/// <param name="Leaders">Of each partition the leading broker's id; -1 when it has none.</param>
internal sealed record TopicShape(string Id, IReadOnlyList<int> Leaders);
