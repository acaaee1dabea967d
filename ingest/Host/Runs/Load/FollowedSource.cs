namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A live source whose records are followed from where they are handed to the engine. What was due when, their timestamps say.</summary>
internal sealed class FollowedSource(IRecordSource inner, EventFollower follower, LoadClock clock) : IRecordSource
{
    public string Name => inner.Name;

    public RecordForm Form => inner.Form;

    public string StateName => inner.StateName;

    public long? Skipped => inner.Skipped;

    public long Lost => inner.Lost;

    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop) =>
        inner.RunAsync(new FollowedSink(sink, follower, arrival => (arrival - clock.StartMillis) * 1_000_000), start, stop);
}
