using System.Collections.Concurrent;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Follows events that are posted to a server in another process: until they are on its disk, and until a board's client has a frame that was made after the
/// server had taken that many in. There is one sender, and the server reads its log in order.
/// </summary>
internal sealed class PostedFollower(LatencyBook book, LoadClock clock) : LoadProgress
{
    private readonly ConcurrentQueue<(long[] Due, long Through)> unreceived = new();
    private long posted;
    private long before = -1;

    /// <summary>What the server had taken in before the run; −1 before its first frame.</summary>
    public long Before => Interlocked.Read(ref before);

    /// <summary>The server has events on its disk. Poster's flow only.</summary>
    public void Store(long[] due)
    {
        var now = clock.Now;
        posted += due.Length;
        book.Record(LoadMeasure.Applied, due, now);
        unreceived.Enqueue((due, posted));
        CountApplied(due.Length, now);
    }

    /// <summary>The client has a frame. Client's flow only.</summary>
    /// <param name="events">How many the server had taken in; null where the frame does not say, as it has not changed.</param>
    public void Receive(long? events)
    {
        var now = clock.Now;
        Interlocked.CompareExchange(ref before, events ?? 0, -1);
        while (events is { } taken && unreceived.TryPeek(out var group) && group.Through + Before <= taken)
        {
            unreceived.TryDequeue(out _);
            book.Record(LoadMeasure.Received, group.Due, now);
            CountReceived(group.Due.Length);
        }
    }
}
