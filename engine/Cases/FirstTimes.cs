namespace KpiStream.Engine.Cases;

/// <summary>The least <c>at</c> of the case's events with certain statuses; milliseconds, 0 when there was none.</summary>
public struct FirstTimes
{
    // A bit for each status by which a case had been accepted.
    private const int StatusAccepted = 1 << (int)CaseStatus.Accepted | 1 << (int)CaseStatus.Processing | 1 << (int)CaseStatus.AwaitingPapers
        | 1 << (int)CaseStatus.AwaitingPayment | 1 << (int)CaseStatus.Stopped | 1 << (int)CaseStatus.ResultReady | 1 << (int)CaseStatus.ResultReturned;

    /// <summary>A status by which the case had been accepted.</summary>
    public long Accepted;

    /// <summary>The status of the same name.</summary>
    public long ResultReady, ResultReturned, Refused, Withdrawn, Stopped;

    /// <summary>Takes one event's status into account; true when a first time became earlier.</summary>
    public bool Observe(CaseStatus status, long at)
    {
        var changed = (StatusAccepted & (1 << (int)status)) != 0 && Lower(ref Accepted, at);
        changed |= status switch
        {
            CaseStatus.Refused => Lower(ref Refused, at),
            CaseStatus.Withdrawn => Lower(ref Withdrawn, at),
            CaseStatus.Stopped => Lower(ref Stopped, at),
            CaseStatus.ResultReady => Lower(ref ResultReady, at),
            CaseStatus.ResultReturned => Lower(ref ResultReturned, at),
            _ => false,
        };
        return changed;
    }

    private static bool Lower(ref long first, long at)
    {
        if (first != 0 && first <= at)
        {
            return false;
        }

        first = at;
        return true;
    }
}
