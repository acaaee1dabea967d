using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>
/// Walks from tick to tick as records come. A stretch in which no record comes, no window or deadline passes anything and no rule changes its verdict is
/// passed in one step; what comes out is the same as if every tick had been judged. Owned by the flow of the replay.
/// </summary>
/// <param name="world">What is judged.</param>
/// <param name="clock">Moved along.</param>
internal sealed class TickWalk(TrialWorld world, ReplayClock clock)
{
    /// <summary>Verdicts may change on the half hour: office hours begin and end, a source's rhythm is another.</summary>
    private const long StrideMillis = 30 * 60_000;

    private long next = long.MaxValue;

    /// <summary>The first instant judged; null for the first tick after the first record.</summary>
    public long? From { get; init; }

    /// <summary>Nothing at or after it is looked at; null for all there is.</summary>
    public long? To { get; init; }

    /// <summary>The time between two ticks.</summary>
    public long Every { get; init; } = AlertTicks.EveryMillis;

    /// <summary>True to judge every single tick, for comparison.</summary>
    public bool IsThorough { get; init; }

    /// <summary>The instant of the first record; null before it.</summary>
    public long? Began { get; private set; }

    /// <summary>Ticks that have passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Of them, those judged.</summary>
    public long Judged { get; private set; }

    /// <summary>A record came at an instant: judges every tick up to it.</summary>
    /// <returns>False when the instant lies behind the end.</returns>
    public bool TryReach(long instant)
    {
        if (To is { } end && instant >= end)
        {
            return false;
        }

        if (Began is null)
        {
            Began = instant;
            next = AlertTicks.After(Math.Max(instant, (From ?? instant) - 1), Every);
        }

        if (instant >= next)
        {
            WalkTo(instant);
        }

        clock.Now = Math.Max(clock.Now, instant);
        return true;
    }

    /// <summary>No more records come: judges up to the end, or where none is given the next tick.</summary>
    public void Finish()
    {
        if (next != long.MaxValue)
        {
            WalkTo(To is { } end ? Math.Max(end - 1, clock.Now) : AlertTicks.After(clock.Now, Every));
        }
    }

    private void WalkTo(long instant)
    {
        Judge(next);
        var last = AlertTicks.AtOrBefore(instant, Every);
        while (next <= last)
        {
            var far = Math.Min(last, AlertTicks.AtOrBefore(Math.Min(world.QuietThrough(next - Every), StrideEnd(next - Every)), Every));
            if (!IsThorough && far > next && world.IsSettled(far))
            {
                Passed += (far - next) / Every;
                next = far;
            }

            Judge(next);
        }
    }

    private static long StrideEnd(long at) => AlertTicks.After(at, StrideMillis);

    private void Judge(long tick)
    {
        clock.Now = tick;
        world.Judge(tick);
        Passed++;
        Judged++;
        next = tick + Every;
    }
}
