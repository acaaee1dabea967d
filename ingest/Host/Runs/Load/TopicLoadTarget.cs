using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Produces a load to a topic: the case's pseudonym is the key, the record's timestamp its planned moment. Called by the sending flow alone.</summary>
internal sealed class TopicLoadTarget(KafkaWriter writer, LoadClock clock) : ILoadTarget
{
    private readonly byte[] key = new byte[2 * CaseId.ByteCount];

    public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
    {
        var length = 0;
        if (item.Case != default)
        {
            item.Case.TryFormat(key);
            length = key.Length;
        }

        return writer.TryWrite(key.AsSpan(0, length), record, stop, LoadSource.ArrivalOf(item.Due, clock.StartMillis));
    }

    public void Flush() => writer.Poll();
}
