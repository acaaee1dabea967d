namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>What became of a server's checks of itself. Written by one flow, read by anyone.</summary>
internal sealed class SelfCheckCounts
{
    private readonly long[] byVerdict = new long[Enum.GetValues<SelfCheckVerdict>().Length];

    /// <summary>Checks that came out so.</summary>
    public long Of(SelfCheckVerdict verdict) => Volatile.Read(ref byVerdict[(int)verdict]);

    public void Add(SelfCheckResult result) => Interlocked.Increment(ref byVerdict[(int)result.Verdict]);
}
