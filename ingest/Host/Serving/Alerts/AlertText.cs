using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Says an alert in Vietnamese and in English, on one line, with the names of its figure and unit.</summary>
public sealed class AlertText(Rulebook rulebook, UnitDirectory units)
{
    private readonly VietnameseWords words = new(rulebook, units);
    private readonly EnglishWords english = new(rulebook, units);

    /// <summary>A figure's Vietnamese name; its id when the rulebook does not know it.</summary>
    public string FigureName(string id) => words.FigureName(id);

    /// <summary>A unit as a sentence names it.</summary>
    public string UnitName(string code) => words.UnitName(code);

    /// <summary>What an alert is about, with its kind: a unit, a source, a wallboard.</summary>
    public string Subject(Alert alert) => words.Subject(alert);

    public string Line(AlertTransition transition)
    {
        var alert = transition.Alert;
        var heading = alert.State switch
        {
            AlertState.Pending => "CHỜ XÁC NHẬN",
            AlertState.Firing => "CẢNH BÁO",
            AlertState.Resolved => "ĐÃ HẾT CẢNH BÁO",
            _ => "KHÔNG THÀNH CẢNH BÁO",
        };
        return AlertWords.OneLine($"{heading}: {UnitName(alert.Unit)} ({alert.Unit}): {Finding(alert)}");
    }

    /// <summary>The same for the operator's log, in English; figures and units keep the names by which the settings know them.</summary>
    public string LogLine(AlertTransition transition)
    {
        var (alert, reading) = (transition.Alert, transition.Alert.Reading);
        var shown = LogFraction(reading.Numerator, reading.Denominator);
        var finding = alert.Rule switch
        {
            LowVolumeRule low => $"{reading.Denominator} cases, limit {low.FewerThan}",
            SelfCheckRule check when alert.State is AlertState.Pending or AlertState.Firing => string.Create(
                CultureInfo.InvariantCulture,
                $"figures differ from the log: {shown} is shown for {check.Day:yyyy-MM-dd} and "
                    + $"{LogFraction(check.CountedNumerator, check.CountedDenominator)} counted; report it to the developers"),
            SelfCheckRule check => $"the figure of {check.Day:yyyy-MM-dd} is the log's again: {shown}",
            DroppedKeysRule => string.Join(", ", (alert.Evidence?.Keys ?? []).Select(static key =>
                $"{key.Key} was in {key.StatedBefore} of {key.EventsBefore} events, and since {LocalTime.DateOf(key.Since):yyyy-MM-dd} is in "
                    + $"{key.Stated} of {key.Events}")) is { Length: > 0 } keys ? keys : "every key is stated as before",
            SilentBoardRule => SilentLine((SilentBoardRule)reading.Rule, alert.State),
            _ => reading.Target is { } target ? $"{shown}, target {target}" : shown,
        };
        return AlertWords.OneLine($"Alert {alert.State.ToString().ToLowerInvariant()}: unit {alert.Unit} ({UnitName(alert.Unit)}), {alert.Rule.Id}: {finding}");
    }

    /// <summary>What an alert found, without its state or unit.</summary>
    public string Finding(Alert alert) => words.Finding(alert);

    /// <summary>The same in English.</summary>
    public string FindingInEnglish(Alert alert) => english.Finding(alert);

    private static string SilentLine(SilentBoardRule board, AlertState state) => state is AlertState.Pending or AlertState.Firing
        ? $"the wallboard {board.Board} at {board.Address} has painted nothing since {InstantText.ToLocalSeconds(board.PaintedAt)}; see to the screen, "
            + $"or dismiss it with DELETE /api/v1/boards/{board.Board}"
        : $"the wallboard {board.Board} at {board.Address} {(board.IsDismissed ? "was dismissed" : "paints again")}";

    private static string LogFraction(long? numerator, long denominator) =>
        $"{(numerator is { } some ? $"{some}/" : "")}{denominator}";
}
