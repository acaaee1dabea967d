using KpiStream.Engine.Alerts.Statistics;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>What may be wrong with a source.</summary>
public enum SourceFault
{
    /// <summary>It cannot be read, or does not answer.</summary>
    Unreadable,

    /// <summary>It answers and gives no event, though some should have come.</summary>
    Silent,

    /// <summary>More was written than is read.</summary>
    Behind,

    /// <summary>More of its records than usual are rejected.</summary>
    Rejected,

    /// <summary>It does not state what figures rest on.</summary>
    Unstated,
}

/// <summary>
/// A source that cannot be relied on. The unit of its readings is the source's name. Their denominator is 0 while nothing is wrong, 1 while that cannot be
/// told, like at night, and 2 when it is. Of rejected records it is all records of today, and the numerator those rejected.
/// </summary>
public sealed record SourceRule : AlertRule
{
    public const long Fine = 0, Unknown = 1, Wrong = 2;

    /// <summary>A record in a hundred is rejected where sources are in order; more is somebody's change.</summary>
    private const double UsualShare = 0.01;

    /// <summary>Fewer rejected records are mistakes in single cases.</summary>
    private const long LeastRejected = 20;

    public SourceRule() => (Grade, Scope) = (AlertGrade.Alarm, AlertScope.Everything);

    public required SourceFault Fault { get; init; }

    public override AlertKind Kind => AlertKind.Source;

    /// <summary>While a source only rejects records or leaves facts out, what it does give is judged.</summary>
    public override bool Inhibits => Fault is not (SourceFault.Rejected or SourceFault.Unstated);

    /// <summary>A silent source of several; what cannot be read, or is behind, is the log that all of them are in.</summary>
    public override bool InhibitsFedAlone => Fault == SourceFault.Silent;

    protected override string OwnId => $"source:{Fault.ToString().ToLowerInvariant()}";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override Judgement Judge(in AlertReading reading, long now)
    {
        if (!reading.HasData)
        {
            return Judgement.Missing;
        }

        if (Fault != SourceFault.Rejected)
        {
            return reading.Denominator switch { Fine => Judgement.Clear, Unknown => Judgement.Between, _ => Judgement.Met };
        }

        var rejected = reading.Numerator ?? 0;
        var chance = Tails.PoissonAtLeast(rejected, reading.Denominator * UsualShare);
        return rejected >= LeastRejected && chance <= BelowTargetRule.AlarmTail ? Judgement.Met
            : chance >= BelowTargetRule.DefaultClearAt ? Judgement.Clear
            : Judgement.Between;
    }

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        var evidence = new AlertEvidence { To = now, Held = reading.Fed is { } fed ? HeldUnits.Of(fed) : null };
        return Fault != SourceFault.Rejected ? evidence : evidence with
        {
            Count = reading.Numerator,
            Of = reading.Denominator,
            Expected = reading.Denominator * UsualShare,
            Chance = Tails.PoissonAtLeast(reading.Numerator ?? 0, reading.Denominator * UsualShare),
            From = LocalTime.StartOfDay(LocalTime.DayOf(now)),
        };
    }
}
