using KpiStream.Engine.Codecs;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Kafka;

/// <summary>
/// Records one by one through <c>Consume()</c>, which makes objects for every record (about 250 bytes): the plain way, for comparison and
/// for the day on which <see cref="Native.BatchedDrain"/> is suspected of something.
/// </summary>
internal sealed class StockDrain(IConsumer<Ignore, int> consumer, RecordBuffer buffer) : IRecordDrain
{
    public int Take(TimeSpan wait, IDrainReceiver receiver)
    {
        try
        {
            if (consumer.Consume(wait) is not { } result)
            {
                return 0;
            }

            HandOver(result, receiver);
        }
        catch (ConsumeException error)
        {
            receiver.OnPartitionError(error.Error, error.ConsumerRecord?.Partition.Value ?? -1);
        }

        return 1;
    }

    public void Dispose()
    {
        // The consumer belongs to who made it.
    }

    private void HandOver(ConsumeResult<Ignore, int> result, IDrainReceiver receiver)
    {
        var (partition, offset) = (result.Partition.Value, result.Offset.Value);
        if (result.IsPartitionEOF)
        {
            receiver.OnEnd(partition, offset);
        }
        else if (result.Message.Value == RecordBuffer.Tombstone)
        {
            receiver.OnTombstone(partition, offset);
        }
        else
        {
            var time = result.Message.Timestamp;
            var arrival = time.Type == TimestampType.NotAvailable ? DecodeLimits.UnknownArrival : DecodeLimits.ArrivalOf(time.UnixTimestampMs);
            receiver.OnRecord(partition, offset, buffer.Value(result.Message.Value), arrival);
        }
    }
}
