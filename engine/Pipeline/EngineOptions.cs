using KpiStream.Engine.Codecs;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Pipeline;

/// <summary>What an engine is made of.</summary>
public sealed record EngineOptions
{
    public required Rulebook Rulebook { get; init; }

    public required UnitDirectory Directory { get; init; }

    /// <summary>The procedures offered, for their names; empty where none is known.</summary>
    public ProcedureCatalogue Catalogue { get; init; } = ProcedureCatalogue.Empty;

    public PseudonymKey PseudonymKey { get; init; } = PseudonymKey.Fixed;

    public DecodeLimits Limits { get; init; } = DecodeLimits.Default;

    /// <summary>How payloads of sources are read that do not send the native form.</summary>
    public SourceProfiles Profiles { get; init; } = SourceProfiles.None;

    public CodeBook Codes { get; init; } = new();

    /// <summary>Shards, each with a thread and its own cases: 1 to 64.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The sliding periods kept; other periods need no keeping.</summary>
    public IReadOnlyList<Period> Sliding { get; init; } = [];

    /// <summary>
    /// True when now is the greatest <c>at</c> read so far (files); false when the host moves it by <see cref="StreamEngine.MoveToAsync"/>.
    /// </summary>
    public bool NowFollowsEvents { get; init; }

    /// <summary>
    /// The wall clock, milliseconds since 1970 UTC: what lies after it when it is read, without an arrival to compare with, is in the future and makes nothing
    /// late. Null where nothing is to be in the future.
    /// </summary>
    public Func<long>? WallClock { get; init; }

    /// <summary>
    /// An event is late when its <c>at</c> is more than this before the newest of its source that is not in the future, in milliseconds.
    /// </summary>
    public long LateAfter { get; init; } = 24 * 3_600_000L;

    /// <summary>Batches that may wait before each shard: the memory between sources and shards is shards × (this + 2) × 38 KB.</summary>
    public int QueuedBatches { get; init; } = 16;

    /// <summary>
    /// Null for a thread to each shard. Otherwise no thread is started, and this gets each shard's step: it does what stands first in the shard's queue and
    /// says whether anything did. A simulation so decides when shards work; one flow at a time may call steps, intakes and questions then.
    /// </summary>
    public Action<Func<bool>>? Stepped { get; init; }
}
