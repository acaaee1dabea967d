using System.Threading.Channels;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>One record of a load, ready to be sent.</summary>
/// <param name="Start">Where its bytes begin in the chunk.</param>
/// <param name="Due">When it is due, nanoseconds after the start of the run.</param>
/// <param name="Case">The case, by which Kafka chooses the partition; the default where the record cannot be read.</param>
internal readonly record struct LoadItem(int Start, int Length, long Due, CaseId Case);

/// <summary>Records in one piece: what passes from the flow that prepares them to the one that sends them. Owned by one of the two.</summary>
internal sealed class LoadChunk
{
    public const int Capacity = 1_024;

    private readonly LoadItem[] items = new LoadItem[Capacity];
    private byte[] bytes = new byte[256 * Capacity];
    private int used;
    private int count;

    public ReadOnlySpan<LoadItem> Items => items.AsSpan(0, count);

    public bool IsFull => count == Capacity;

    public ReadOnlyMemory<byte> BytesOf(in LoadItem item) => bytes.AsMemory(item.Start, item.Length);

    public void Add(ReadOnlySpan<byte> record, CaseId id, long due)
    {
        if (bytes.Length - used < record.Length)
        {
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, used + record.Length));
        }

        record.CopyTo(bytes.AsSpan(used));
        items[count++] = new LoadItem(used, record.Length, due, id);
        used += record.Length;
    }

    public void Clear() => (used, count) = (0, 0);
}

/// <summary>
/// Chunks on their way from the preparing flow to the sending one, <see cref="Capacity"/> at most: so much is ready ahead, and more is not held.
/// </summary>
internal sealed class LoadQueue : ILoadSink
{
    private const int Capacity = 32;

    private readonly Channel<LoadChunk> chunks = Channel.CreateBounded<LoadChunk>(new BoundedChannelOptions(Capacity)
    {
        SingleReader = true,
        SingleWriter = true
    });
    private readonly Channel<LoadChunk> spare = Channel.CreateUnbounded<LoadChunk>();
    private readonly TaskCompletionSource isReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoadChunk filling = new();

    /// <summary>Ends when as much is prepared as is held ahead, or everything.</summary>
    public Task Ready => isReady.Task;

    public bool TryPut(ReadOnlySpan<byte> record, CaseId id, long due, CancellationToken stop)
    {
        filling.Add(record, id, due);
        return !filling.IsFull || TryPass(stop);
    }

    /// <summary>Ends the stream: the sender gets what is left and then the error, if there is one.</summary>
    public void Complete(CancellationToken stop)
    {
        _ = filling.Items.Length == 0 || TryPass(stop);
        chunks.Writer.TryComplete();
        isReady.TrySetResult();
    }

    /// <summary>The next chunk, waiting for it; null at the end. Its memory goes back by <see cref="Return"/>.</summary>
    public LoadChunk? Next()
    {
        while (true)
        {
            if (chunks.Reader.TryRead(out var next))
            {
                return next;
            }

            if (!chunks.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                return null;
            }
        }
    }

    public void Return(LoadChunk chunk)
    {
        chunk.Clear();
        spare.Writer.TryWrite(chunk);
    }

    private bool TryPass(CancellationToken stop)
    {
        if (!chunks.Writer.TryWrite(filling))
        {
            isReady.TrySetResult();
            try
            {
                chunks.Writer.WriteAsync(filling, stop).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        filling = spare.Reader.TryRead(out var used) ? used : new LoadChunk();
        return true;
    }
}

/// <summary>Takes the records of a load, in order, as they are to be sent.</summary>
internal interface ILoadSink
{
    /// <summary>Takes one; false when no more are wanted.</summary>
    bool TryPut(ReadOnlySpan<byte> record, CaseId id, long due, CancellationToken stop);
}

/// <summary>The records of a load in their order; the same each time they are asked for.</summary>
internal interface ILoadRecords
{
    /// <summary>Hands all over; ends early when the sink wants no more.</summary>
    Task<SourceEnd> RunAsync(ILoadSink sink, CancellationToken stop);
}
