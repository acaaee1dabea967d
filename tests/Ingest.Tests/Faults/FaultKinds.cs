namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The kinds of fault that the matrix knows, in the order of its rows.</summary>
internal static class FaultKinds
{
    public const int Least = 30;

    public static readonly IReadOnlyList<string> All =
    [
        "broker down at start", "broker lost", "broker restarted", "leader killed", "leader missing", "broker frozen",
        "latency", "jitter", "bandwidth cap", "connection reset", "connection half-open", "bytes sliced",
        "bad credentials", "no rights", "bad certificate", "no TLS there", "something else listens",
        "topic missing", "partitions added", "topic recreated", "retention gap", "transaction left open", "log shorter", "damaged bytes in the topic",
        "rebalance storm", "poll interval exceeded", "committed offset moved back",
        "duplicates", "disorder", "future timestamps", "impossible timestamps", "poison bytes", "unknown version",
        "kill -9 at random", "kill -9 in a checkpoint", "kill -9 in recovery", "SIGTERM in a checkpoint", "SIGSTOP", "clock step",
        "disk full", "read-only disk", "slow disk",
        "checkpoint torn", "checkpoint truncated", "checkpoint bit-flipped", "checkpoint missing",
        "memory pressure", "slow reader", "slow sender", "HTTP client gone",
        "log file deleted", "hostile settings", "distinct codes",
    ];
}
