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
