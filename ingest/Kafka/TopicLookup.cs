using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka.Admin;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Asks the brokers about the topic: how many partitions it has and where they begin and end. Every question is one bounded call;
/// who asks decides how often.
/// </summary>
internal sealed class TopicLookup(IConsumer<Ignore, int> consumer, BrokerSignals signals, KafkaConnection connection) : IDisposable
{
    // One question's time: short enough to notice a stop or a refusal, long enough for a broker across the country.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Of each leader, which the client may have to find first.
    private static readonly TimeSpan OffsetPatience = TimeSpan.FromSeconds(3);

    private readonly IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();
    private readonly OffsetQuery query = new(connection);

    private volatile Error problem = new(ErrorCode.NoError);
    private volatile IReadOnlyList<BrokerMetadata> brokers = [];

    /// <summary>The reason why the last question was not answered. Readable from any thread.</summary>
    public Error Error => problem;

    /// <summary>What to do about <see cref="Error"/>; a refusal that the client reported aside counts too.</summary>
    public Remedy Remedy => signals.Refusal is null ? KafkaErrors.RemedyFor(Error.Code) : Remedy.GiveUp;

    /// <summary>The topic's partitions with their leaders, and its id.</summary>
    public bool TryDescribe([NotNullWhen(true)] out TopicShape? shape)
    {
        shape = TryLeaders(out var leaders) && TryId(out var id) ? new TopicShape(id, leaders) : null;
        return shape is not null;
    }

    /// <summary>The topic's partitions with their leaders; the id is what was known before.</summary>
    public bool TryDescribe(string knownId, [NotNullWhen(true)] out TopicShape? shape)
    {
        shape = TryLeaders(out var leaders) ? new TopicShape(knownId, leaders) : null;
        return shape is not null;
    }

    /// <summary>How many partitions the topic has now.</summary>
    public bool TryCountPartitions(out int count)
    {
        var isKnown = TryLeaders(out var leaders);
        count = leaders.Count;
        return isKnown;
    }

    /// <summary>Asks about partitions by themselves. Any thread.</summary>
    public OffsetQuery Query => query;

    private bool TryLeaders(out IReadOnlyList<int> leaders)
    {
        leaders = [];
        try
        {
            var answer = admin.GetMetadata(connection.Topic, Patience);
            brokers = answer.Brokers;
            var topic = answer.Topics.Single();
            if (topic.Error.Code != ErrorCode.NoError)
            {
                return Failed(topic.Error);
            }

            leaders = [.. topic.Partitions.OrderBy(static partition => partition.PartitionId).Select(static partition => partition.Leader)];
            signals.Forget();
            return true;
        }
        catch (KafkaException failure)
        {
            return Failed(failure.Error);
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
        catch (DescribeTopicsException failure)
        {
            return Failed(failure.Results.TopicDescriptions.Select(static one => one.Error).FirstOrDefault(static error => error.IsError) ?? failure.Error);
        }
        catch (KafkaException failure)
        {
            return failure.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion || Failed(failure.Error);
        }
    }

    /// <summary>Where the logs of some partitions begin and end.</summary>
    /// <returns>False when one of them has no answer.</returns>
    public bool TryOffsets(IReadOnlyCollection<int> partitions, out IReadOnlyDictionary<int, PartitionOffsets> offsets) =>
        TryAsk(partitions, isReadableOnly: false, out offsets);

    private bool TryAsk(IReadOnlyCollection<int> partitions, bool isReadableOnly, out IReadOnlyDictionary<int, PartitionOffsets> offsets)
    {
        var answers = query.Ask(partitions, OffsetPatience, isReadableOnly);
        offsets = answers.ToDictionary(static answer => answer.Key, static answer => answer.Value.Offsets);
        return answers.Values.Select(static answer => answer.Error).FirstOrDefault(static error => error.IsError) is not { } error || Failed(error);
    }

    /// <summary>As <see cref="TryOffsets"/>, without what lies behind an open transaction.</summary>
    public bool TryBounds(IReadOnlyCollection<int> partitions, out IReadOnlyDictionary<int, (long Low, long High)> bounds)
    {
        var isAnswered = TryAsk(partitions, isReadableOnly: true, out var offsets);
        bounds = BoundsOf(offsets);
        return isAnswered;
    }

    public static IReadOnlyDictionary<int, (long Low, long High)> BoundsOf(IReadOnlyDictionary<int, PartitionOffsets> offsets) =>
        offsets.ToDictionary(static pair => pair.Key, static pair => (pair.Value.Low, pair.Value.Readable));

    /// <summary>
    /// The brokers whose advertised names cannot be resolved here, of the newest answer: a client reaches the broker it was given, is then sent to those
    /// names, and may never get a second answer, which looks like brokers that are down.
    /// </summary>
    public IReadOnlyList<string> UnresolvedBrokers() =>
        [.. brokers.Where(static broker => !IsResolved(broker.Host)).Select(static broker => $"broker {broker.BrokerId} at {broker.Host}:{broker.Port}")];

    private static bool IsResolved(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The last error as the end of a source.</summary>
    public SourceEnd End() => new(Remedy == Remedy.Damaged ? SourceEndKind.Damaged : SourceEndKind.Unavailable, Describe());

    public string Describe()
    {
        var last = signals.Refusal ?? problem;
        var (code, reason) = (last.Code, last.Reason);

        // "Timed out" says little; what the connections said before says why.
        var silent = signals.AllDown || code is ErrorCode.NoError or ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown;
        return KafkaErrors.Sentence(code, silent ? signals.LastReason : reason, connection);
    }

    public void Dispose()
    {
        query.Dispose();
        admin.Dispose();
    }

    private bool Failed(Error error)
    {
        problem = error;
        return false;
    }
}
