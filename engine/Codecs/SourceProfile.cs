namespace KpiStream.Engine.Codecs;

/// <summary>
/// How one source's JSON payload is read as events: which of its keys states which fact, and how its
/// values are written. Everything a vendor does differently stands in a profile and nowhere in code. Read from YAML; immutable.
/// </summary>
public sealed record SourceProfile
{
    /// <summary>Its name in messages.</summary>
    public required string Id { get; init; }

    public required int Version { get; init; }

    /// <summary>The constant <c>source</c> of its events; null when a key states it.</summary>
    public string? Source { get; init; }

    /// <summary>The constant <c>kind</c> as a word's code; 0 when nothing or a key states it.</summary>
    public int Kind { get; init; }

    /// <summary>True when <c>at</c> is the record's arrival; records without one then lack it.</summary>
    public bool AtIsArrival { get; init; }

    /// <summary>
    /// What <c>at</c> is, where it is the record's arrival, of a record that has none; <see cref="DecodeLimits.UnknownArrival"/> for nothing.
    /// </summary>
    public long AtWithoutArrival { get; init; } = DecodeLimits.UnknownArrival;

    /// <summary>The forms of its dates where a fact does not say its own.</summary>
    public DateForms Dates { get; init; } = DateForms.Iso;

    /// <summary>At most one for every fact.</summary>
    public required IReadOnlyList<PayloadRule> Rules { get; init; }

    /// <summary>SHA-256 of the text it was read from, in lower-case hexadecimal digits; empty when it was not read from one.</summary>
    public string Hash { get; init; } = "";
}

/// <summary>Which profiles an intake reads by.</summary>
public sealed record SourceProfiles
{
    /// <summary>Everything is native.</summary>
    public static readonly SourceProfiles None = new();

    /// <summary>The profile of all JSON records; null for native ones.</summary>
    public SourceProfile? All { get; init; }

    /// <summary>Profiles of JSON records whose native key <c>source</c> says one of these names, which <see cref="All"/> does not cover.</summary>
    public IReadOnlyDictionary<string, SourceProfile> BySource { get; init; } = new Dictionary<string, SourceProfile>();

    /// <summary>Finds units by name; null where names are not to be resolved.</summary>
    public IUnitNames? Units { get; init; }
}

/// <summary>Finds a unit's code by the name a source gives it. Safe for any number of threads.</summary>
public interface IUnitNames
{
    /// <summary>The code of the one unit of that name; null when there is none, or more than one.</summary>
    /// <param name="name">A name, an alias or a code.</param>
    string? CodeOf(string name);
}
