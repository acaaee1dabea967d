namespace KpiStream.Ingest.Kafka;

/// <summary>What came of opening a <see cref="KafkaNoteWriter"/>.</summary>
/// <param name="Writer">The writer, or null for an error; the caller disposes of it.</param>
/// <param name="Message">For an error: one sentence saying what happened and what to do next; otherwise empty.</param>
public sealed record KafkaNoteWriterOpening(KafkaNoteWriter? Writer, string Message);

/// <summary>
/// Produces records that are good to have and not worth waiting for: never blocks, holds at most 10,000 records or 8 MB, and one that a broker
/// has not taken within half a minute is given up and counted. Continues after an error, other than <see cref="KafkaWriter"/>. One thread at a time.
/// </summary>
public sealed class KafkaNoteWriter : IDisposable
{
    private readonly IProducer<byte[], byte[]> producer;
    private readonly KafkaConnection connection;
    private readonly Action<DeliveryReport<byte[], byte[]>> onDelivery;
    private Error? failure;
    private long delivered;
    private long failed;

    private KafkaNoteWriter(IProducer<byte[], byte[]> producer, KafkaConnection connection)
    {
        this.producer = producer;
        this.connection = connection;
        onDelivery = OnDelivery;
    }

    /// <summary>Why a record was given up last, in one sentence; empty when none was.</summary>
    public string ErrorMessage => failure is { } error ? KafkaErrors.Sentence(error.Code, error.Reason, connection) : "";

    /// <summary>Records taken by <see cref="TryWrite"/> that no report has come for yet.</summary>
    public long Waiting { get; private set; }

    /// <summary>Connects and makes the topic unless it exists, within <see cref="KafkaTarget.GiveUpAfter"/>.</summary>
    public static async Task<KafkaNoteWriterOpening> OpenAsync(KafkaTarget target, CancellationToken stop)
    {
        var (producer, message) = await TopicProducer.OpenAsync(target, ClientProperties.ForNotes, stop);
        return new KafkaNoteWriterOpening(producer is null ? null : new KafkaNoteWriter(producer, target.Connection), message);
    }

    /// <summary>Hands one record to the client; false when it has no place for it.</summary>
    public bool TryWrite(ReadOnlySpan<byte> value)
    {
        try
        {
            producer.Produce(connection.Topic, new Message<byte[], byte[]> { Value = value.ToArray() }, onDelivery);
            Waiting++;
            return true;
        }
        catch (ProduceException<byte[], byte[]> problem)
        {
            failure = problem.Error;
            return false;
        }
    }

    /// <summary>How many records were taken by a broker, and how many given up, since this was asked last.</summary>
    public (long Delivered, long Failed) TakeReports()
    {
        producer.Poll(TimeSpan.Zero);
        var taken = (delivered, failed);
        (delivered, failed) = (0, 0);
        return taken;
    }

    /// <summary>Waits for the brokers to take what they were given, at most so long.</summary>
    public void Flush(TimeSpan patience) => producer.Flush(patience);

    /// <summary>Lets go of the client; what has not been flushed is lost.</summary>
    public void Dispose() => ClientDisposal.Await(producer);

    // Called by Poll and Flush, that is, by the one thread this belongs to.
    private void OnDelivery(DeliveryReport<byte[], byte[]> report)
    {
        Waiting--;
        if (report.Error.IsError)
        {
            failure = report.Error;
            failed++;
        }
        else
        {
            delivered++;
        }
    }
}
