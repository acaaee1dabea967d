namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// The newest frame, the last few steps to it, and a bell for it. A slow reader never holds anything up: whenever it comes back it finds the steps it
/// has missed, or the newest frame when those are too many. A frame in which only the clock has moved is no step, and wakes nobody. Written by the publisher,
/// read by anyone.
/// </summary>
internal sealed class LiveBoard
{
    /// <summary>A few seconds of frames: a reader further behind gets the newest frame.</summary>
    private const int StepsKept = 16;

    /// <summary>A reader that missed more than this gets the newest frame instead, bytes.</summary>
    private const int MostMissed = 32 << 10;

    private volatile Shown? shown;
    private TaskCompletionSource bell = NewBell();
    private volatile Beat? beat;
    private int readers;

    /// <param name="Frame">The newest.</param>
    /// <param name="ChangedId">The id of the frame in which more than the clock changed last.</param>
    /// <param name="Steps">Leading to it, oldest first, without a gap.</param>
    /// <param name="Whole">The newest as a message, written when first asked for.</param>
    private sealed record Shown(BoardFrame Frame, long ChangedId, Step[] Steps, Lazy<BoardMessage> Whole);

    /// <param name="From">The step is from the frame of this id, or any later one that differs by its clock only.</param>
    private sealed record Step(long From, BoardMessage Message);

    private sealed record Beat(BoardHeartbeat Says, BoardMessage Message);

    /// <summary>Null before the first frame.</summary>
    public BoardFrame? Current => shown?.Frame;

    /// <summary>The id of the frame in which more than the clock changed last; 0 before the first.</summary>
    public long ChangedId => shown?.ChangedId ?? 0;

    /// <summary>The newest frame as JSON; null before the first.</summary>
    public ReadOnlyMemory<byte>? CurrentJson => shown?.Whole.Value.Json;

    /// <summary>How many follow the board at present.</summary>
    public int Readers => Volatile.Read(ref readers);

    /// <summary>Counts a reader until it is disposed of.</summary>
    public IDisposable Join() => new Reader(this);

    public void Publish(BoardFrame frame)
    {
        var before = shown;
        var whole = new Lazy<BoardMessage>(() => BoardMessage.Of(frame.Id, "frame", frame, ApiJson.Options));
        var delta = before is null ? null : BoardDiff.Between(before.Frame, frame);
        if (delta is { IsEmpty: true })
        {
            shown = before! with { Frame = frame, Whole = whole };
            return;
        }

        shown = new Shown(frame, frame.Id, delta is null ? [] : [
            .. before!.Steps.TakeLast(StepsKept - 1), new Step(before.ChangedId, BoardMessage.Of(frame.Id, delta.Kind, delta, ApiJson.Changes))], whole);
        Interlocked.Exchange(ref bell, NewBell()).SetResult();
    }

    /// <summary>Waits until more than the clock has changed since the frame seen: what leads to the newest. Empty when the patience ends first.</summary>
    /// <param name="seen">The id seen last; 0 for none.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">Measures the patience.</param>
    /// <param name="cancel">The reader has gone.</param>
    public async Task<IReadOnlyList<BoardMessage>> NewerThanAsync(long seen, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var next = Volatile.Read(ref bell).Task;
        if (shown is { } known && known.ChangedId > seen)
        {
            return Since(known, seen);
        }

        try
        {
            await next.WaitAsync(patience, time, cancel);
            return Since(shown!, seen);
        }
        catch (TimeoutException)
        {
            return [];
        }
    }

    /// <summary>A heartbeat, the same bytes for all readers that are told the same.</summary>
    public BoardMessage BeatOf(BoardHeartbeat says)
    {
        if (beat is { } known && known.Says == says)
        {
            return known.Message;
        }

        var written = new Beat(says, BoardMessage.Of(0, "heartbeat", says, ApiJson.Options));
        beat = written;
        return written.Message;
    }

    private static List<BoardMessage> Since(Shown known, long seen)
    {
        var missed = known.Steps.SkipWhile(step => step.Message.Id <= seen).ToList();
        return missed is [var first, ..] && first.From <= seen && missed.Sum(static step => step.Message.Text.Length) <= MostMissed
            ? missed.ConvertAll(static step => step.Message) : [known.Whole.Value];
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
