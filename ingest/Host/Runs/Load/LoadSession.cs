namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A target ready for one run: what sends to it, what follows the events, and how its answer is checked. Used once.</summary>
internal abstract class LoadSession : IAsyncDisposable
{
    /// <summary>How long nothing may move before what has not arrived is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public abstract ILoadTarget Target { get; }

    public abstract LoadProgress Progress { get; }

    /// <summary>Why the target takes no more; empty while all is well.</summary>
    public virtual string Failure => "";

    /// <summary>What a wallboard can be opened at while it runs.</summary>
    public abstract Uri Address { get; }

    /// <summary>Passes on everything that was sent and waits until all of it was followed to its end, or nothing moves any more.</summary>
    /// <returns>How many of the events did not arrive everywhere.</returns>
    public async Task<long> FinishAsync(long sent, CancellationToken stop)
    {
        await FlushAsync(stop);
        var (reached, since) = (-1L, TimeProvider.System.GetTimestamp());
        while (Progress.Received < sent && Failure.Length == 0)
        {
            var now = Progress.Applied + Progress.Published + Progress.Received;
            if (now > reached)
            {
                (reached, since) = (now, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                break;
            }

            Target.Flush(); // The board reads a source where it has run dry.
            await Task.Delay(Poll, stop);
        }

        return sent - Math.Min(Progress.Applied, Progress.Received);
    }

    /// <summary>Compares what the target counted with a recount of what was sent. Ends the session.</summary>
    public abstract Task<LoadAnswer> CheckAsync(LoadRecount recount, CancellationToken stop);

    public abstract ValueTask DisposeAsync();

    /// <summary>Passes on everything that was sent. The sending flow has ended.</summary>
    protected virtual Task FlushAsync(CancellationToken stop) => Task.CompletedTask;
}

/// <summary>What came of comparing the figures with the recount.</summary>
/// <param name="Compared">Rows compared.</param>
/// <param name="Differences">What differs, one sentence each, the first few.</param>
/// <param name="Fingerprint">The target's; empty where it does not say.</param>
/// <param name="Expected">The recount's.</param>
internal sealed record LoadAnswer(long Compared, IReadOnlyList<string> Differences, string Fingerprint, string Expected)
{
    /// <summary>Records that were refused, as the recount refused them.</summary>
    public long Rejected { get; init; }

    public long Cases { get; init; }

    public bool IsRight => Differences.Count == 0 && Compared > 0;
}
