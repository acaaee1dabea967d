using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

internal enum SelfCheckVerdict
{
    /// <summary>Board and log say the same.</summary>
    Equal,

    /// <summary>They do not: one of the two is wrong.</summary>
    Different,

    /// <summary>The log is not any more what was read of it; what could be read gives the same figures, or was not counted.</summary>
    Damaged,

    /// <summary>The log begins later than it did, so there is nothing to compare with.</summary>
    Incomplete,

    /// <summary>The log could not be read at present.</summary>
    Unreadable,

    /// <summary>The unit's day needs more memory than may be taken.</summary>
    TooLarge,
}

/// <summary>A recount of a unit's day beside what the engine had.</summary>
internal sealed record SelfCheckResult
{
    public required UnitDay Place { get; init; }

    public required SelfCheckVerdict Verdict { get; init; }

    /// <summary>The instant both figures are of, milliseconds since 1970 UTC.</summary>
    public required long At { get; init; }

    /// <summary>How long it took from then on, rests included.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>Records read, every time they were read.</summary>
    public required long Records { get; init; }

    /// <summary>Cases counted again.</summary>
    public required int Cases { get; init; }

    /// <summary>Every figure, in the rulebook's order; empty when the log could not be counted.</summary>
    public IReadOnlyList<CheckedFigure> Figures { get; init; } = [];

    /// <summary>What was wrong with the log, in one sentence; empty when nothing was.</summary>
    public string Error { get; init; } = "";

    public IEnumerable<CheckedFigure> Differences => Figures.Where(figure => figure.Differs);
}

/// <summary>A figure twice; numerators are null for volumes.</summary>
internal sealed record CheckedFigure(
    string Figure, long Denominator, long? Numerator, long CountedDenominator, long? CountedNumerator, long Unobserved = 0, long CountedUnobserved = 0)
{
    public bool Differs => Denominator != CountedDenominator || Numerator != CountedNumerator || Unobserved != CountedUnobserved;
}
