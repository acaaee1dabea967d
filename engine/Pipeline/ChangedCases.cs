using System.Numerics;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Cases that have changed since they were last counted, with what they were counted as, the first changed first. Several events of a case cost one counting,
/// and what it was in between costs nothing. Owned by one shard.
/// </summary>
internal sealed class ChangedCases
{
    /// <summary>The most at a time: some 10 milliseconds of counting for who asks next.</summary>
    public const int Most = 1 << 14;

    private const int AtFirst = 1 << 6;

    // Two rings, as long as a power of two.
    private int[] numbers = new int[AtFirst];
    private CaseFacts[] countedAs = new CaseFacts[AtFirst];
    private int first;

    // A bit for every case of the table.
    private ulong[] marks = new ulong[AtFirst];

    public int Count { get; private set; }

    public bool IsFull => Count == Most;

    public bool Contains(int number) => number >> 6 is var word && word < marks.Length && (marks[word] & (1UL << number)) != 0;

    /// <summary>Adds a case that is not among them, while there is room.</summary>
    public void Add(int number, in CaseFacts counted)
    {
        if (Count == numbers.Length)
        {
            Grow();
        }

        if (number >> 6 >= marks.Length)
        {
            Array.Resize(ref marks, (int)BitOperations.RoundUpToPowerOf2((uint)(number >> 6) + 1));
        }

        marks[number >> 6] |= 1UL << number;
        var place = (first + Count++) & (numbers.Length - 1);
        numbers[place] = number;
        countedAs[place] = counted;
    }

    /// <summary>The first of them that lie together, and what each was counted as.</summary>
    /// <param name="most">At least one is given while there are any, and never more than this.</param>
    public ReadOnlySpan<int> First(int most, out ReadOnlySpan<CaseFacts> counted)
    {
        var length = Math.Min(Math.Min(most, Count), numbers.Length - first);
        counted = countedAs.AsSpan(first, length);
        return numbers.AsSpan(first, length);
    }

    /// <summary>The first of them are counted as what they are.</summary>
    /// <param name="count">At most as many as <see cref="First"/> gives.</param>
    public void Drop(int count)
    {
        foreach (var number in numbers.AsSpan(first, count))
        {
            marks[number >> 6] &= ~(1UL << number);
        }

        first = (first + count) & (numbers.Length - 1);
        Count -= count;
    }

    private void Grow()
    {
        numbers = Grown(numbers);
        countedAs = Grown(countedAs);
        first = 0;
    }

    private T[] Grown<T>(T[] ring)
    {
        var grown = new T[ring.Length * 2];
        ring.AsSpan(first).CopyTo(grown);
        ring.AsSpan(0, first).CopyTo(grown.AsSpan(ring.Length - first));
        return grown;
    }
}
