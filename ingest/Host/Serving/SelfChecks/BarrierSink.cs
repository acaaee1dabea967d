namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// Stands between a source and its intake, notes what was handed over, and cuts the stream when asked: between two records the flow of the source passes on
/// what was collected, notes how far that is and puts a question behind it into every shard's queue, and continues. So the answer is of exactly those records.
/// Owned by the flow of the source; asked by anyone, one at a time.
/// </summary>
/// <param name="inner">Where records go.</param>
/// <param name="engine">Whose shards are asked.</param>
/// <param name="before">What was handed over before a restart.</param>
/// <param name="time">What now is for the question.</param>
internal sealed class BarrierSink(IRecordSink inner, StreamEngine engine, StreamBounds before, TimeProvider time) : ForwardingSink(inner)
{
    private readonly StreamBounds bounds = before.Copy();
    private volatile Request? wanted;
    private Action? whenDry;

    /// <summary>How far each part was read. To be called by the flow of the source, like what <see cref="TakeWholeAsync"/> asks.</summary>
    public IReadOnlyDictionary<int, long> ReadUpTo() => bounds.Parts.ToDictionary(static part => part.Key, static part => part.Value.Last);

    /// <summary>Asks all shards for the counters of a day, at the next place between two records.</summary>
    public async Task<StreamCut> TakeAsync(DateOnly day, CancellationToken stop)
    {
        var request = new Request(day);
        wanted = request;
        try
        {
            return await (await request.Taken.Task.WaitAsync(stop)).WaitAsync(stop);
        }
        finally
        {
            wanted = null;
        }
    }

    /// <summary>
    /// Asks at the next place where the source has run dry: whatever batches it was given are wholly in, and the next has not begun. A source that
    /// has more to give all the time reads a backlog, and runs dry at its end.
    /// </summary>
    /// <param name="ask">Puts questions into the shards' queues; called by the flow of the source, which does not wait for the answer.</param>
    /// <param name="patience">How long to wait for such a place.</param>
    /// <returns>Null when there was none in that time: nothing was asked then.</returns>
    public async Task<T?> TakeWholeAsync<T>(Func<Task<T>> ask, TimeSpan patience, CancellationToken stop)
        where T : class
    {
        var taken = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action request = () => taken.TrySetResult(ask());
        Volatile.Write(ref whenDry, request);
        try
        {
            return await (await taken.Task.WaitAsync(patience, time, stop)).WaitAsync(stop);
        }
        catch (TimeoutException)
        {
            // Taken by the flow in the very moment: then the answer comes.
            return Interlocked.CompareExchange(ref whenDry, null, request) == request ? null : await (await taken.Task.WaitAsync(stop)).WaitAsync(stop);
        }
    }

    public override void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        CutWhenWanted();
        bounds.Add(position);
        Inner.Accept(record, position, arrival);
    }

    public override void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        CutWhenWanted();
        bounds.Add(position);
        Inner.RejectTooLarge(position, arrival, length, sha256);
    }

    public override void Flush()
    {
        Inner.Flush();
        CutWhenWanted();
        Interlocked.Exchange(ref whenDry, null)?.Invoke();
    }

    private void CutWhenWanted()
    {
        if (wanted is { } request)
        {
            wanted = null;
            Inner.Flush();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            request.Taken.TrySetResult(AnswerAsync(request.Day, bounds.Copy(), now));
        }
    }

    private async Task<StreamCut> AnswerAsync(DateOnly day, StreamBounds upTo, long now)
    {
        var period = new Period("", PeriodKind.Range, From: day, To: day);
        var shards = await engine.AskAsync(state =>
        {
            state.Ledger.AdvanceTo(now);
            return (state.Ledger.Figures.Now, Sums: LedgerSums.Of(state.Ledger.Figures, period, day, day)!);
        });
        foreach (var other in shards.Skip(1))
        {
            shards[0].Sums.Merge(other.Sums);
        }

        return new StreamCut(upTo, now, shards.Min(shard => shard.Now), shards.Max(shard => shard.Now), shards[0].Sums);
    }

    private sealed record Request(DateOnly Day)
    {
        public TaskCompletionSource<Task<StreamCut>> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What the shards had counted on a day when a definite part of the log had been handed over.</summary>
/// <param name="UpTo">That part of the log.</param>
/// <param name="At">When, milliseconds since 1970 UTC.</param>
/// <param name="LeastNow">The least of the shards' nows, seconds; they only differ when something else moved them at the very same time.</param>
/// <param name="Sums">Their counters.</param>
internal sealed record StreamCut(StreamBounds UpTo, long At, long LeastNow, long GreatestNow, LedgerSums Sums);
