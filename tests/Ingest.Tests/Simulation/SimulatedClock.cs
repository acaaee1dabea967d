namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>A clock that advances when told. What the wall shows may jump; what measures durations does not.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Timer, (long Due, int Number)> timers = new();
    private readonly Lock setting = new(); // timers may be set on other threads than the one that lets time pass
    private long ticks;
    private long jumped;
    private int made;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(ticks + jumped);

    /// <summary>Somebody sets the wall clock.</summary>
    public void Jump(TimeSpan by) => jumped += by.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass, and timers fire that are due.</summary>
    public void Pass(TimeSpan time)
    {
        ticks += time.Ticks;
        while (TryTakeDue() is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Lets time pass to the next timer; false when there is none.</summary>
    public bool TryPassToNext()
    {
        (long Due, int Number) next;
        lock (setting)
        {
            if (!timers.TryPeek(out _, out next))
            {
                return false;
            }
        }

        Pass(new TimeSpan(Math.Max(0, next.Due - ticks)));
        return true;
    }

    /// <summary>The process that had set the timers is gone.</summary>
    public void Forget()
    {
        lock (setting)
        {
            timers.Clear();
        }
    }

    private Timer? TryTakeDue()
    {
        lock (setting)
        {
            return timers.TryPeek(out _, out var due) && due.Due <= ticks ? timers.Dequeue() : null;
        }
    }

    private sealed class Timer(SimulatedClock clock, Action fire) : ITimer
    {
        private bool isDone;

        public void Fire()
        {
            if (!isDone)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                lock (clock.setting)
                {
                    clock.timers.Enqueue(this, (clock.ticks + dueTime.Ticks, clock.made++));
                }
            }

            return true;
        }

        public void Dispose() => isDone = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
