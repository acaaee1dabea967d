using KpiStream.Engine.Boards;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// The newest frame and a bell for it. A slow reader never holds anything up: whenever it comes back it finds the newest frame
/// and misses those in between. Written by the publisher, read by anyone.
/// </summary>
internal sealed class LiveBoard
{
    private volatile BoardFrame? current;
    private TaskCompletionSource bell = NewBell();
    private int readers;

    /// <summary>Null before the first frame.</summary>
    public BoardFrame? Current => current;

    /// <summary>How many follow the board at present.</summary>
    public int Readers => Volatile.Read(ref readers);

    /// <summary>Counts a reader until it is disposed of.</summary>
    public IDisposable Join() => new Reader(this);

    public void Publish(BoardFrame frame)
    {
        current = frame;
        Interlocked.Exchange(ref bell, NewBell()).SetResult();
    }

    /// <summary>Waits until there is a frame newer than the one seen; null when the patience ends first.</summary>
    /// <param name="seen">The id seen last; 0 for none.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">Measures the patience.</param>
    /// <param name="cancel">The reader has gone.</param>
    public async Task<BoardFrame?> NewerThanAsync(long seen, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var next = Volatile.Read(ref bell).Task;
        if (current is { } known && known.Id > seen)
        {
            return known;
        }

        try
        {
            await next.WaitAsync(patience, time, cancel);
            return current;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Reader : IDisposable
    {
        private readonly LiveBoard board;
        private int left;

        public Reader(LiveBoard board)
        {
            this.board = board;
            Interlocked.Increment(ref board.readers);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                Interlocked.Decrement(ref board.readers);
            }
        }
    }
}
