using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Derives windows, gauges and calendar cells again from the cases, as of an earlier now, some cases at a time between batches. A case that changes
/// meanwhile is changed in the new ledger too once it has been counted there. Owned by one shard. While it lasts there are two ledgers in memory.
/// </summary>
internal sealed class LedgerRebuild(CaseTable cases, CaseFactsReader facts, CaseLedger ledger)
{
    /// <summary>Cases counted at a time: about a millisecond, so that batches hardly wait.</summary>
    public const int CasesPerStep = 1_024;

    private int next;

    public CaseLedger Ledger => ledger;

    /// <summary>True when every case has been counted.</summary>
    public bool IsDone => next >= cases.Count;

    /// <summary>Counts the next cases.</summary>
    public void Step()
    {
        var nothing = facts.Read(default);
        for (var end = Math.Min(cases.Count, next + CasesPerStep); next < end; next++)
        {
            cases.Read(next, out var record);
            ledger.Move(record.Id, in nothing, facts.Read(in record));
        }
    }

    /// <summary>A case has changed.</summary>
    public void Move(int number, CaseId id, in CaseFacts before, in CaseFacts after)
    {
        if (number < next)
        {
            ledger.Move(id, in before, in after);
        }
    }
}
