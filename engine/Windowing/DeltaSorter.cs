using System.Numerics;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Puts a page's deltas in order and adds equal ones up. Counting sorts them into stretches of seconds in two passes, as many stretches as there are deltas or
/// so; what shares a stretch is little, and is sorted by comparing. Holds room for the longest page met.
/// </summary>
internal sealed class DeltaSorter
{
    // Below this, comparing is cheaper than counting; an insertion is cheaper than the library's sort up to about as many.
    private const int Few = 32;

    private int[]? ends;
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

        // A stretch of 2^shift seconds.
        var shift = Math.Max(0, BitOperations.Log2(DeltaPage.Seconds) - BitOperations.Log2((uint)deltas.Length));
        var sorted = room.AsSpan(0, deltas.Length);
        var stretches = (ends ??= new int[DeltaPage.Seconds]).AsSpan(0, ((DeltaPage.Seconds - 1) >> shift) + 1);
        Spread(deltas, sorted, stretches, shift);
        SortEach(sorted, stretches);
        var left = AddUp(sorted);
        sorted[..left].CopyTo(deltas);
        return left;
    }

    private static void Spread(ReadOnlySpan<Delta> deltas, Span<Delta> sorted, Span<int> ends, int shift)
    {
        ends.Clear();
        foreach (ref readonly var delta in deltas)
        {
            ends[delta.Second >> shift]++;
        }

        var start = 0;
        foreach (ref var end in ends)
        {
            (end, start) = (start, start + end);
        }

        foreach (ref readonly var delta in deltas)
        {
            sorted[ends[delta.Second >> shift]++] = delta;
        }
    }

    private static void SortEach(Span<Delta> deltas, ReadOnlySpan<int> ends)
    {
        var start = 0;
        foreach (var end in ends)
        {
            if (end - start > Few)
            {
                deltas[start..end].Sort();
            }
            else if (end - start > 1)
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
            for (; at > 0 && delta.IsBefore(in deltas[at - 1]); at--)
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
