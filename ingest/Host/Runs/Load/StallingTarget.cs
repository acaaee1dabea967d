using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>A target that takes nothing for a while, once: what is measured must show it at full size. Called by the sending flow alone.</summary>
internal sealed class StallingTarget(ILoadTarget inner, LoadStall stall, ILoadClock clock) : ILoadTarget
{
    private readonly long from = (long)(stall.After.TotalSeconds * 1e9);

    /// <summary>When the target stood still, nanoseconds after the start; null before it has.</summary>
    public (long From, long To)? Stood { get; private set; }

    public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
    {
        if (Stood is null && clock.Now >= from)
        {
            var begun = clock.Now;
            clock.WaitUntil(begun + (long)(stall.Length.TotalSeconds * 1e9), stop);
            Stood = (begun, clock.Now);
        }

        return inner.TrySend(record, in item, stop);
    }

    public void Flush() => inner.Flush();
}
