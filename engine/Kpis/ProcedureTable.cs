using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Kpis;

/// <summary>What the rulebook says of a procedure, looked up once per code and then found by its id. Owned by one shard.</summary>
internal sealed class ProcedureTable(CodeTable procedures, Rulebook rulebook)
{
    private static readonly ProcedureFacts Unstated = new(false, []);

    // Nothing is said of the procedure that is not stated, id 0.
    private ProcedureFacts?[] known = [Unstated, .. new ProcedureFacts?[255]];

    public ProcedureFacts Of(int procedure)
    {
        if (procedure >= known.Length)
        {
            Array.Resize(ref known, Math.Max(procedure + 1, known.Length * 2));
        }

        return known[procedure] ??= LookUp(procedures.Text(procedure));
    }

    private ProcedureFacts LookUp(string code) => new(
        rulebook.CertifiedCopyProcedures.Any(listed => Rulebook.Matches(listed, code)),
        [.. rulebook.Waivers.Where(waiver => Rulebook.Matches(waiver.Procedure, code)).Select(DaysOf)]);

    private static (int From, int To) DaysOf(FeeWaiver waiver) =>
        (waiver.From is { } from ? LocalTime.DayOf(from) : int.MinValue, waiver.To is { } to ? LocalTime.DayOf(to) : int.MaxValue);
}
