using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KpiStream.Engine.Pipeline;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the brokers about the topic: how many partitions it has and where they begin and end. Every question is one bounded call;
/// who asks decides how often.
/// </summary>
internal sealed class TopicLookup(IConsumer<Ignore, int> consumer, BrokerSignals signals, KafkaConnection connection) : IDisposable
{
    // One question's time: short enough to notice a stop or a refusal, long enough for a broker across the country.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();

    /// <summary>The reason why the last question was not answered, judged.</summary>
    public (ErrorCode Code, string Reason) Trouble { get; private set; }

    /// <summary>What to do about <see cref="Trouble"/>; a refusal that the client reported aside counts too.</summary>
    public Remedy Remedy => signals.Refusal is null ? KafkaTrouble.RemedyFor(Trouble.Code) : Remedy.GiveUp;

    /// <summary>How many partitions the topic has now, and its id, which a topic made anew under the same name does not share.</summary>
    /// <param name="count">Partitions.</param>
    /// <param name="id">Empty where the brokers (before 2.8) know none.</param>
    public bool TryFind(out int count, out string id)
    {
        id = "";
        return TryCountPartitions(out count) && TryId(out id);
    }

    /// <summary>How many partitions the topic has now.</summary>
    public bool TryCountPartitions(out int count)
    {
        count = 0;
        try
        {
            var topic = admin.GetMetadata(connection.Topic, Patience).Topics.Single();
            if (topic.Error.Code != ErrorCode.NoError)
            {
                return Failed(topic.Error);
            }

            count = topic.Partitions.Count;
            signals.Forget();
            return true;
        }
        catch (KafkaException trouble)
        {
            return Failed(trouble.Error);
        }
    }

    private bool TryId(out string id)
    {
        id = "";
        try
        {
            var answer = admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([connection.Topic]), new DescribeTopicsOptions { RequestTimeout = Patience });
            var found = answer.GetAwaiter().GetResult().TopicDescriptions.Single().TopicId;
            id = found.MostSignificantBits == 0 && found.LeastSignificantBits == 0 ? "" : found.ToString();
            return true;
        }
        catch (DescribeTopicsException trouble)
        {
            return Failed(trouble.Results.TopicDescriptions.Select(static one => one.Error).FirstOrDefault(static error => error.IsError) ?? trouble.Error);
        }
        catch (KafkaException trouble)
        {
            return trouble.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion || Failed(trouble.Error);
        }
    }

    /// <summary>
    /// Of each partition the first offset that still exists and the one that comes next: with <c>read_committed</c> the start of
    /// the oldest open transaction, behind which nothing is readable yet.
    /// </summary>
    /// <returns>False when one of them has no answer.</returns>
    public bool TryBounds(IReadOnlyCollection<int> partitions, out Dictionary<int, (long Low, long High)> bounds)
    {
        bounds = [];
        if (!TryOffsets(partitions, Offset.Beginning, out var lows) || !TryOffsets(partitions, Offset.End, out var highs))
        {
            return false;
        }

        foreach (var partition in partitions)
        {
            bounds[partition] = (lows[partition], highs[partition]);
        }

        return true;
    }

    /// <summary>The last trouble as the end of a source.</summary>
    public SourceEnd End() => new(Remedy == Remedy.Damaged ? SourceEndKind.Damaged : SourceEndKind.Unavailable, Describe());

    /// <summary>The last trouble in one sentence.</summary>
    public string Describe()
    {
        var (code, reason) = signals.Refusal is { } refusal ? (refusal.Code, refusal.Reason) : Trouble;

        // "Timed out" says little; what the connections said before says why.
        var silent = signals.AllDown || code is ErrorCode.NoError or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown;
        return KafkaTrouble.Sentence(code, silent ? signals.LastReason : reason, connection);
    }

    public void Dispose() => admin.Dispose();

    // On the wire, the first and the next offset are asked for like a time. QueryWatermarkOffsets asks the same, but one by one.
    private bool TryOffsets(IReadOnlyCollection<int> partitions, Offset which, out Dictionary<int, long> offsets)
    {
        offsets = [];
        var question = new Timestamp(which.Value, TimestampType.CreateTime);
        try
        {
            var answers = consumer.OffsetsForTimes(
                partitions.Select(partition => new TopicPartitionTimestamp(connection.Topic, partition, question)), Patience);
            offsets = answers.ToDictionary(static answer => answer.Partition.Value, static answer => answer.Offset.Value);
            return true;
        }
        catch (TopicPartitionOffsetException trouble)
        {
            return Failed(trouble.Results.First(static answer => answer.Error.IsError).Error);
        }
        catch (KafkaException trouble)
        {
            return Failed(trouble.Error);
        }
    }

    private bool Failed(Error error)
    {
        Trouble = (error.Code, error.Reason);
        return false;
    }
}
