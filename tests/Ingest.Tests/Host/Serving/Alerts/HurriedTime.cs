using System.Collections.Concurrent;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>
/// A clock on which every wait is over at once; it keeps how long each was to be. Waits of an hour or more stay real, so that time limits never strike.
/// </summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.FromHours(1) || dueTime < TimeSpan.Zero)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
