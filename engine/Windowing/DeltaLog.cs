namespace KpiStream.Engine.Windowing;

/// <summary>
/// Deltas filed by quarter of an hour and second. A cursor that passes a second, entering or leaving a window, takes exactly what was filed under it until
/// then, so
/// that nothing is ever recomputed in order to be subtracted. Pages that nobody will pass again are dropped.
/// The bound is the number of contributions between the oldest window's tail and the newest second known, plus the future: a page that
/// grows by corrections is compacted before it grows. Memory is used again, so a steady stream makes no garbage.
/// Owned by one shard; rebuilt from the cases after a restart.
/// </summary>
public sealed class DeltaLog
{
    // A stream stays in the pages of some weeks, which are found by their last bits.
    private const int LeastRecent = 1 << 6, MostRecent = 1 << 12;

    // A page's own object and its places in the tables.
    private const int BytesPerPage = 104;

    private readonly Dictionary<long, DeltaPage> pages = [];
    private DeltaPage?[] recent = new DeltaPage?[LeastRecent];
    private readonly Stack<DeltaPage> spare = new();
    private readonly DeltaArrayPool rooms = new();
    private readonly DeltaSorter sorter = new();
    private long dropped = long.MinValue / 2;

    /// <summary>Deltas held; equal ones count once or more.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var page in pages.Values)
            {
                count += page.Count;
            }

            return count;
        }
    }

    /// <summary>The memory held, bytes.</summary>
    public long Bytes => rooms.Bytes + ((long)(pages.Count + spare.Count) * BytesPerPage);

    /// <summary>Files something under its second.</summary>
    /// <param name="second">Since 1970 UTC.</param>
    /// <param name="unit">See <see cref="Delta"/>, as the others.</param>
    /// <param name="word">Its meaning is the caller's.</param>
    /// <param name="count">What it counts.</param>
    public void Append(long second, int unit, int word, int count)
    {
        var (number, offset) = Split(second);
        PageOf(number).Append(new Delta(offset, unit, word, count));
    }

    /// <summary>Shows everything filed under the seconds after <paramref name="after"/> up to and including <paramref name="through"/>.</summary>
    public void Visit<TVisitor>(long after, long through, ref TVisitor visitor)
        where TVisitor : struct, IDeltaVisitor
    {
        if (after >= through || pages.Count == 0)
        {
            return;
        }

        var (firstPage, _) = Split(after + 1);
        var (lastPage, _) = Split(through);
        if (lastPage - firstPage >= pages.Count)
        {
            foreach (var page in pages.Values)
            {
                page.Visit(after, through, ref visitor);
            }

            return;
        }

        for (var number = firstPage; number <= lastPage; number++)
        {
            if (pages.TryGetValue(number, out var page))
            {
                page.Visit(after, through, ref visitor);
            }
        }
    }

    /// <summary>Drops whole pages that end at or before a second.</summary>
    public void DropThrough(long second)
    {
        var (firstKept, _) = Split(second + 1);
        if (firstKept <= dropped)
        {
            return;
        }

        // Now moves on by a page or so; only after a long pause is it cheaper to look at every page there is.
        if (firstKept - pages.Count <= dropped)
        {
            for (var number = dropped; number < firstKept; number++)
            {
                Drop(number);
            }
        }
        else
        {
            foreach (var number in pages.Keys)
            {
                if (number < firstKept)
                {
                    Drop(number);
                }
            }
        }

        dropped = firstKept;
    }

    /// <summary>
    /// No second after one and before this holds anything: the first that may, known to a quarter of an hour. The greatest number where there is none.
    /// </summary>
    public long NextAfter(long second)
    {
        var next = long.MaxValue;
        foreach (var (number, page) in pages)
        {
            if (page.Count > 0 && (number + 1) * DeltaPage.Seconds > second + 1)
            {
                next = Math.Min(next, Math.Max(number * DeltaPage.Seconds, second + 1));
            }
        }

        return next;
    }

    private void Drop(long number)
    {
        if (pages.Remove(number, out var page))
        {
            recent[number & (recent.Length - 1)] = null;
            page.Drop();
            spare.Push(page);
        }
    }

    private DeltaPage PageOf(long number)
    {
        ref var met = ref recent[number & (recent.Length - 1)];
        if (met?.Number == number)
        {
            return met;
        }

        if (pages.Count >= recent.Length && recent.Length < MostRecent)
        {
            recent = new DeltaPage?[recent.Length * 2];
            met = ref recent[number & (recent.Length - 1)];
        }

        if (!pages.TryGetValue(number, out met))
        {
            met = spare.TryPop(out var used) ? used : new DeltaPage(rooms, sorter);
            met.Begin(number);
            pages.Add(number, met);
        }

        return met;
    }

    private static (long Page, int Offset) Split(long second)
    {
        var page = Time.LocalTime.FloorDiv(second, DeltaPage.Seconds);
        return (page, (int)(second - (page * DeltaPage.Seconds)));
    }
}
