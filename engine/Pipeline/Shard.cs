using System.Collections.Concurrent;
using System.Threading.Channels;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// A state only one flow touches, behind a bounded queue. Questions travel the same way as events, in order with them. Who takes from the queue is the
/// subclass's matter: a thread (<see cref="ThreadedShard"/>), or the caller of steps (<see cref="SteppedShard"/>).
/// </summary>
internal abstract class Shard
{
    private readonly ConcurrentBag<EventBatch> spare;
    private readonly TaskCreationOptions answering;
    private readonly TaskCompletionSource finished;

    /// <param name="options">The bound of the queue.</param>
    /// <param name="spare">Where emptied batches go.</param>
    /// <param name="answering">Where the caller of a question continues.</param>
    protected Shard(ShardState state, EngineOptions options, ConcurrentBag<EventBatch> spare, TaskCreationOptions answering)
    {
        (State, this.spare, this.answering) = (state, spare, answering);
        finished = new TaskCompletionSource(answering);

        // Continuations run where the queue was written, so that the thread is woken by the writer and not by way of the pool, whose workers may all be
        // waiting here.
        Queue = Channel.CreateBounded<Message>(new BoundedChannelOptions(options.QueuedBatches) { SingleReader = true, AllowSynchronousContinuations = true });
    }

    public ShardState State { get; }

    /// <summary>Ends when the queue was completed and emptied; fails when the shard's code did, which is a bug.</summary>
    public Task Finished => finished.Task;

    protected Channel<Message> Queue { get; }

    /// <summary>Hands a batch over, waiting while the queue is full. Fails when the shard has ended, with what ended it.</summary>
    public void Put(EventBatch batch)
    {
        var message = new Message(batch, null);
        if (!Queue.Writer.TryWrite(message))
        {
            PutWhenThereIsRoom(message);
        }
    }

    /// <summary>Asks for something to be done with the state, after everything queued before.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(Func<ShardState, TAnswer> question, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<TAnswer>(answering);
        await WriteAsync(new Message(null, state => Answer(state, question, answer)), cancel);
        var first = await Task.WhenAny(answer.Task, Finished).WaitAsync(cancel);
        await first;
        return await answer.Task.WaitAsync(cancel);
    }

    /// <summary>Lets the shard end once the queue is empty.</summary>
    public void Complete() => Queue.Writer.TryComplete();

    /// <summary>Writes a question once there is room for it.</summary>
    protected virtual ValueTask WriteAsync(Message message, CancellationToken cancel) => Queue.Writer.WriteAsync(message, cancel);

    /// <summary>Writes a message once there is room for it, asking <see cref="ThrowIfFinished"/> while there is none.</summary>
    protected abstract void PutWhenThereIsRoom(Message message);

    protected void ThrowIfFinished()
    {
        if (Finished.IsCompleted)
        {
            Finished.GetAwaiter().GetResult();
            throw new InvalidOperationException("A batch was put after the engine had been stopped.");
        }
    }

    protected void Handle(in Message message)
    {
        if (message.Batch is { } batch)
        {
            State.Apply(batch);
            batch.Clear();
            spare.Add(batch);
        }

        message.Request?.Invoke(State);
    }

    protected void Finish() => finished.TrySetResult();

    /// <summary>Fails pending and future writers: the reader has stopped.</summary>
    protected void Fail(Exception problem)
    {
        Queue.Writer.TryComplete(problem);
        finished.TrySetException(problem);
    }

    private static void Answer<TAnswer>(ShardState state, Func<ShardState, TAnswer> question, TaskCompletionSource<TAnswer> answer)
    {
        try
        {
            answer.SetResult(question(state));
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The asker's mistake must not take the shard down; the asker gets it back.
            answer.SetException(problem);
        }
    }

    protected readonly record struct Message(EventBatch? Batch, Action<ShardState>? Request);
}
