using System.Collections.Concurrent;

namespace KpiStream.Engine.Pipeline;

/// <summary>A shard with a thread of its own. The caller of a question continues elsewhere: the thread is the shard's.</summary>
internal sealed class ThreadedShard : Shard
{
    // Signalled when the queue has room. `WriteAsync` would allocate per batch whenever the shard is the bottleneck.
    private readonly object room = new();

    public ThreadedShard(int number, ShardState state, EngineOptions options, ConcurrentBag<EventBatch> spare)
        : base(state, options, spare, TaskCreationOptions.RunContinuationsAsynchronously) =>
        new Thread(Run) { IsBackground = true, Name = $"shard {number}" }.Start();

    protected override void PutWhenThereIsRoom(Message message)
    {
        lock (room)
        {
            while (!Queue.Writer.TryWrite(message))
            {
                ThrowIfFinished();
                Monitor.Wait(room);
            }
        }
    }

    private void Run()
    {
        try
        {
            while (Queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (Queue.Reader.TryRead(out var message))
                {
                    SignalRoom();
                    Handle(message);
                }

                State.Rest();
            }

            Finish();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Fail(problem);
        }

        SignalRoom();
    }

    private void SignalRoom()
    {
        lock (room)
        {
            Monitor.PulseAll(room);
        }
    }
}
