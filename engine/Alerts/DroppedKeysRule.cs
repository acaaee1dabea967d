using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A source that used to state a key in nearly all its events and lately does in hardly any, like after a new version of its system: figures that rest on the
/// key would turn into "not observed" without a word. One alert for a source, whatever the number of keys. See <see cref="KeyHistory"/>.
/// </summary>
public sealed record DroppedKeysRule : AlertRule
{
    public DroppedKeysRule() => (Grade, Scope) = (AlertGrade.Alarm, AlertScope.Everything);

    public override AlertKind Kind => AlertKind.Source;

    /// <summary>What the source does give is judged: what it does not say counts as achieved.</summary>
    public override bool Inhibits => false;

    protected override string OwnId => "source:dropped";

    public override Period Period { get; } = new("day", PeriodKind.Day);

    public override Judgement Judge(in AlertReading reading, long now) => reading is { HasData: true, Keys: { } keys } ? keys.Judge(now) : Judgement.Missing;

    public override AlertEvidence Evidence(in AlertReading reading, long now)
    {
        var dropped = reading.Keys?.Dropped(LocalTime.DayOf(now)) ?? [];
        return dropped.Count == 0 ? new AlertEvidence { To = now, Keys = dropped } : new AlertEvidence
        {
            Keys = dropped,
            From = LocalTime.StartOfDay(dropped.Min(static key => key.Since)),
            To = now,
        };
    }
}
