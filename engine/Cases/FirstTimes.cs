namespace KpiStream.Engine.Cases;

/// <summary>The least <c>at</c> of the case's events with certain statuses; milliseconds, 0 when there was none.</summary>
public struct FirstTimes
{
    private const int StatusAccepted = 1 << 2 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 10;

    /// <summary>Status 2, 4, 5, 6, 8, 9 or 10: the case had been accepted by then.</summary>
    public long Accepted;

    /// <summary>Status 9, 10, 3, 7 and 8.</summary>
    public long ResultReady, ResultReturned, Refused, Withdrawn, Stopped;

    /// <summary>Takes one event's status into account; true when a first time became earlier.</summary>
    public bool Observe(int status, long at)
    {
        var changed = (StatusAccepted & (1 << status)) != 0 && Lower(ref Accepted, at);
        changed |= status switch
        {
            3 => Lower(ref Refused, at),
            7 => Lower(ref Withdrawn, at),
            8 => Lower(ref Stopped, at),
            9 => Lower(ref ResultReady, at),
            10 => Lower(ref ResultReturned, at),
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
