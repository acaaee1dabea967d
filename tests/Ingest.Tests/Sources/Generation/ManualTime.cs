namespace KpiStream.Ingest.Tests.Sources.Generation;

/// <summary>A clock that goes on when told; its timers fire on the thread that tells it.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> timers = [];
    private readonly TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset now = start;

    /// <summary>Done when somebody has set a timer.</summary>
    public Task TimerCreated => created.Task;

    public override DateTimeOffset GetUtcNow() => now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state), period);
        lock (timers)
        {
            timers.Add(timer);
        }

        created.TrySetResult();
        return timer;
    }

    /// <summary>Goes on by one period, which every timer is taken to have.</summary>
    public void Tick(TimeSpan period)
    {
        now += period;
        ManualTimer[] due;
        lock (timers)
        {
            due = [.. timers];
        }

        Array.ForEach(due, timer => timer.Fire());
    }

    private sealed class ManualTimer(Action fire, TimeSpan period) : ITimer
    {
        private bool isDone;

        public void Fire()
        {
            if (!isDone)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan next) => next == period;

        public void Dispose() => isDone = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
