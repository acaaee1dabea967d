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
    private readonly Lock receiving = new();
    private long before = -1;
    private long newest;

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
        Receive(null); // The frame may have been quicker than the answer to the post.
    }

    /// <summary>The client has a frame.</summary>
    /// <param name="events">How many the server had taken in; null where the frame does not say, as it has not changed.</param>
    public void Receive(long? events)
    {
        lock (receiving)
        {
            var now = clock.Now;
            newest = Math.Max(newest, events ?? 0);
            Interlocked.CompareExchange(ref before, newest, -1);
            while (unreceived.TryPeek(out var group) && group.Through + Before <= newest)
            {
                unreceived.TryDequeue(out _);
                book.Record(LoadMeasure.Received, group.Due, now);
                CountReceived(group.Due.Length);
            }
        }
    }
}
