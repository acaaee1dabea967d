using System.Runtime.CompilerServices;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Deltas filed under their own second. Whoever passes a second, entering or leaving a window, takes exactly what its page holds then,
/// so that nothing is ever recomputed in order to be subtracted. Pages that nobody will pass again are dropped.
/// The bound is the number of contributions between the oldest window's tail and the newest second known, plus the future: a page that
/// grows by corrections is compacted whenever it has doubled. Dropped hours are used again, so a steady stream makes no garbage.
/// Owned by one shard; rebuilt from the cases after a restart.
/// </summary>
public sealed class DeltaLog
{
    private const int SecondsPerHour = 3_600;

    // Sorting a page costs more than it saves while it is as short as this.
    private const int FirstCompaction = 32;

    // A retraction usually meets what it retracts, so that both vanish; in a crowded second the search is not worth more than this.
    private const int MostLookedAt = 8;

    private readonly Dictionary<long, Page[]> hours = [];
    private readonly Stack<Page[]> spare = new();
    private readonly NodePool nodes = new();
    private readonly List<Delta> compacting = [];
    private long dropped = long.MinValue;

    /// <summary>Deltas held.</summary>
    public int Count => nodes.Count;

    /// <summary>The memory held, bytes.</summary>
    public long Bytes => nodes.Bytes + ((long)(hours.Count + spare.Count) * SecondsPerHour * Unsafe.SizeOf<Page>());

    /// <summary>Files a delta under its second.</summary>
    public void Append(long second, Delta delta)
    {
        var (hour, offset) = Split(second);
        if (!hours.TryGetValue(hour, out var pages))
        {
            hours.Add(hour, pages = spare.TryPop(out var emptied) ? emptied : new Page[SecondsPerHour]);
        }

        ref var page = ref pages[offset];
        if (TryJoin(ref page, in delta))
        {
            return;
        }

        page.Head = nodes.Add(delta, page.Head);
        page.Count++;
        if (page.Count >= Math.Max(page.CompactAt, FirstCompaction))
        {
            Compact(ref page);
        }
    }

    /// <summary>Shows everything filed under the seconds after <paramref name="after"/> up to and including <paramref name="through"/>.</summary>
    public void Visit<TVisitor>(long after, long through, ref TVisitor visitor)
        where TVisitor : struct, IDeltaVisitor
    {
        if (after >= through || hours.Count == 0)
        {
            return;
        }

        var (firstHour, _) = Split(after + 1);
        var (lastHour, _) = Split(through);
        if (lastHour - firstHour >= hours.Count)
        {
            foreach (var (hour, pages) in hours)
            {
                VisitHour(hour, pages, after, through, ref visitor);
            }

            return;
        }

        for (var hour = firstHour; hour <= lastHour; hour++)
        {
            if (hours.TryGetValue(hour, out var pages))
            {
                VisitHour(hour, pages, after, through, ref visitor);
            }
        }
    }

    /// <summary>Drops whole hours that end at or before a second.</summary>
    public void DropThrough(long second)
    {
        var (firstKept, _) = Split(second + 1);
        if (firstKept <= dropped)
        {
            return;
        }

        dropped = firstKept;
        foreach (var (hour, pages) in hours)
        {
            if (hour >= firstKept)
            {
                continue;
            }

            foreach (var page in pages)
            {
                nodes.Free(page.Head);
            }

            hours.Remove(hour);
            Array.Clear(pages);
            spare.Push(pages);
        }
    }

    /// <summary>Adds a delta to one of its kind that is near the head of the page; what comes down to nothing goes.</summary>
    private bool TryJoin(ref Page page, in Delta delta)
    {
        ref var link = ref page.Head;
        for (var looked = 0; link != 0 && looked < MostLookedAt; looked++)
        {
            ref var held = ref nodes[link];
            if (held.Unit == delta.Unit && held.Word == delta.Word)
            {
                held = held with { Count = held.Count + delta.Count };
                if (held.Count == 0)
                {
                    nodes.Unlink(ref link);
                    page.Count--;
                }

                return true;
            }

            link = ref nodes.LinkOf(link);
        }

        return false;
    }

    private void VisitHour<TVisitor>(long hour, Page[] pages, long after, long through, ref TVisitor visitor)
        where TVisitor : struct, IDeltaVisitor
    {
        var start = hour * SecondsPerHour;
        var first = Math.Max(after + 1, start);
        var last = Math.Min(through, start + SecondsPerHour - 1);
        for (var second = first; second <= last; second++)
        {
            for (var node = pages[second - start].Head; node != 0; node = nodes.Next(node))
            {
                visitor.Visit(second, in nodes[node]);
            }
        }
    }

    private void Compact(ref Page page)
    {
        compacting.Clear();
        for (var node = page.Head; node != 0; node = nodes.Next(node))
        {
            compacting.Add(nodes[node]);
        }

        nodes.Free(page.Head);
        page = default;
        compacting.Sort(static (left, right) => left.Unit != right.Unit ? left.Unit.CompareTo(right.Unit) : left.Word.CompareTo(right.Word));
        for (var i = 0; i < compacting.Count;)
        {
            var sum = compacting[i];
            for (i++; i < compacting.Count && compacting[i].Unit == sum.Unit && compacting[i].Word == sum.Word; i++)
            {
                sum = sum with { Count = sum.Count + compacting[i].Count };
            }

            if (sum.Count != 0)
            {
                page.Head = nodes.Add(sum, page.Head);
                page.Count++;
            }
        }

        page.CompactAt = page.Count * 2;
    }

    private static (long Hour, long Offset) Split(long second)
    {
        var hour = Time.LocalTime.FloorDiv(second, SecondsPerHour);
        return (hour, second - (hour * SecondsPerHour));
    }

    /// <summary>One second: the first of its nodes, how many there are, and at how many they are compacted next.</summary>
    private struct Page
    {
        public int Head;
        public int Count;
        public int CompactAt;
    }
}
