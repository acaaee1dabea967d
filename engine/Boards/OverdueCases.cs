using System.Runtime.InteropServices;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>An open case past its deadline.</summary>
/// <param name="Due">Milliseconds since 1970 UTC.</param>
/// <param name="Procedure">Its code id; 0 when none was stated.</param>
public readonly record struct OverdueCase(CaseId Case, long Due, int Procedure);

/// <summary>The overdue cases of one unit: how many, and those with the oldest deadlines, at most <see cref="OverdueCases.MostKept"/>.</summary>
public sealed class OverdueOfUnit
{
    // The newest deadline first, which goes when an older one comes.
    private readonly PriorityQueue<OverdueCase, long> oldest = new();

    public int Count { get; private set; }

    /// <summary>The oldest deadline first.</summary>
    public IEnumerable<OverdueCase> Oldest => oldest.UnorderedItems.Select(static one => one.Element).OrderBy(static one => one.Due);

    public void Add(OverdueCase overdue)
    {
        Count++;
        if (oldest.Count < OverdueCases.MostKept)
        {
            oldest.Enqueue(overdue, -overdue.Due);
        }
        else
        {
            oldest.EnqueueDequeue(overdue, -overdue.Due);
        }
    }
}

/// <summary>
/// Finds the overdue cases of all units, as their gauges count them, some cases of a table at a time so that the shard is never held up: one pass for all who
/// ask. Bound: units times <see cref="MostKept"/>. Owned by who asks.
/// </summary>
/// <param name="handledBy">The unit a handling unit, as stated, is shown under today, by code id.</param>
/// <param name="now">Milliseconds since 1970 UTC.</param>
public sealed class OverdueCases(Func<int, int> handledBy, long now)
{
    /// <summary>Cases kept of each unit.</summary>
    public const int MostKept = 20;

    /// <summary>Cases looked at in one step: about a fifth of a millisecond.</summary>
    public const int Step = 4_096;

    private const ulong Looked = (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Linked) | (1UL << (int)Condition.Open);
    private const ulong Wanted = (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Open);

    private readonly Dictionary<int, OverdueOfUnit> units = [];

    /// <summary>By code id.</summary>
    public IReadOnlyDictionary<int, OverdueOfUnit> Units => units;

    /// <summary>Looks at the cases from a number on; on the table's own thread.</summary>
    /// <returns>The number to go on with; null at the end.</returns>
    public int? Look(CaseTable cases, CaseFactsReader reader, int from)
    {
        var end = Math.Min(cases.Count, from + Step);
        for (var number = from; number < end; number++)
        {
            cases.Read(number, out var record);
            if (record.Values.Due == 0 || record.Values.Due >= now)
            {
                continue;
            }

            var facts = reader.Read(in record);
            if ((facts.Conditions & Looked) == Wanted)
            {
                ref var unit = ref CollectionsMarshal.GetValueRefOrAddDefault(units, handledBy(facts.Handling), out _);
                (unit ??= new OverdueOfUnit()).Add(new OverdueCase(record.Id, record.Values.Due, record.Values.Procedure));
            }
        }

        return end < cases.Count ? end : null;
    }
}
