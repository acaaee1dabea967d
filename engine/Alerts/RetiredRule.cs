using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>A rule that is not in force any more: nothing can meet it, so what it found is over. It has the id of the rule that was.</summary>
public sealed record RetiredRule : AlertRule
{
    public required AlertKind Was { get; init; }

    public override AlertKind Kind => Was;

    protected override string OwnId => "retired";

    public override Period Period { get; } = new("now", PeriodKind.Now);

    /// <summary>As the rule was, and over at once.</summary>
    public static RetiredRule Of(AlertRule rule) => new() { Figure = rule.Figure, GivenId = rule.Id, Was = rule.Kind, Grade = rule.Grade, Scope = rule.Scope };

    public override Judgement Judge(in AlertReading reading, long now) => Judgement.Clear;
}
