using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Says an alert in Vietnamese, on one line, with the names of its figure and unit.</summary>
public sealed class AlertText(Rulebook rulebook, UnitDirectory units)
{
    private readonly Dictionary<string, string> figures = rulebook.Figures.ToDictionary(figure => figure.Id, figure => figure.NameVi);

    /// <summary>A figure's Vietnamese name; its id when the rulebook does not know it.</summary>
    public string FigureName(string id) => figures.GetValueOrDefault(id, id);

    /// <summary>A unit as a sentence names it.</summary>
    public string UnitName(string code) => units.Find(code)?.FullName ?? "đơn vị chưa rõ";

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
        return OneLine($"{heading}: {UnitName(alert.Unit)} ({alert.Unit}): {Finding(alert)}");
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
            SilentBoardRule => SilentLine((SilentBoardRule)reading.Rule, alert.State),
            _ => reading.Target is { } target ? $"{shown}, target {target}" : shown,
        };
        return OneLine($"Alert {alert.State.ToString().ToLowerInvariant()}: unit {alert.Unit} ({UnitName(alert.Unit)}), {alert.Rule.Id}: {finding}");
    }

    /// <summary>What an alert found, without its state or unit.</summary>
    public string Finding(Alert alert)
    {
        var reading = alert.Reading;
        var isBad = alert.State is AlertState.Pending or AlertState.Firing;
        var span = VietnameseText.Span(alert.Rule.Period);
        if (alert.Rule is LowVolumeRule low)
        {
            var verdict = isBad ? $"dưới mức {VietnameseText.Count(low.FewerThan)} hồ sơ" : $"mức tối thiểu là "
                + $"{VietnameseText.Count(low.FewerThan)} hồ sơ";
            return $"{VietnameseText.Count(reading.Denominator)} hồ sơ {span}, {verdict}";
        }

        if (reading.Rule is SilentBoardRule board)
        {
            return isBad ? $"màn hình im lặng: {board.Address} (mã {board.Board}), vẽ lần cuối lúc {VietnameseText.Hour(board.PaintedAt)}"
                : board.IsDismissed ? $"màn hình {board.Address} (mã {board.Board}) đã bỏ khỏi danh sách"
                : $"màn hình {board.Address} (mã {board.Board}) đã hoạt động lại";
        }

        var name = FigureName(alert.Rule.Figure);
        if (alert.Rule is SelfCheckRule check)
        {
            var counted = VietnameseText.Fraction(check.CountedNumerator, check.CountedDenominator);
            var day = VietnameseText.Day(check.Day);
            return isBad
                ? $"số liệu sai: {name} ngày {day} đang hiển thị {VietnameseText.Fraction(reading.Numerator, reading.Denominator)}, đếm "
                    + $"lại từ nhật "
                    + $"ký được {counted}; báo ngay đơn vị vận hành"
                : $"{name} ngày {day} đã khớp với nhật ký ({counted})";
        }

        if (reading is not { Numerator: { } numerator, Denominator: > 0 })
        {
            return $"{name} {span}: chưa có dữ liệu";
        }

        var value = $"{name} {span} đạt {VietnameseText.Percent(numerator, reading.Denominator)} "
            + $"({VietnameseText.Count(numerator)}/{VietnameseText.Count(reading.Denominator)})";
        var target = reading.Target is { } ratio ? VietnameseText.Target(ratio) : null;
        return target is null ? value : $"{value}, {(isBad ? "thấp hơn chỉ tiêu" : "chỉ tiêu")} {target}";
    }

    private static string SilentLine(SilentBoardRule board, AlertState state) => state is AlertState.Pending or AlertState.Firing
        ? $"the wallboard {board.Board} at {board.Address} has painted nothing since {InstantText.ToLocalSeconds(board.PaintedAt)}; see to the screen, "
            + $"or dismiss it with DELETE /api/v1/boards/{board.Board}"
        : $"the wallboard {board.Board} at {board.Address} {(board.IsDismissed ? "was dismissed" : "paints again")}";

    private static string LogFraction(long? numerator, long denominator) =>
        $"{(numerator is { } some ? $"{some}/" : "")}{denominator}";

    /// <summary>A unit code of the stream may hold anything; it must not begin a second line in a log.</summary>
    private static string OneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        }
    });
}
