using KpiStream.Engine.Codecs;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Copies of some records on their way through a decoding thread and back: filled by the intake's flow, decoded by one thread, settled by the flow,
/// then filled again. Who has it owns it; <see cref="WaitUntilDecoded"/> hands it back.
/// </summary>
internal sealed class RecordBlock
{
    /// <summary>Records in a block: a handing over costs microseconds and is shared by all of them.</summary>
    public const int Capacity = 512;

    /// <summary>Bytes in a block: that many ordinary events, and always the longest record whole. It grows to a longer one where the limit allows it.</summary>
    private const int Bytes = 256 * 1024;

    private readonly Entry[] entries = new Entry[Capacity];
    private readonly CaseEvent[] events = new CaseEvent[Capacity];
    private byte[] bytes = new byte[Bytes];
    private int used;
    private bool isDecoded;
    private Exception? failure;

    public int Count { get; private set; }

    /// <summary>True when a record of this length has no place any more; an empty block takes any.</summary>
    public bool IsFullFor(int length) => Count == Capacity || (Count > 0 && used + length > bytes.Length);

    public void Add(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (record.Length > bytes.Length - used)
        {
            bytes = new byte[record.Length]; // only an empty block is offered more than it holds
        }

        record.CopyTo(bytes.AsSpan(used));
        entries[Count++] = new Entry { Start = used, Length = record.Length, Position = position, Arrival = arrival };
        used += record.Length;
    }

    public ReadOnlySpan<byte> RecordAt(int index) => bytes.AsSpan(entries[index].Start, entries[index].Length);

    /// <summary>Where a record came from, when it arrived, and once decoded its verdict.</summary>
    public ref readonly Entry EntryAt(int index) => ref entries[index];

    public ref readonly CaseEvent EventAt(int index) => ref events[index];

    /// <summary>Called by the decoding thread. What a decoder throws is a bug, and comes out where the block is taken back.</summary>
    public void Decode(IEventDecoder decoder)
    {
        try
        {
            for (var i = 0; i < Count; i++)
            {
                entries[i].Verdict = decoder.Decode(RecordAt(i), entries[i].Arrival, out events[i]);
            }
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            failure = bug;
        }

        lock (entries)
        {
            isDecoded = true;
            Monitor.Pulse(entries);
        }
    }

    /// <summary>Takes the block back from the thread it was given to.</summary>
    /// <exception cref="InvalidOperationException">The decoder failed.</exception>
    public void WaitUntilDecoded()
    {
        lock (entries)
        {
            while (!isDecoded)
            {
                Monitor.Wait(entries);
            }
        }

        if (failure is not null)
        {
            throw new InvalidOperationException("A record could not be decoded and not be rejected either; this is a bug.", failure);
        }
    }

    public void Clear() => (Count, used, isDecoded) = (0, 0, false);

    internal struct Entry
    {
        public int Start;
        public int Length;
        public SourcePosition Position;
        public long Arrival;
        public Verdict Verdict;
    }
}
