namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>How far the events of a run have come. Any thread may read.</summary>
internal abstract class LoadProgress
{
    private long applied;
    private long published;
    private long received;
    private long lastApplied;

    /// <summary>Events that are counted; over HTTP, that are on the server's disk.</summary>
    public long Applied => Interlocked.Read(ref applied);

    /// <summary>Events in a published frame; 0 for ever where the server is another process, which does not say.</summary>
    public long Published => Interlocked.Read(ref published);

    /// <summary>Events in a frame that the board's client has.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>When the last event was applied, nanoseconds after the start.</summary>
    public long LastApplied => Interlocked.Read(ref lastApplied);

    protected void CountApplied(int events, long at)
    {
        for (var known = LastApplied; at > known; known = LastApplied)
        {
            Interlocked.CompareExchange(ref lastApplied, at, known);
        }

        Interlocked.Add(ref applied, events);
    }

    protected void CountPublished(int events) => Interlocked.Add(ref published, events);

    protected void CountReceived(int events) => Interlocked.Add(ref received, events);
}
