using System.Collections.Concurrent;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Follows events from where they are handed over to the engine until a board's client has them. Events handed over together are one group; a group counts as
/// applied when every shard has come past it, as published with the first frame that was begun after it, as received with that frame or a later one. The
/// shards are asked again when they have answered, for all groups since: asked for each, they would do little else.
/// </summary>
internal sealed class EventFollower(LatencyBook book, LoadClock clock) : LoadProgress
{
    private readonly ConcurrentQueue<Group> unapplied = new();
    private readonly ConcurrentQueue<Group> unpublished = new();
    private readonly ConcurrentQueue<Group> unreceived = new();
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<long> pending = [];
    private readonly Lock receiving = new();
    private StreamEngine? engine;
    private int isAsking;
    private long newest;

    /// <summary>Fails when the engine has.</summary>
    public Task Broken => broken.Task;

    public void Follow(StreamEngine started) => engine = started;

    /// <summary>An event was handed over. Source's flow only.</summary>
    /// <param name="due">Nanoseconds after the start.</param>
    public void Accept(long due) => pending.Add(due);

    /// <summary>All handed over so far is in the shards' queues. Source's flow only.</summary>
    public void Flush()
    {
        if (pending.Count == 0)
        {
            return;
        }

        var group = new Group([.. pending], clock.Now);
        pending.Clear();
        unpublished.Enqueue(group);
        unapplied.Enqueue(group);
        if (Interlocked.Exchange(ref isAsking, 1) == 0)
        {
            _ = AskAsync();
        }
    }

    /// <summary>A frame was published. Publisher's flow only.</summary>
    public void Publish(FrameTimes frame)
    {
        var (begun, now) = (clock.Of(frame.Begun), clock.Of(frame.Published));
        while (unpublished.TryPeek(out var group) && group.Flushed <= begun)
        {
            unpublished.TryDequeue(out _);
            book.Record(LoadMeasure.Published, group.Due, now);

            // A frame that is begun late is not the cadence's doing.
            book.Record(LoadMeasure.Beyond, group.Due, now, Math.Min(begun - group.Flushed, (long)BoardPublisher.Cadence.TotalNanoseconds));
            CountPublished(group.Due.Length);

            // A frame that looks like the one before is not sent: what is in it, readers have with that one.
            unreceived.Enqueue(group with { Frame = frame.ChangedId });
        }

        Receive(Interlocked.Read(ref newest));
    }

    /// <summary>A client has a frame.</summary>
    public void Receive(long frame)
    {
        lock (receiving)
        {
            newest = Math.Max(newest, frame);
            ReceiveUpTo(newest);
        }
    }

    private void ReceiveUpTo(long frame)
    {
        var now = clock.Now;
        while (unreceived.TryPeek(out var group) && group.Frame <= frame)
        {
            unreceived.TryDequeue(out _);
            book.Record(LoadMeasure.Received, group.Due, now);
            CountReceived(group.Due.Length);
        }
    }

    private async Task AskAsync()
    {
        try
        {
            do
            {
                while (unapplied.Count is > 0 and var groups)
                {
                    var last = (await engine!.AskAsync(_ => clock.Now)).Max();
                    for (; groups > 0 && unapplied.TryDequeue(out var group); groups--)
                    {
                        book.Record(LoadMeasure.Applied, group.Due, last);
                        CountApplied(group.Due.Length, last);
                    }
                }

                Interlocked.Exchange(ref isAsking, 0);
            }
            while (!unapplied.IsEmpty && Interlocked.Exchange(ref isAsking, 1) == 0);
        }
        catch (Exception problem)
        {
            broken.TrySetException(problem);
        }
    }

    /// <param name="Due">When each event was due.</param>
    /// <param name="Flushed">When all were in the shards' queues.</param>
    private sealed record Group(long[] Due, long Flushed)
    {
        /// <summary>The first frame that shows it; 0 while there is none.</summary>
        public long Frame { get; init; }
    }
}
