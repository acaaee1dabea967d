using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Sources.Generation;

/// <summary>The package's clock, which a test advances, and which says when a timer is there to be fired.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when somebody has set a timer.</summary>
    public Task TimerCreated => created.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        created.TrySetResult();
        return timer;
    }
}
