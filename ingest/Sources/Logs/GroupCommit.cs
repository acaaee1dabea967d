using System.Threading.Channels;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// Writes batches of many senders into one log: whatever has come in while the disk was busy is written and made durable together, so that one wait for the
/// disk serves all. The only writer of the log. Bounded by <see cref="MostWaiting"/> events; beyond it a batch is not taken, and its sender comes again.
/// After a disk error the log is opened anew for the next batch, so a disk that has room again needs no restart.
/// </summary>
public sealed class GroupCommit : IAsyncDisposable
{
    /// <summary>Events waiting for the disk, about 30 MB: several seconds of what a disk takes. A batch alone may be larger.</summary>
    public const int MostWaiting = 200_000;

    // The thread that writes is woken by the one who hands a batch over and not by way of the pool.
    private readonly Channel<Batch> queue =
        Channel.CreateUnbounded<Batch>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly Func<EventLog> open;
    private readonly Task writing;
    private EventLog? log;
    private long waiting;
    private long commits;
    private long numbered;

    /// <param name="log">The log, opened; from now on this object's.</param>
    /// <param name="reopen">Opens it again after an error; throws what opening throws.</param>
    /// <param name="scheduler">Where it is written; null for a thread of its own, which waits for the disk in nobody's way.</param>
    public GroupCommit(EventLog log, Func<EventLog> reopen, TaskScheduler? scheduler = null)
    {
        this.log = log;
        open = reopen;
        writing = scheduler is null
            ? Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    /// <summary>Ends when the log was let go of; fails with what no disk is to blame for, and every batch with it.</summary>
    public Task Writing => writing;

    /// <summary>Waits for the disk so far; every one served all batches that had come in.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <inheritdoc cref="EventLog.ContinueBehind"/>
    public void ContinueBehind(long number) => Volatile.Write(ref numbered, number);

    /// <summary>Hands a batch over.</summary>
    /// <param name="events">Accepted events; not to be changed any more.</param>
    /// <param name="arrival">When they arrived, milliseconds since 1970 UTC.</param>
    /// <param name="done">Done when they are on disk, failed with an <see cref="IOException"/> when they are not.</param>
    /// <returns>False when there is no room now, or writing has ended.</returns>
    public bool TryWrite(IReadOnlyList<CaseEvent> events, long arrival, out Task done)
    {
        var before = Interlocked.Add(ref waiting, events.Count) - events.Count;
        var batch = new Batch(events, arrival);
        done = batch.Done.Task;
        var isTaken = (before == 0 || before + events.Count <= MostWaiting) && queue.Writer.TryWrite(batch);
        if (!isTaken)
        {
            Interlocked.Add(ref waiting, -events.Count);
        }

        return isTaken;
    }

    /// <summary>
    /// Finds out whether the log can still be written and, where its file was taken away, begins the next one: without waiting for somebody to post.
    /// </summary>
    public async Task CheckAsync()
    {
        try
        {
            if (TryWrite([], 0, out var found))
            {
                await found;
            }
        }
        catch (IOException)
        {
            if (TryWrite([], 0, out var opened))
            {
                await opened.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Writes what is waiting, ends the log in order and lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Write()
    {
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            WriteWaiting();
        }

        End();
    }

    private async Task WriteAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            WriteWaiting();
        }

        End();
    }

    private void WriteWaiting()
    {
        var group = new List<Batch>();
        while (queue.Reader.TryRead(out var batch))
        {
            group.Add(batch);
        }

        try
        {
            Finish(group, Commit(group));
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // Nobody may wait for ever: neither these senders nor the next.
            queue.Writer.TryComplete(bug);
            while (queue.Reader.TryRead(out var batch))
            {
                group.Add(batch);
            }

            Finish(group, bug);
            throw;
        }
    }

    /// <summary>Null when the group is on disk, otherwise why not.</summary>
    private Exception? Commit(List<Batch> group)
    {
        try
        {
            log ??= open();
            log.ContinueBehind(Volatile.Read(ref numbered));
            foreach (var batch in group)
            {
                foreach (var accepted in batch.Events)
                {
                    log.Append(in accepted, batch.Arrival);
                }
            }

            log.Commit();
            Interlocked.Increment(ref commits);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log?.Dispose();
            log = null;
            return error;
        }
    }

    private void Finish(List<Batch> group, Exception? error)
    {
        foreach (var batch in group)
        {
            Interlocked.Add(ref waiting, -batch.Events.Count);
            if (error is null)
            {
                batch.Done.TrySetResult();
            }
            else
            {
                batch.Done.TrySetException(new IOException(error.Message, error));
            }
        }
    }

    private void End()
    {
        try
        {
            log?.Close();
        }
        catch (IOException)
        {
            // Everything acknowledged is on disk; only the manifest, which a reader can do without, is missing.
        }

        log?.Dispose();
    }

    private sealed record Batch(IReadOnlyList<CaseEvent> Events, long Arrival)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
