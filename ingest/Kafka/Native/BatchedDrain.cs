using System.Runtime.InteropServices;
using KpiStream.Engine.Codecs;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>
/// Records in batches from the consumer's own queue, handed over as they lie in the client's memory: nothing is copied and nothing
/// allocated. Owned by the consuming thread; to be disposed of before the consumer. Holds one batch at most, and between two calls nothing.
/// </summary>
internal sealed unsafe class BatchedDrain : IRecordDrain
{
    // Enough that the call costs nothing per record, few enough that a batch of half a kilobyte each stays in the second-level cache.
    private const int BatchSize = 512;

    private readonly nint[] slots = new nint[BatchSize];
    private readonly SafeHandle client;
    private readonly nint queue;

    /// <param name="consumer">Owned by the caller; held alive until this is disposed of.</param>
    public BatchedDrain(IClient consumer)
    {
        client = ClientHandle.Of(consumer);
        var held = false;
        client.DangerousAddRef(ref held);
        queue = Librdkafka.ConsumerQueueOf(client);
    }

    public int Take(TimeSpan wait, IDrainReceiver receiver)
    {
        fixed (nint* first = slots)
        {
            var messages = (NativeMessage**)first;

            // A wait for a whole batch would go on after the first record had come; who waits takes that one and comes again for the rest.
            var taken = (int)Librdkafka.Take(queue, (int)wait.TotalMilliseconds, messages, wait == TimeSpan.Zero ? BatchSize : 1u);
            if (taken > 0)
            {
                HandOver(messages, taken, receiver);
            }

            return Math.Max(taken, 0);
        }
    }

    public void Dispose()
    {
        Librdkafka.Release(queue);
        client.DangerousRelease();
    }

    // Every message is given back, also when the receiver throws: a consumer with messages out cannot be closed.
    private static void HandOver(NativeMessage** messages, int count, IDrainReceiver receiver)
    {
        var next = 0;
        try
        {
            while (next < count)
            {
                HandOver(messages[next], receiver);
                Librdkafka.Release(messages[next++]);
            }
        }
        finally
        {
            while (next < count)
            {
                Librdkafka.Release(messages[next++]);
            }
        }
    }

    private static void HandOver(NativeMessage* message, IDrainReceiver receiver)
    {
        if (message->Error != 0)
        {
            HandOverError(message, receiver);
        }
        else if (message->Payload == 0)
        {
            receiver.OnTombstone(message->Partition, message->Offset);
        }
        else
        {
            int kind;
            var time = Librdkafka.TimeOf(message, &kind);
            var arrival = kind == (int)TimestampType.NotAvailable ? DecodeLimits.UnknownArrival : DecodeLimits.ArrivalOf(time);
            receiver.OnRecord(message->Partition, message->Offset, new ReadOnlySpan<byte>((void*)message->Payload, checked((int)message->Length)), arrival);
        }
    }

    private static void HandOverError(NativeMessage* message, IDrainReceiver receiver)
    {
        var code = (ErrorCode)message->Error;
        if (code == ErrorCode.Local_PartitionEOF)
        {
            receiver.OnEnd(message->Partition, message->Offset);
        }
        else
        {
            var reason = Marshal.PtrToStringUTF8((nint)Librdkafka.ReasonOf(message));
            receiver.OnPartitionError(new Error(code, reason ?? ""), message->Partition);
        }
    }
}
