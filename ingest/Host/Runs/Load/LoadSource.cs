namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// A source that a load is sent through, in the process of the engine. It reads nothing: the sender hands over, and the source ends when told to.
/// </summary>
internal sealed class LoadSource(EventFollower follower, LoadClock clock) : IRecordSource, ILoadTarget
{
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FollowedSink? sink;
    private long number;

    public string Name => "load";

    public string? CannotResume => "a load is sent once";

    /// <summary>Ends when records can be sent.</summary>
    public Task Begun => begun.Task;

    public async Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        this.sink = new FollowedSink(sink, follower, static _ => 0);
        sink.ReportLag(0, 0); // There is no past to be read: all that comes is live.
        begun.TrySetResult();
        await ended.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return SourceEnd.Stopped;
    }

    public void End() => ended.TrySetResult();

    public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
    {
        sink!.Due = item.Due;
        sink.Accept(record, new SourcePosition(0, number++), ArrivalOf(item.Due, clock.StartMillis));
        return true;
    }

    public void Flush() => sink!.Flush();

    /// <summary>When a record arrives, to the millisecond: when it was due. So its arrival does not depend on how fast anything is.</summary>
    public static long ArrivalOf(long due, long startMillis) => startMillis + (due / 1_000_000);
}
