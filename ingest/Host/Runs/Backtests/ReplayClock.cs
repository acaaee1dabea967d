namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>A clock that a replay moves: what was is judged as of then. Owned by the flow of the replay.</summary>
internal sealed class ReplayClock : TimeProvider
{
    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now { get; set; }

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);
}
