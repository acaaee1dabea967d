using KpiStream.Ingest.Host.Runs.Backtests;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>
/// Lets a log in up to one cut after another: of each part exactly the records that a server had read there. What a part gives beyond a cut is held until the
/// others have come so far; held are at most <see cref="MostBytes"/>. Owned by the flow of the source.
/// </summary>
/// <param name="intake">Where records go.</param>
/// <param name="cuts">The positions read, by part, in the order of time.</param>
/// <param name="reached">Called at each cut, with its number.</param>
/// <param name="clock">Moved along with what arrives.</param>
internal sealed class CutSink(Intake intake, IReadOnlyList<IReadOnlyDictionary<int, long>> cuts, Action<int> reached, ReplayClock clock) : IRecordSink
{
    /// <summary>A topic's parts come out of step by what a broker sends at once, far less than this.</summary>
    private const long MostBytes = 1L << 30;

    private readonly Dictionary<int, Queue<Held>> ahead = [];
    private readonly Dictionary<int, long> seen = [];
    private long held;
    private int next;

    /// <summary>True once every cut was reached, or cannot be; nothing is taken in any more then.</summary>
    public bool IsOver => next == cuts.Count || IsTooLarge;

    /// <summary>True when more would have had to be held than is allowed.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The part that ends before the first cut that was not reached, with the last position there is of it and the one that was read.</summary>
    public (int Part, long Last, long Wanted)? Short => next == cuts.Count ? null
        : cuts[next].Where(part => seen.GetValueOrDefault(part.Key, -1) < part.Value)
            .Select(part => ((int, long, long)?)(part.Key, seen.GetValueOrDefault(part.Key, -1), part.Value)).FirstOrDefault();

    /// <summary>Positions that a log without gaps should have and does not.</summary>
    public long Lacking { get; private set; }

    /// <summary>Called when <see cref="IsOver"/> has become true.</summary>
    public Action Over { get; set; } = static () => { };

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        if (IsOver)
        {
            return;
        }

        Lacking += Math.Max(0, position.Offset - seen.GetValueOrDefault(position.Partition) - 1);
        seen[position.Partition] = position.Offset;
        if (IsWithin(position))
        {
            Take(record, position, arrival);
        }
        else
        {
            Hold(new Held(record.ToArray(), position, arrival));
        }

        PassCuts();
    }

    /// <summary>It was counted as rejected and belongs to no figure; only its position matters.</summary>
    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        if (!IsOver)
        {
            Lacking += Math.Max(0, position.Offset - seen.GetValueOrDefault(position.Partition) - 1);
            seen[position.Partition] = position.Offset;
            PassCuts();
        }
    }

    /// <summary>Passes the cuts at which nothing had been read yet. To be called before the first record.</summary>
    public void Begin() => PassCuts();

    private bool IsWithin(SourcePosition position) => cuts[next].TryGetValue(position.Partition, out var last) && position.Offset <= last;

    private void Take(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        clock.Now = Math.Max(clock.Now, arrival);
        intake.Accept(record, position, arrival);
    }

    private void Hold(Held record)
    {
        if (!ahead.TryGetValue(record.Position.Partition, out var queue))
        {
            ahead[record.Position.Partition] = queue = new Queue<Held>();
        }

        queue.Enqueue(record);
        held += record.Bytes.Length;
        if (held > MostBytes)
        {
            IsTooLarge = true;
            Over();
        }
    }

    private void PassCuts()
    {
        while (!IsOver && cuts[next].All(part => seen.GetValueOrDefault(part.Key, -1) >= part.Value))
        {
            intake.Flush();
            reached(next++);
            if (next == cuts.Count)
            {
                Over();
                return;
            }

            foreach (var queue in ahead.Values)
            {
                while (queue.TryPeek(out var record) && IsWithin(record.Position))
                {
                    queue.Dequeue();
                    held -= record.Bytes.Length;
                    Take(record.Bytes, record.Position, record.Arrival);
                }
            }
        }
    }

    private sealed record Held(byte[] Bytes, SourcePosition Position, long Arrival);
}
