using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A figure of one unit and day for which the log, counted again, gave other numbers than the engine. It stands until the same recount gives the same
/// numbers. The reading holds what the engine counted.
/// </summary>
public sealed record SelfCheckRule : AlertRule
{
    /// <summary>A figure that is wrong is worse than one that is bad.</summary>
    public SelfCheckRule() => (Grade, Scope) = (AlertGrade.Critical, AlertScope.Everything);

    /// <summary>The day counted again.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>What the recount gave.</summary>
    public required long CountedDenominator { get; init; }

    /// <summary>What the recount gave; null for a volume.</summary>
    public required long? CountedNumerator { get; init; }

    /// <summary>What the recount gave.</summary>
    public long CountedUnobserved { get; init; }

    public override AlertKind Kind => AlertKind.SelfCheck;

    protected override string OwnId => $"self_check:{Figure}:{Day:yyyy-MM-dd}";

    public override Period Period =>
        new($"{Day:yyyy-MM-dd}..{Day:yyyy-MM-dd}", PeriodKind.Range, From: Day, To: Day);

    public override Judgement Judge(in AlertReading reading, long now) =>
        !reading.HasData ? Judgement.Missing
        : reading.Denominator == CountedDenominator && reading.Numerator == CountedNumerator && reading.Unobserved == CountedUnobserved ? Judgement.Clear
        : Judgement.Met;
}
