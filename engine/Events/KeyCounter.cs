using System.Numerics;

namespace KpiStream.Engine.Events;

/// <summary>
/// Counts, for every key at once, in how many events it was stated. Bit <em>k</em> of plane <em>n</em> is bit <em>n</em> of the count of key <em>k</em>, so an
/// event is added to all 32 counts with two or three operations on average. Owned by one shard.
/// </summary>
public sealed class KeyCounter
{
    private readonly uint[] planes = new uint[63];

    /// <summary>The keys stated at least once, a bit for each <see cref="CaseKey"/>.</summary>
    public uint Keys { get; private set; }

    /// <summary>Counts an event.</summary>
    /// <param name="stated">As <see cref="CaseEvent.Stated"/>.</param>
    /// <param name="events">How many such events.</param>
    public void Add(uint stated, long events = 1)
    {
        for (var left = events; left != 0; left &= left - 1)
        {
            AddAt(BitOperations.TrailingZeroCount(left), stated);
        }
    }

    /// <summary>Adds counts of an earlier run.</summary>
    /// <param name="counts">By <see cref="CaseKey"/>, none below 0.</param>
    public void Add(ReadOnlySpan<long> counts)
    {
        for (var key = 0; key < counts.Length; key++)
        {
            for (var left = counts[key]; left != 0; left &= left - 1)
            {
                AddAt(BitOperations.TrailingZeroCount(left), 1u << key);
            }
        }
    }

    /// <summary>The counts by <see cref="CaseKey"/>.</summary>
    public long[] ToArray()
    {
        var counts = new long[CaseKeys.Count];
        for (var plane = 0; plane < planes.Length; plane++)
        {
            for (var left = planes[plane]; left != 0; left &= left - 1)
            {
                counts[BitOperations.TrailingZeroCount(left)] |= 1L << plane;
            }
        }

        return counts;
    }

    private void AddAt(int plane, uint keys)
    {
        Keys |= keys;
        for (; keys != 0; plane++)
        {
            ref var sums = ref planes[plane];
            var carry = sums & keys;
            sums ^= keys;
            keys = carry;
        }
    }
}
