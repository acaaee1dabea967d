using System.Threading.Channels;

namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>
/// Stands between live sources and a destination: a letter is put into a bounded queue and one thread carries it on. A source never waits;
/// when the queue is full, letters are dropped and counted. Any number of sources may put; what is queued is lost with the process.
/// </summary>
internal sealed class DeadLetterQueue : IDeadLetterSink, IAsyncDisposable
{
    /// <summary>Letters waiting, about 1.7 MB: half a second of a stream in which everything is wrong.</summary>
    public const int Capacity = 16_384;

    /// <summary>How long the end may take; what is not written by then is left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>How often a destination is asked what became of the letters it was sent.</summary>
    private static readonly TimeSpan SettleEvery = TimeSpan.FromMilliseconds(100);

    private readonly Channel<NotedLetter> queue = Channel.CreateBounded<NotedLetter>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly IDeadLetterTarget target;
    private readonly TimeProvider time;
    private readonly Task writing;

    /// <param name="target">Where letters go; disposed of with this.</param>
    /// <param name="time">When letters are noted.</param>
    public DeadLetterQueue(IDeadLetterTarget target, TimeProvider time)
    {
        this.target = target;
        this.time = time;
        writing = Task.Factory.StartNew(Write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public DeadLetterCounts Counts => target.Counts;

    /// <summary>Ends when the queue is disposed of, and not before.</summary>
    public Task Writing => writing;

    public void Put(in DeadLetter letter)
    {
        if (!queue.Writer.TryWrite(new NotedLetter(in letter, time.GetUtcNow().ToUnixTimeMilliseconds())))
        {
            Counts.Drop(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAny(writing, Task.Delay(Patience, time));
    }

    private void Write()
    {
        using (target)
        {
            while (WaitForLetters())
            {
                while (queue.Reader.TryRead(out var letter))
                {
                    Add(in letter);
                }

                target.Flush();
            }

            target.Complete();
        }
    }

    /// <summary>Whatever a letter holds, the next ones are written: one that cannot be is dropped and counted.</summary>
    private void Add(in NotedLetter letter)
    {
        try
        {
            target.Add(in letter);
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or FormatException)
        {
            Counts.Drop(1);
        }
    }

    /// <summary>False when there will be no more.</summary>
    private bool WaitForLetters()
    {
        var more = queue.Reader.WaitToReadAsync().AsTask();
        while (target.IsUnsettled && !more.Wait(SettleEvery))
        {
            target.Flush();
        }

        return more.GetAwaiter().GetResult();
    }
}
