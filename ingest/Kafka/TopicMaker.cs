using Confluent.Kafka.Admin;

namespace KpiStream.Ingest.Kafka;

/// <summary>Sees to it that a topic exists before anything is produced to it.</summary>
internal sealed class TopicMaker(IAdminClient admin, IProducer<byte[], byte[]> producer, BrokerSignals signals, KafkaTarget target)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // -1: as many copies as the cluster's own default says.
    private const short DefaultReplication = -1;

    private string Topic => target.Connection.Topic;

    /// <summary>Makes the topic unless it is there, and waits until every partition of it can be written.</summary>
    /// <returns>A sentence when that is not possible, otherwise null.</returns>
    public async Task<string?> EnsureAsync(CancellationToken stop)
    {
        var began = target.Clock.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var failure = Look() ?? new Error(ErrorCode.NoError);
            if (failure.Code == ErrorCode.NoError)
            {
                return null;
            }

            if (failure.Code == ErrorCode.UnknownTopicOrPart)
            {
                failure = await CreateAsync(stop);
            }

            // Runs the client's callbacks, which may know better, and paces the questions.
            producer.Poll(TimeSpan.FromMilliseconds(100));
            var refusal = signals.Refusal ?? (KafkaErrors.RemedyFor(failure.Code) == Remedy.Wait ? null : failure);
            if (refusal is not null || target.Clock.GetElapsedTime(began) >= target.GiveUpAfter)
            {
                return Describe(refusal ?? failure);
            }
        }
    }

    private string Describe(Error failure)
    {
        var silent = failure.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown;
        return KafkaErrors.Sentence(failure.Code, silent ? signals.LastReason : failure.Reason, target.Connection);
    }

    // Null: every partition of the topic has a leader.
    private Error? Look()
    {
        try
        {
            var topic = admin.GetMetadata(Topic, Patience).Topics.Single();
            return topic.Error.Code != ErrorCode.NoError
                ? topic.Error
                : topic.Partitions.Find(static partition => partition.Leader < 0)?.Error;
        }
        catch (KafkaException failure)
        {
            return failure.Error;
        }
    }

    // Success still is "not yet there" to the caller: the brokers hear of a new topic one after the other.
    private async Task<Error> CreateAsync(CancellationToken stop)
    {
        var wanted = new TopicSpecification { Name = Topic, NumPartitions = target.Partitions, ReplicationFactor = DefaultReplication };
        var yet = new Error(ErrorCode.LeaderNotAvailable);
        try
        {
            await admin.CreateTopicsAsync([wanted], new CreateTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(10) }).WaitAsync(stop);
            return yet;
        }
        catch (CreateTopicsException failure)
        {
            var error = failure.Results.Single().Error;
            return error.Code == ErrorCode.TopicAlreadyExists ? yet : error;
        }
        catch (KafkaException failure)
        {
            return failure.Error;
        }
    }
}
