namespace KpiStream.Engine.Windowing;

/// <summary>
/// Puts a page's deltas in order and adds equal ones up. A counting sort by second does most of it in two passes; what shares a second is
/// little, and is sorted by comparing. Holds room for the longest page met.
/// </summary>
internal sealed class DeltaSorter
{
    // Below this, comparing is cheaper than counting a page's seconds; an insertion is cheaper than the library's sort up to about as many.
    private const int Few = 32;

    private readonly int[] starts = new int[DeltaPage.Seconds + 1];
    private Delta[] room = [];

    /// <summary>Sorts, adds up what is alike, and drops what comes down to nothing.</summary>
    /// <returns>How many are left, at the beginning.</returns>
    public int Compact(Span<Delta> deltas)
    {
        if (deltas.Length <= Few)
        {
            Insert(deltas);
            return AddUp(deltas);
        }

        if (room.Length < deltas.Length)
        {
            room = new Delta[Math.Max(deltas.Length, room.Length * 2)];
        }

        var sorted = room.AsSpan(0, deltas.Length);
        SortBySecond(deltas, sorted);
        SortSeconds(sorted);
        var left = AddUp(sorted);
        sorted[..left].CopyTo(deltas);
        return left;
    }

    private void SortBySecond(ReadOnlySpan<Delta> deltas, Span<Delta> sorted)
    {
        Array.Clear(starts);
        foreach (ref readonly var delta in deltas)
        {
            starts[delta.Second + 1]++;
        }

        for (var second = 0; second < DeltaPage.Seconds; second++)
        {
            starts[second + 1] += starts[second];
        }

        foreach (ref readonly var delta in deltas)
        {
            sorted[starts[delta.Second]++] = delta;
        }
    }

    private static void SortSeconds(Span<Delta> deltas)
    {
        for (var start = 0; start < deltas.Length;)
        {
            var end = start + 1;
            while (end < deltas.Length && deltas[end].Second == deltas[start].Second)
            {
                end++;
            }

            if (end - start > Few)
            {
                deltas[start..end].Sort();
            }
            else
            {
                Insert(deltas[start..end]);
            }

            start = end;
        }
    }

    private static void Insert(Span<Delta> deltas)
    {
        for (var next = 1; next < deltas.Length; next++)
        {
            var delta = deltas[next];
            var at = next;
            for (; at > 0 && delta.CompareTo(deltas[at - 1]) < 0; at--)
            {
                deltas[at] = deltas[at - 1];
            }

            deltas[at] = delta;
        }
    }

    private static int AddUp(Span<Delta> deltas)
    {
        var kept = 0;
        for (var next = 0; next < deltas.Length;)
        {
            var sum = deltas[next];
            for (next++; next < deltas.Length && deltas[next].IsLike(in sum); next++)
            {
                sum = sum with { Count = sum.Count + deltas[next].Count };
            }

            if (sum.Count != 0)
            {
                deltas[kept++] = sum;
            }
        }

        return kept;
    }
}
