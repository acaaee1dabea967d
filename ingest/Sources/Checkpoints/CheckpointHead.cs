using KpiStream.Engine.Arrivals;

namespace KpiStream.Ingest.Sources.Checkpoints;

/// <summary>What a checkpoint knows beside the cases: under what it was made, how far the sources were read, what was counted on the way.</summary>
public sealed record CheckpointHead
{
    /// <summary>When the cut was made, milliseconds since 1970 UTC by the wall clock.</summary>
    public required long MadeAt { get; init; }

    public required CheckpointTerms Terms { get; init; }

    /// <summary>Shards the cases were of.</summary>
    public required int Shards { get; init; }

    /// <summary>The sources in the order they were read.</summary>
    public required IReadOnlyList<SavedSource> Sources { get; init; }

    /// <summary>Cases, as are the next three of all shards together.</summary>
    public required long Cases { get; init; }

    public required long Applied { get; init; }

    public required long Duplicates { get; init; }

    /// <summary>The greatest <c>at</c> applied, milliseconds; 0 before the first event.</summary>
    public required long GreatestAt { get; init; }

    /// <summary>What the intake had counted when the local day began: only in checkpoints of older programs, and null where they did not know it.</summary>
    public SavedToday? Today { get; init; }

    /// <summary>What the events stated; null when that was not counted, as in checkpoints of older programs.</summary>
    public SavedStream? Stream { get; init; }
}

/// <summary>A <see cref="StreamCounts"/> in a form that JSON can write.</summary>
/// <param name="Sources">Of each source, events by the key they stated; under the empty name those of all others.</param>
/// <param name="Days">Events by the local day number of their <c>at</c>.</param>
public sealed record SavedStream(IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Sources, IReadOnlyDictionary<int, long> Days)
{
    /// <summary>Of each source, the same by local day number for its newest days; null in checkpoints of older programs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, IReadOnlyDictionary<string, long>>>? SourceDays { get; init; }

    /// <summary>Of each source, the newest local day number on which it stated each unit; null in checkpoints of older programs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? SourceUnits { get; init; }

    /// <summary>See <see cref="StreamCounts.UnitsSince"/>.</summary>
    public int UnitsSince { get; init; }

    public static SavedStream Of(StreamCounts counts) => new(
        counts.Sources.ToDictionary(static source => source.Source, static IReadOnlyDictionary<string, long> (source) => Names(source.Counts)),
        counts.Days.ToDictionary(day => day.Day, day => day.Events))
    {
        SourceDays = counts.Sources.ToDictionary(
            static source => source.Source,
            static IReadOnlyDictionary<int, IReadOnlyDictionary<string, long>> (source) =>
                source.Days.ToDictionary(static day => day.Day, static IReadOnlyDictionary<string, long> (day) => Names(day.Counts))),
        SourceUnits = counts.Sources.ToDictionary(static source => source.Source, static source => source.Units),
        UnitsSince = counts.UnitsSince,
    };

    /// <summary>Keys that are none are left out.</summary>
    public StreamCounts ToCounts() => new(
        [.. Sources.Select(source => new SourceKeys(source.Key, Numbers(source.Value)) { Days = DaysOf(source.Key), Units = UnitsOf(source.Key) })],
        [.. Days.Where(day => DayCounter.IsDay(day.Key)).Select(day => (day.Key, Math.Max(0, day.Value))).OrderBy(day => day.Key)])
    {
        UnitsSince = SourceUnits is null ? Days.Keys.Where(DayCounter.IsDay).DefaultIfEmpty().Max() : UnitsSince,
    };

    private static Dictionary<string, long> Names(IReadOnlyList<long> counts) =>
        counts.Index().Where(static key => key.Item > 0).ToDictionary(static key => CaseKeys.NameOf((CaseKey)key.Index), static key => key.Item);

    private static IReadOnlyList<long> Numbers(IReadOnlyDictionary<string, long> names) =>
        [.. Enumerable.Range(0, CaseKeys.Count).Select(key => Math.Max(0, names.GetValueOrDefault(CaseKeys.NameOf((CaseKey)key))))];

    private IReadOnlyDictionary<string, int> UnitsOf(string source) => SourceUnits?.GetValueOrDefault(source) ?? new Dictionary<string, int>();

    private IReadOnlyList<DayKeys> DaysOf(string source) => SourceDays?.GetValueOrDefault(source) is not { } days ? [] :
        [.. days.Where(static day => DayCounter.IsDay(day.Key)).OrderBy(static day => day.Key).Select(static day => new DayKeys(day.Key, Numbers(day.Value)))];
}

/// <summary>Totals at the beginning of a local day.</summary>
/// <param name="Day">Local day number since 1970-01-01.</param>
/// <param name="Rejected">Rejected records by reason.</param>
/// <param name="Late">Late events.</param>
public sealed record SavedToday(int Day, IReadOnlyDictionary<string, long> Rejected, long Late);

