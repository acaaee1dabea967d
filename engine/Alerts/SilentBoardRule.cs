using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Alerts;

/// <summary>
/// A wallboard that was there and paints nothing any more. Whether it is silent is read by who lists the boards: a denominator of 1 says that it is.
/// </summary>
public sealed record SilentBoardRule : AlertRule
{
    /// <summary>Nobody sees what a silent board does not show, so somebody is told.</summary>
    public SilentBoardRule() => Grade = AlertGrade.Alarm;

    /// <summary>The id the board's page gave itself.</summary>
    public required string Board { get; init; }

    /// <summary>The page's address, so that somebody finds the screen.</summary>
    public string Address { get; init; } = "";

    /// <summary>When it was last known to have painted, milliseconds since 1970 UTC.</summary>
    public long PaintedAt { get; init; }

    /// <summary>True once somebody said that the board is not to be waited for.</summary>
    public bool IsDismissed { get; init; }

    public override AlertKind Kind => AlertKind.Board;

    protected override string OwnId => $"silent_board:{Board}";

    public override Period Period { get; } = new("now", PeriodKind.Now);

    public override Judgement Judge(in AlertReading reading, long now) =>
        !reading.HasData ? Judgement.Missing : reading.Denominator > 0 ? Judgement.Met : Judgement.Clear;
}
