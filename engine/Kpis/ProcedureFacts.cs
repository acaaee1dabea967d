using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Engine.Kpis;

/// <summary>What the rulebook says of a procedure, looked up once per code and then found by its id. Owned by one shard.</summary>
internal sealed class ProcedureFacts(CodeTable procedures, Rulebook rulebook)
{
    private Entry?[] entries = new Entry?[256];

    public bool IsCertifiedCopy(int procedure) => procedure != 0 && Of(procedure).IsCertifiedCopy;

    /// <summary>True when the procedure's fee is waived for cases accepted on a local day.</summary>
    public bool IsWaived(int procedure, int localDay)
    {
        if (procedure == 0)
        {
            return false;
        }

        foreach (var (from, to) in Of(procedure).Waivers)
        {
            if (localDay >= from && localDay <= to)
            {
                return true;
            }
        }

        return false;
    }

    private Entry Of(int procedure)
    {
        if (procedure >= entries.Length)
        {
            Array.Resize(ref entries, Math.Max(procedure + 1, entries.Length * 2));
        }

        return entries[procedure] ??= LookUp(procedures.Text(procedure));
    }

    private Entry LookUp(string code) => new(
        rulebook.CertifiedCopyProcedures.Any(listed => Rulebook.Matches(listed, code)),
        [.. rulebook.Waivers.Where(waiver => Rulebook.Matches(waiver.Procedure, code)).Select(DaysOf)]);

    private static (int From, int To) DaysOf(FeeWaiver waiver) =>
        (waiver.From is { } from ? LocalTime.DayOf(from) : int.MinValue, waiver.To is { } to ? LocalTime.DayOf(to) : int.MaxValue);

    private sealed record Entry(bool IsCertifiedCopy, (int From, int To)[] Waivers);
}