/// <summary>
/// Under what a checkpoint was made. The key must be the same; other options make it of no use; another rulebook or directory is applied to the cases.
/// </summary>
/// <param name="Program">The program's version: fingerprints are comparable under one.</param>
/// <param name="KeyId">Tells pseudonym keys apart.</param>
/// <param name="Options">A hash of what decides which events are accepted and what they say.</param>
/// <param name="Rulebook">Its id and version.</param>
/// <param name="RulebookHash">SHA-256 of its text.</param>
/// <param name="Units">The directory's version, which has a hash of its text.</param>
public sealed record CheckpointTerms(string Program, string KeyId, string Options, string Rulebook, string RulebookHash, string Units)
{
    /// <summary>True when the same cases must make the same fingerprint.</summary>
    public bool CountAlike(CheckpointTerms other) => Program == other.Program && RulebookHash == other.RulebookHash && Units == other.Units;
}

/// <summary>One source and its intake.</summary>
/// <param name="Name">What it is: another source is not read on from here.</param>
/// <param name="Places">How far it was handed over.</param>
/// <param name="Intake">What its intake counted.</param>
public sealed record SavedSource(string Name, SourcePlaces Places, SavedIntake Intake);

/// <summary>An <see cref="IntakeState"/> in a form that JSON can write.</summary>
public sealed record SavedIntake(
    long Accepted, long Late, long GreatestAt, long Now, long LatestArrival, long LastOffset, bool HasArrivals,
    IReadOnlyDictionary<string, long> Rejected, IReadOnlyDictionary<string, long> Newest)
{
    /// <summary>What was rejected and late on the last days; null in checkpoints of older programs.</summary>
    public IReadOnlyList<SavedDay>? Days { get; init; }

    /// <summary>What was rejected before it reached the source; null in checkpoints of older programs, which have it among the others.</summary>
    public SavedPosted? Posted { get; init; }

    /// <summary>When events of each source arrived; null in checkpoints of older programs.</summary>
    public IReadOnlyList<SavedRhythm>? Arrivals { get; init; }

    /// <summary>Which partitions records came from; null in checkpoints of older programs.</summary>
    public IReadOnlyList<SavedPartition>? Partitions { get; init; }

    public static SavedIntake Of(IntakeState state) => new(
        state.Accepted, state.Late, state.GreatestAt, state.Now, state.LatestArrival, state.LastOffset, state.HasArrivals,
        SavedReasons.Of(state.Rejected),
        state.Newest.ToDictionary(row => row.Source, row => row.At))
    {
        Days = [.. state.Days.Select(SavedDay.Of)],
        Posted = SavedPosted.Of(state.Posted),
        Arrivals = [.. state.Arrivals.Select(SavedRhythm.Of)],
        Partitions = [.. state.Partitions.Select(static one => new SavedPartition(one.Partition, one.Records, one.Meanwhile, one.Longest, one.LastAt))],
    };

    /// <param name="begun">What had been counted when the day began, where days are not counted themselves.</param>
    /// <exception cref="FormatException">A reason is none that this program knows.</exception>
    public IntakeState ToState(SavedToday? begun = null) => new()
    {
        Accepted = Accepted,
        Late = Late,
        GreatestAt = GreatestAt,
        Now = Now,
        LatestArrival = LatestArrival,
        LastOffset = LastOffset,
        HasArrivals = HasArrivals,
        Rejected = SavedReasons.Read(Rejected),
        Newest = [.. Newest.Select(row => (row.Key, row.Value))],
        Days = Days is not null ? [.. Days.Select(day => day.ToCount())] : begun is not null ? [Since(begun).ToCount()] : [],
        Posted = Posted?.ToState() ?? PostedState.None,
        Arrivals = [.. (Arrivals ?? []).Select(rhythm => rhythm.ToArrivals())],
        Partitions = [.. (Partitions ?? []).Select(static one =>
            new PartitionArrival(one.Partition, one.Records, 0, Math.Max(0, one.Meanwhile), Math.Max(0, one.Longest), one.LastAt))],
    };

    private SavedDay Since(SavedToday begun) => new(
        begun.Day, Rejected.ToDictionary(row => row.Key, row => Math.Max(0, row.Value - begun.Rejected.GetValueOrDefault(row.Key))),
        Math.Max(0, Late - begun.Late));
}

/// <summary>A <see cref="PartitionArrival"/> in a form that JSON can write.</summary>
public sealed record SavedPartition(int Partition, double Records, long Meanwhile, long Longest, long LastAt);

/// <summary>The end of a checkpoint: what must have been read by then.</summary>
/// <param name="Blocks">Blocks before this one.</param>
/// <param name="Fingerprint">What the cases contribute under the terms of the head.</param>
public sealed record CheckpointEnd(int Blocks, long Cases, string Fingerprint);
