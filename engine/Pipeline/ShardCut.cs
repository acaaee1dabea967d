using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Pipeline;

/// <summary>What a shard had counted at a cut through the stream, beside what its cases say.</summary>
/// <param name="Applied">Events that changed something kept.</param>
/// <param name="Duplicates">Valid events that changed nothing.</param>
/// <param name="GreatestAt">The greatest <c>at</c> applied, milliseconds; 0 before the first event.</param>
/// <param name="Fingerprint">The multiset hash of all contributions: what must come out again when the cases are read back.</param>
public readonly record struct ShardCut(long Cases, long Applied, long Duplicates, long GreatestAt, Fingerprint Fingerprint)
{
    /// <summary>What the events stated; null when that was not counted, as in checkpoints of older programs.</summary>
    public StreamCounts? Stream { get; init; }

    /// <summary>What several shards had counted together.</summary>
    public static ShardCut Sum(IEnumerable<ShardCut> shards) => shards.Aggregate(default(ShardCut), static (sum, one) => sum.With(one));

    private ShardCut With(ShardCut other)
    {
        var both = Fingerprint;
        both.Merge(other.Fingerprint);
        return new ShardCut(Cases + other.Cases, Applied + other.Applied, Duplicates + other.Duplicates, Math.Max(GreatestAt, other.GreatestAt), both)
        {
            Stream = Stream is null ? other.Stream : other.Stream is null ? Stream : Stream.With(other.Stream),
        };
    }
}
