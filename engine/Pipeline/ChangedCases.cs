using System.Numerics;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Cases that have changed since they were last counted, with what they were counted as. Several events of a case cost one counting, and what it was in
/// between costs nothing. Owned by one shard.
/// </summary>
internal sealed class ChangedCases
{
    /// <summary>The most at a time: some 20 milliseconds of counting for who asks next.</summary>
    public const int Most = 1 << 15;

    private const int AtFirst = 1 << 10;

    private int[] numbers = new int[AtFirst];
    private CaseFacts[] countedAs = new CaseFacts[AtFirst];

    // A bit for every case of the table.
    private ulong[] marks = new ulong[AtFirst];

    public int Count { get; private set; }

    public bool IsFull => Count == Most;

    /// <summary>The cases in the order in which they first changed.</summary>
    public ReadOnlySpan<int> Numbers => numbers.AsSpan(0, Count);

    /// <summary>What each of <see cref="Numbers"/> was counted as.</summary>
    public ReadOnlySpan<CaseFacts> CountedAs => countedAs.AsSpan(0, Count);

    public bool Contains(int number) => number >> 6 is var word && word < marks.Length && (marks[word] & (1UL << number)) != 0;

    /// <summary>Adds a case that is not among them, while there is room.</summary>
    public void Add(int number, in CaseFacts counted)
    {
        if (Count == numbers.Length)
        {
            Array.Resize(ref numbers, Count * 2);
            Array.Resize(ref countedAs, Count * 2);
        }

        if (number >> 6 >= marks.Length)
        {
            Array.Resize(ref marks, (int)BitOperations.RoundUpToPowerOf2((uint)(number >> 6) + 1));
        }

        marks[number >> 6] |= 1UL << number;
        numbers[Count] = number;
        countedAs[Count++] = counted;
    }

    /// <summary>All of them are counted as what they are.</summary>
    public void Clear()
    {
        foreach (var number in Numbers)
        {
            marks[number >> 6] = 0;
        }

        Count = 0;
    }
}
