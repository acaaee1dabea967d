using System.Collections.Concurrent;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// A shard without a thread: a call of its step (<see cref="EngineOptions.Stepped"/>) does its work, one message at a time, and the caller of a question
/// continues inside that step. A full queue is worked off by the writer. One thread at a time.
/// </summary>
internal sealed class SteppedShard : Shard
{
    public SteppedShard(ShardState state, EngineOptions options, ConcurrentBag<EventBatch> spare)
        : base(state, options, spare, TaskCreationOptions.None) => options.Stepped!(Step);

    protected override void PutWhenThereIsRoom(Message message)
    {
        while (!Queue.Writer.TryWrite(message))
        {
            ThrowIfFinished();
            Step();
        }
    }

    // A writer that a full queue made wait continues on the pool, when the caller of steps may have found that there is nothing left to do.
    protected override ValueTask WriteAsync(Message message, CancellationToken cancel)
    {
        PutWhenThereIsRoom(message);
        return ValueTask.CompletedTask;
    }

    /// <returns>False when there was nothing to do.</returns>
    private bool Step()
    {
        try
        {
            if (Queue.Reader.TryRead(out var message))
            {
                Handle(message);
                return true;
            }

            State.Rest();
            if (Queue.Reader.Completion.IsCompletedSuccessfully)
            {
                Finish();
            }
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Fail(problem);
        }

        return false;
    }
}
