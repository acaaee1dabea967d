using KpiStream.Engine.Boards;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// What one shard knows: its cases and everything they count in. Touched only by the shard's thread, or by anyone once the engine stopped.
/// </summary>
public sealed class ShardState
{
    private readonly CaseFold fold;
    private readonly CaseFactsReader facts;
    private readonly int[] numbers = new int[EventBatch.Capacity];

    public ShardState(EngineOptions options, CompiledRulebook rules, UnitSuccessors successors)
    {
        fold = new CaseFold(options.Codes, Cases.Layers);
        facts = new CaseFactsReader(options.Codes, options.Rulebook);
        Ledger = new CaseLedger(rules, options.Codes.Units, successors, options.Sliding);
    }

    public CaseTable Cases { get; } = new();

    public CaseLedger Ledger { get; }

    /// <summary>Events that changed something kept.</summary>
    public long Applied { get; private set; }

    /// <summary>Valid events that changed nothing.</summary>
    public long Duplicates { get; private set; }

    /// <summary>The greatest <c>at</c> applied, milliseconds; 0 before the first event.</summary>
    public long GreatestAt { get; private set; }

    /// <summary>The sheet of a case; null when nothing is known of it.</summary>
    /// <param name="sheets">Writes it.</param>
    /// <param name="id">The case.</param>
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    public CaseSheet? Find(CaseSheetReader sheets, CaseId id, long nowMillis)
    {
        if (Cases.Find(id) is not (>= 0 and var number))
        {
            return null;
        }

        Cases.Read(number, out var record);
        return sheets.Read(in record, facts.Read(in record), Cases.Layers.StampsOf(in record), nowMillis);
    }

    /// <summary>
    /// Moves now to where the batch says, then folds it: what an event counts has mostly happened by then, and goes into the windows at once. The order
    /// of the two changes no figure.
    /// </summary>
    public void Apply(EventBatch batch)
    {
        if (batch.Now != long.MinValue)
        {
            Ledger.AdvanceTo(batch.Now);
        }

        var events = batch.Events;
        Cases.Locate(events, numbers);
        for (var i = 0; i < events.Length; i++)
        {
            Apply(in events[i], numbers[i]);
        }
    }

    private void Apply(in CaseEvent change, int number)
    {
        GreatestAt = Math.Max(GreatestAt, change.Stamp.At);
        Cases.Read(number, out var record);
        var before = facts.Read(in record);
        if (!fold.Apply(ref record, in change))
        {
            Duplicates++;
            return;
        }

        Applied++;
        Cases.Write(number, in record);
        var after = facts.Read(in record);
        Ledger.Move(record.Id, in before, in after);
    }
}
