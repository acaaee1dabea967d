using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>A rule whose verdict is stated by its reading: the denominator is the number of a <see cref="Judgement"/>.</summary>
internal sealed record StatedRule : AlertRule
{
    private readonly AlertKind kind;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public StatedRule(string figure, AlertKind kind = AlertKind.Ratio) => (Figure, this.kind) = (figure, kind);

    public override AlertKind Kind => kind;

    public override bool InhibitsFedAlone => kind == AlertKind.Source;

    protected override string OwnId => $"stated:{Figure}";

    public override Period Period => Period.TryParse("30d")!;

    public override Judgement Judge(in AlertReading reading, long now) => reading.HasData ? (Judgement)reading.Denominator : Judgement.Missing;

    public AlertReading Says(string unit, Judgement what) => new(this, unit, (long)what, null, null, HasData: what != Judgement.Missing);
}
