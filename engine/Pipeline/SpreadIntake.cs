using System.Threading.Channels;
using KpiStream.Engine.Codecs;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// An intake whose decoding is spread over threads, for sources that have more to give than one thread decodes: files, recordings, a topic's past. Records
/// are copied into blocks, decoded by whichever thread is free, and settled in their own order by the flow that runs the source, so that counts, lateness
/// and dead letters are those of a single thread. Bounded by <see cref="BlocksPerThread"/> blocks for each thread, half a megabyte each.
/// </summary>
public sealed class SpreadIntake : IRecordSink, IDisposable
{
    /// <summary>One being decoded, one waiting behind it, one being filled or settled.</summary>
    public const int BlocksPerThread = 3;

    private readonly Intake intake;
    private readonly Channel<RecordBlock> undecoded;
    private readonly Queue<RecordBlock> inFlight = [];
    private readonly Stack<RecordBlock> spare = [];
    private RecordBlock filling;

    internal SpreadIntake(Intake intake, int threads, Func<IEventDecoder> decoder)
    {
        this.intake = intake;

        // The threads are woken by the flow itself and not by way of the pool, one of whose workers it may be keeping.
        undecoded = Channel.CreateBounded<RecordBlock>(
            new BoundedChannelOptions(threads * BlocksPerThread) { SingleWriter = true, AllowSynchronousContinuations = true });
        for (var i = 0; i < threads * BlocksPerThread; i++)
        {
            spare.Push(new RecordBlock());
        }

        filling = spare.Pop();
        for (var i = 0; i < threads; i++)
        {
            new Thread(() => Decode(decoder())) { IsBackground = true, Name = $"decode {i}" }.Start();
        }
    }

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (filling.IsFullFor(record.Length))
        {
            HandOver();
        }

        filling.Add(record, position, arrival);
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        SettleAll();
        intake.RejectTooLarge(position, arrival, length, sha256);
    }

    public void Flush()
    {
        SettleAll();
        intake.Flush();
    }

    public void ReportLag(int partition, long remaining) => intake.ReportLag(partition, remaining);

    /// <summary>Lets the threads end. What was not flushed is lost.</summary>
    public void Dispose() => undecoded.Writer.TryComplete();

    private void SettleAll()
    {
        if (filling.Count > 0)
        {
            HandOver();
        }

        while (inFlight.Count > 0)
        {
            SettleOldest();
        }
    }

    /// <summary>Gives the full block to the threads and takes an empty one, settling the oldest when all are on their way.</summary>
    private void HandOver()
    {
        inFlight.Enqueue(filling);
        undecoded.Writer.TryWrite(filling); // there are no more blocks than places
        if (spare.Count == 0)
        {
            SettleOldest();
        }

        filling = spare.Pop();
    }

    private void SettleOldest()
    {
        var block = inFlight.Dequeue();
        block.WaitUntilDecoded();
        for (var i = 0; i < block.Count; i++)
        {
            ref readonly var entry = ref block.EntryAt(i);
            intake.Settle(entry.Verdict, in block.EventAt(i), block.RecordAt(i), entry.Position, entry.Arrival);
        }

        block.Clear();
        spare.Push(block);
    }

    private void Decode(IEventDecoder decoder)
    {
        while (undecoded.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (undecoded.Reader.TryRead(out var block))
            {
                block.Decode(decoder);
            }
        }
    }
}
