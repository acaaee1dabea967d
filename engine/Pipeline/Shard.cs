using System.Collections.Concurrent;
using System.Threading.Channels;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// One thread and the state only it touches, behind a bounded queue. Questions travel the same way as events, in order with them. Where
/// <see cref="EngineOptions.Stepped"/> is given there is no thread, and the caller of the steps replaces it.
/// </summary>
internal sealed class Shard
{
    private readonly Channel<Message> queue;
    private readonly ConcurrentBag<EventBatch> spare;

    // Pulsed whenever a place in the queue has become free. A channel's own way of waiting makes objects, for every batch while the shard is the slower side.
    private readonly object room = new();
    private readonly bool isStepped;
    private readonly TaskCompletionSource finished;

    public Shard(int number, ShardState state, EngineOptions options, ConcurrentBag<EventBatch> spare)
    {
        State = state;
        this.spare = spare;

        // Continuations run where the queue was written, so that the thread is woken by the writer and not by way of the pool, whose workers may all be
        // waiting here.
        queue = Channel.CreateBounded<Message>(new BoundedChannelOptions(options.QueuedBatches) { SingleReader = true, AllowSynchronousContinuations = true });
        isStepped = options.Stepped is not null;
        finished = new TaskCompletionSource(Answering);
        options.Stepped?.Invoke(Step);
        if (!isStepped)
        {
            new Thread(Run) { IsBackground = true, Name = $"shard {number}" }.Start();
        }
    }

    public ShardState State { get; }

    /// <summary>Ends when the queue was completed and emptied; fails when the shard's code did, which is a bug.</summary>
    public Task Finished => finished.Task;

    /// <summary>The caller continues in a thread of its own, for the shard's is the shard's; without one it continues where it asked.</summary>
    private TaskCreationOptions Answering => isStepped ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>Hands a batch over, waiting while the queue is full. Fails when the shard has ended, with what ended it.</summary>
    public void Put(EventBatch batch)
    {
        var message = new Message(batch, null);
        if (!queue.Writer.TryWrite(message))
        {
            PutWhenThereIsRoom(message);
        }
    }

    /// <summary>Asks for something to be done on the shard's thread, after everything queued before.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(Func<ShardState, TAnswer> question, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<TAnswer>(Answering);
        await queue.Writer.WriteAsync(new Message(null, state => Answer(state, question, answer)), cancel);
        var first = await Task.WhenAny(answer.Task, Finished).WaitAsync(cancel);
        await first;
        return await answer.Task.WaitAsync(cancel);
    }

    /// <summary>Lets the thread end once the queue is empty.</summary>
    public void Complete() => queue.Writer.TryComplete();

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

    private void PutWhenThereIsRoom(Message message)
    {
        lock (room)
        {
            while (!queue.Writer.TryWrite(message))
            {
                if (Finished.IsCompleted)
                {
                    Finished.GetAwaiter().GetResult();
                    throw new InvalidOperationException("A batch was put after the engine had been stopped.");
                }

                Wait();
            }
        }
    }

    /// <summary>For room in the queue. Without a thread there is none to wait for, and the work is done here.</summary>
    private void Wait()
    {
        if (isStepped)
        {
            Step();
        }
        else
        {
            Monitor.Wait(room);
        }
    }

    private void SayThereIsRoom()
    {
        lock (room)
        {
            Monitor.PulseAll(room);
        }
    }

    private void Run()
    {
        try
        {
            while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (TryHandleNext())
                {
                }
            }

            finished.SetResult();
            SayThereIsRoom();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Fail(problem);
        }
    }

    private bool Step()
    {
        try
        {
            if (TryHandleNext())
            {
                return true;
            }

            if (queue.Reader.Completion.IsCompletedSuccessfully)
            {
                finished.TrySetResult();
            }
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Fail(problem);
        }

        return false;
    }

    private void Fail(Exception problem)
    {
        // Fail pending and future writers: the reader has stopped.
        queue.Writer.TryComplete(problem);
        finished.TrySetException(problem);
        SayThereIsRoom();
    }

    private bool TryHandleNext()
    {
        if (!queue.Reader.TryRead(out var message))
        {
            return false;
        }

        SayThereIsRoom();
        Handle(message);
        return true;
    }

    private void Handle(Message message)
    {
        if (message.Batch is { } batch)
        {
            State.Apply(batch);
            batch.Clear();
            spare.Add(batch);
        }

        message.Request?.Invoke(State);
    }

    private readonly record struct Message(EventBatch? Batch, Action<ShardState>? Request);
}
