namespace KpiStream.Engine.Windowing;

/// <summary>
/// A quarter of an hour of deltas: a beginning that is in order, and behind it what has come since. Appending is a write at the end; a cursor that passes
/// through looks up its seconds in the beginning and looks through the rest, which is put in order when it has been looked through too often.
/// </summary>
internal sealed class DeltaPage(DeltaArrayPool rooms, DeltaSorter sorter)
{
    /// <summary>
    /// Shorter pages make every look through one cheaper and every append to an old one dearer, because more of them lie further away; from five minutes
    /// to an hour the difference is small.
    /// </summary>
    public const int Seconds = 900;

    // Looking at a delta is this many times cheaper than putting it in order. A page through which now passes in a few steps is never put in order,
    // one through which it passes by seconds costs at most twice what it would have cost to know that beforehand.
    private const int LooksBetween = 8;

    // A page is compacted before it grows when it is this many times as long as it was after it was compacted last.
    private const int GrowthBetween = 4;
    private const int FirstCompaction = 64;

    private Delta[] deltas = [];
    private int ordered;
    private int leftLast;
    private int looked;

    /// <summary>The page's number since 1970.</summary>
    public long Number { get; private set; }

    public int Count { get; private set; }

    /// <summary>Makes this an empty page.</summary>
    public void Begin(long number)
    {
        Number = number;
        deltas = rooms.Rent(1);
    }

    public void Append(in Delta delta)
    {
        if (Count == deltas.Length)
        {
            MakeRoom();
        }

        deltas[Count++] = delta;
    }

    /// <summary>Shows what is filed here under the seconds after one through another, since 1970 UTC; they may lie before and behind the page.</summary>
    public void Visit<TVisitor>(long after, long through, ref TVisitor visitor)
        where TVisitor : struct, IDeltaVisitor
    {
        var start = Number * Seconds;
        var (first, last) = (Math.Max(after + 1 - start, 0), Math.Min(through - start, Seconds - 1));
        if (first > last)
        {
            return;
        }

        if (first == 0 && last == Seconds - 1)
        {
            VisitAll(start, ref visitor);
            return;
        }

        looked += Count - ordered;
        if (looked > Count * LooksBetween)
        {
            Compact();
        }

        for (var at = FirstAt(first); at < ordered && deltas[at].Second <= last; at++)
        {
            visitor.Visit(start, in deltas[at]);
        }

        for (var at = ordered; at < Count; at++)
        {
            if (deltas[at].Second >= first && deltas[at].Second <= last)
            {
                visitor.Visit(start, in deltas[at]);
            }
        }
    }

    /// <summary>Gives the memory back; nobody passes here any more. Ready to begin anew.</summary>
    public void Drop()
    {
        rooms.Return(deltas);
        deltas = [];
        Count = ordered = leftLast = looked = 0;
    }

    private void VisitAll<TVisitor>(long start, ref TVisitor visitor)
        where TVisitor : struct, IDeltaVisitor
    {
        for (var at = 0; at < Count; at++)
        {
            visitor.Visit(start, in deltas[at]);
        }
    }

    private void Compact()
    {
        Count = ordered = leftLast = sorter.Compact(deltas.AsSpan(0, Count));
        looked = 0;
    }

    // A page that is corrected for ever stays as small as what it comes to; one that is really full doubles.
    private void MakeRoom()
    {
        if (Count >= Math.Max(FirstCompaction, leftLast * GrowthBetween))
        {
            Compact();
            if (Count <= deltas.Length / 4 * 3)
            {
                return;
            }
        }

        var larger = rooms.Rent(deltas.Length * 2);
        deltas.AsSpan(0, Count).CopyTo(larger);
        rooms.Return(deltas);
        deltas = larger;
    }

    /// <summary>The place of the first delta in order that is not before a second.</summary>
    private int FirstAt(long second)
    {
        var (low, high) = (0, ordered);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (deltas[middle].Second < second)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
