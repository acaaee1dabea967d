using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>An open case past its deadline.</summary>
/// <param name="Due">Milliseconds since 1970 UTC.</param>
/// <param name="Procedure">Its code id; 0 when none was stated.</param>
public readonly record struct OverdueCase(CaseId Case, long Due, int Procedure);

/// <summary>
/// Finds the overdue cases of a unit, as its gauge counts them, some cases of a table at a time so that the shard is never held up. Owned by who asks.
/// </summary>
/// <param name="isOfUnit">Says of a handling unit's code id, as stated, whether the unit is shown under it today.</param>
/// <param name="now">Milliseconds since 1970 UTC.</param>
public sealed class OverdueCases(Func<int, bool> isOfUnit, long now)
{
    /// <summary>Cases looked at in one step: about a fifth of a millisecond.</summary>
    public const int Step = 4_096;

    private const ulong Looked = (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Linked) | (1UL << (int)Condition.Open);
    private const ulong Wanted = (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Open);

    private readonly List<OverdueCase> found = [];

    /// <summary>The cases found, in no order.</summary>
    public IReadOnlyList<OverdueCase> Found => found;

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
            if ((facts.Conditions & Looked) == Wanted && isOfUnit(facts.Handling))
            {
                found.Add(new OverdueCase(record.Id, record.Values.Due, record.Values.Procedure));
            }
        }

        return end < cases.Count ? end : null;
    }
}
