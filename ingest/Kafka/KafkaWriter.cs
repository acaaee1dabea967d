namespace KpiStream.Ingest.Kafka;

/// <summary>What came of opening a <see cref="KafkaWriter"/>.</summary>
/// <param name="Writer">The writer, or null for an error; the caller disposes of it.</param>
/// <param name="Message">For an error: one sentence saying what happened and what to do next; otherwise empty.</param>
public sealed record KafkaWriterOpening(KafkaWriter? Writer, string Message);

/// <summary>
/// Produces records to a topic: each exactly once and in order per key, however often the client has to send it again.
/// Timestamps are left to the client (its wall clock). One thread at a time; holds at most the client's own queue
/// (<c>queue.buffering.max.kbytes</c>) and waits when that is full.
/// </summary>
public sealed class KafkaWriter : IDisposable
{
    private static readonly TimeSpan FullQueueWait = TimeSpan.FromMilliseconds(100);

    // Deliveries are reported only when asked for; once per this many records keeps the queue of reports short at no cost.
    private const int RecordsPerPoll = 256;

    private readonly IProducer<byte[], byte[]> producer;
    private readonly KafkaTarget target;
    private readonly Action<DeliveryReport<byte[], byte[]>> onDelivery;
    private volatile Error? failure;
    private int sincePoll;

    private KafkaWriter(IProducer<byte[], byte[]> producer, KafkaTarget target)
    {
        this.producer = producer;
        this.target = target;
        onDelivery = OnDelivery;
    }

    /// <summary>What went wrong, in one sentence saying what to do next, or empty. Nothing more is taken after the first failure.</summary>
    public string ErrorMessage => failure is { } error ? KafkaErrors.Sentence(error.Code, error.Reason, target.Connection) : "";

    /// <summary>Connects and makes the topic with <see cref="KafkaTarget.Partitions"/> unless it exists.</summary>
    public static async Task<KafkaWriterOpening> OpenAsync(KafkaTarget target, CancellationToken stop)
    {
        var (producer, message) = await TopicProducer.OpenAsync(target, ClientProperties.ForWriter, stop);
        return new KafkaWriterOpening(producer is null ? null : new KafkaWriter(producer, target), message);
    }

    /// <summary>Hands one record to the client, waiting while its queue is full.</summary>
    /// <param name="key">The case code's bytes: equal keys go to the same partition.</param>
    /// <param name="value">The event's bytes.</param>
    /// <param name="stamp">The record's timestamp, milliseconds since 1970 UTC; null for the client's own.</param>
    /// <returns>False when producing has failed (<see cref="ErrorMessage"/>) or was stopped.</returns>
    public bool TryWrite(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, CancellationToken stop, long? stamp = null)
    {
        var message = new Message<byte[], byte[]> { Key = key.ToArray(), Value = value.ToArray() };
        if (stamp is { } millis)
        {
            message.Timestamp = new Timestamp(millis, TimestampType.CreateTime);
        }

        while (failure is null && !stop.IsCancellationRequested)
        {
            try
            {
                producer.Produce(target.Connection.Topic, message, onDelivery);
                PollNowAndThen();
                return true;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                // The brokers are slower than we are. A place becomes free when a delivery is reported.
                producer.Poll(FullQueueWait);
            }
            catch (ProduceException<byte[], byte[]> problem)
            {
                failure = problem.Error;
            }
        }

        return false;
    }

    /// <summary>Takes note of what the brokers have taken by now.</summary>
    public void Poll()
    {
        sincePoll = 0;
        producer.Poll(TimeSpan.Zero);
    }

    /// <summary>Waits until the brokers have everything.</summary>
    /// <returns>False when something was not taken (<see cref="ErrorMessage"/>) or the wait was stopped.</returns>
    public bool TryFlush(CancellationToken stop)
    {
        while (producer.Flush(FullQueueWait) > 0)
        {
            if (stop.IsCancellationRequested)
            {
                return false;
            }
        }

        return failure is null;
    }

    /// <summary>Lets go of the client; what has not been flushed is lost.</summary>
    public void Dispose() => ClientDisposal.Await(producer);

    private void PollNowAndThen()
    {
        if (++sincePoll >= RecordsPerPoll)
        {
            Poll();
        }
    }

    private void OnDelivery(DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
        {
            failure ??= report.Error;
        }
    }
}
