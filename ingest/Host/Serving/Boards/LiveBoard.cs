namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>One server-sent event, written once for all readers.</summary>
/// <param name="Id">The frame it leads to.</param>
/// <param name="Event"><c>frame</c>, <c>delta</c>, or <c>heartbeat</c> when only the clock has moved.</param>
/// <param name="Json">UTF-8.</param>
internal sealed record BoardMessage(long Id, string Event, byte[] Json);

/// <summary>
/// The newest frame, the last few steps to it, and a bell for it. A slow reader never holds anything up: whenever it comes back it finds the steps it
/// has missed, or the newest frame when there were too many. Written by the publisher, read by anyone.
/// </summary>
internal sealed class LiveBoard
{
    /// <summary>Two seconds of frames: a reader further behind gets the newest frame.</summary>
    private const int StepsKept = 8;

    private volatile Shown? shown;
    private TaskCompletionSource bell = NewBell();
    private int readers;

    /// <summary>The newest frame, the steps to it (oldest first, without a gap), and itself as a message, written when first asked for.</summary>
    private sealed record Shown(BoardFrame Frame, BoardMessage[] Steps, Lazy<BoardMessage> Whole);

    /// <summary>Null before the first frame.</summary>
    public BoardFrame? Current => shown?.Frame;

    /// <summary>The newest frame as JSON; null before the first.</summary>
    public byte[]? CurrentJson => shown?.Whole.Value.Json;

    /// <summary>How many follow the board at present.</summary>
    public int Readers => Volatile.Read(ref readers);

    /// <summary>Counts a reader until it is disposed of.</summary>
    public IDisposable Join() => new Reader(this);

    public void Publish(BoardFrame frame)
    {
        var before = shown;
        var step = before is null ? null : StepTo(before.Frame, frame);
        shown = new Shown(
            frame, step is null ? [] : [.. before!.Steps.TakeLast(StepsKept - 1), step],
            new Lazy<BoardMessage>(() => new BoardMessage(frame.Id, "frame", JsonSerializer.SerializeToUtf8Bytes(frame, ApiJson.Options))));
        Interlocked.Exchange(ref bell, NewBell()).SetResult();
    }

    /// <summary>Waits until there is a frame newer than the one seen: what leads to it. Empty when the patience ends first.</summary>
    /// <param name="seen">The id seen last; 0 for none.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">Measures the patience.</param>
    /// <param name="cancel">The reader has gone.</param>
    public async Task<IReadOnlyList<BoardMessage>> NewerThanAsync(long seen, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        var next = Volatile.Read(ref bell).Task;
        if (shown is { } known && known.Frame.Id > seen)
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

    private static IReadOnlyList<BoardMessage> Since(Shown known, long seen) =>
        known.Steps is [var oldest, ..] && oldest.Id <= seen + 1 ? [.. known.Steps.Where(step => step.Id > seen)] : [known.Whole.Value];

    private static BoardMessage? StepTo(BoardFrame seen, BoardFrame newer) => BoardDiff.Between(seen, newer) switch
    {
        null => null,
        { IsEmpty: true } => new BoardMessage(newer.Id, "heartbeat", JsonSerializer.SerializeToUtf8Bytes(BoardHeartbeat.Of(newer), ApiJson.Options)),
        var delta => new BoardMessage(newer.Id, delta.Kind, JsonSerializer.SerializeToUtf8Bytes(delta, ApiJson.Changes)),
    };

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
