namespace KpiStream.Ingest.Sources.Generation;

/// <summary>What kind of stream to generate.</summary>
public enum GenerateProfile
{
    /// <summary>
    /// Full pictures with the same keys in the same order, but for what a case's source never states, as the peers of the side-by-side workload read them.
    /// </summary>
    Ordinary,

    /// <summary>Everything the contract allows: partial updates, nulls, kinds, linked cases, odd but legal JSON, old and unknown units.</summary>
    Mixed,

    /// <summary><see cref="Mixed"/>, and about one line in fifty that must be rejected.</summary>
    Hostile,
}

/// <summary>What to generate. The same options give the same bytes on every machine.</summary>
/// <param name="Events">Lines to write; the stream ends there, or at <see cref="End"/> if that comes first.</param>
/// <param name="Seed">Any number.</param>
/// <param name="Units">Whose cases: the leaves that are still valid.</param>
public sealed record GenerateOptions(long Events, ulong Seed, UnitDirectory Units)
{
    /// <summary>2025-07-01 local, the day the two-level administration began.</summary>
    public static readonly DateOnly DefaultStart = new(2025, 7, 1);

    public GenerateProfile Profile { get; init; } = GenerateProfile.Ordinary;

    /// <summary>The first local day.</summary>
    public DateOnly Start { get; init; } = DefaultStart;

    /// <summary>Nothing arrives after this instant (milliseconds since 1970 UTC); when stated, the pace is chosen to have about all events by then.</summary>
    public long? End { get; init; }

    /// <summary>Cases a working day; 0 chooses the real volume, or less when the events would not fill ten working days.</summary>
    public long CasesPerDay { get; init; }
}
