namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// Notes the longest pause that collections caused, after each of them: an object that nobody holds is finalized by the next collection and leaves another in
/// its place. Of two collections before a finalizer's turn the later is seen. The runtime's own events would show all, but listeners that begin and end in
/// several threads at once can block each other, and with them whatever makes an event source, for ever (dotnet/runtime issue 96219).
/// </summary>
internal sealed class GcPauses : IDisposable
{
    private readonly long before = GC.GetGCMemoryInfo(GCKind.Any).Index;
    private readonly Lock gate = new();
    private TimeSpan longest;
    private volatile bool isOver;

    public GcPauses() => Watch();

    /// <summary>The longest time that all threads stood still.</summary>
    public TimeSpan Longest
    {
        get
        {
            Note();
            lock (gate)
            {
                return longest;
            }
        }
    }

    public void Dispose() => isOver = true;

    private void Watch() => _ = new Sentinel(this);

    private void Note()
    {
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        lock (gate)
        {
            foreach (var pause in last.Index > before ? last.PauseDurations : [])
            {
                longest = pause > longest ? pause : longest;
            }
        }
    }

    private sealed class Sentinel(GcPauses pauses)
    {
        ~Sentinel()
        {
            pauses.Note();
            if (!pauses.isOver)
            {
                pauses.Watch();
            }
        }
    }
}
