using KpiStream.Engine.Time;

namespace KpiStream.Engine.Kpis;

/// <summary>What the rulebook says of one procedure.</summary>
internal sealed class ProcedureFacts(bool isCertifiedCopy, (int From, int To)[] waivers)
{
    public bool IsCertifiedCopy { get; } = isCertifiedCopy;

    /// <summary>True when the fee is waived for cases accepted at an instant, milliseconds.</summary>
    public bool IsWaived(long acceptedAt)
    {
        if (waivers.Length == 0)
        {
            return false;
        }

        var day = LocalTime.DayOf(acceptedAt);
        foreach (var (from, to) in waivers)
        {
            if (day >= from && day <= to)
            {
                return true;
            }
        }

        return false;
    }
}
