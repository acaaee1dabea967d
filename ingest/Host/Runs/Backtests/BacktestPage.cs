using KpiStream.Engine.Alerts;
using static KpiStream.Ingest.Host.Runs.Backtests.BacktestPageParts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>
/// A trial as one page that needs nothing else: tables of rules, a timeline for each unit and rule as hand-written SVG, and every alert with its sentence.
/// Readable on a phone, in print, and without scripts, which only filter.
/// </summary>
internal sealed class BacktestPage(BacktestPlan plan, BacktestResult result, BacktestReport report)
{
    /// <summary>Rows of a table: more than anybody reads, and a page still opens.</summary>
    private const int MostRows = 5_000;

    private static readonly (AlertGrade Grade, string Vietnamese)[] Grades =
        [(AlertGrade.Report, "báo cáo"), (AlertGrade.Watch, "theo dõi"), (AlertGrade.Alarm, "cảnh báo"), (AlertGrade.Critical, "nghiêm trọng")];

    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append($"""
            <!doctype html>
            <html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Thử quy tắc cảnh báo: {Text(plan.Rules[0].ToString())}</title>
            <style>
            {Style}</style></head><body><main>
            <h1>{Both("Thử quy tắc cảnh báo trên dữ liệu đã qua", "Alert rules tried on the past")}</h1>
            <dl>{string.Concat(Facts())}</dl>

            """);
        foreach (var trial in report.Trials)
        {
            html.Append(Rules(trial)).Append(Scores(trial));
        }

        html.Append(Filter()).Append(new BacktestTimelines(plan, result).ToHtml()).Append(Differences()).Append(Alerts());
        return html.Append($"</main><script>\n{Script}</script></body></html>\n").ToString();
    }

    private IEnumerable<string> Facts()
    {
        yield return Fact("Thời gian", "Time", $"{Short(report.From)} – {Short(report.To)}");
        yield return Fact("Đơn vị", "Units", plan.Count.Units.Version);
        yield return Fact("Bộ chỉ tiêu", "Rulebook", $"{plan.Count.Rulebook.Id} {plan.Count.Rulebook.Version}");
        yield return Fact("Sự kiện", "Events", $"{report.Events:N0}");
        yield return Fact("Không xét", "Not judged", "nguồn dữ liệu, tự kiểm tra, màn hình (sources, self-checks, wallboards)");
        foreach (var (index, trial) in report.Trials.Index())
        {
            var found = $"{trial.Rules}: {trial.Alerts.Count:N0} cảnh báo, {trial.Messages:N0} tin";
            yield return index == 0 ? Fact("Quy tắc", "Rules", found) : Fact("So với", "Compared with", found);
        }
    }

    private static string Fact(string vietnamese, string english, string value) => $"<div><dt>{Both(vietnamese, english)}</dt><dd>{Text(value)}</dd></div>";

    private static string Rules(TrialReport trial) => Section(
        $"{Both("Theo quy tắc", "By rule")}: {Text(trial.Rules)}", $"Theo quy tắc {trial.Rules}",
        [
            ("Quy tắc", "Rule"), ("Loại", "Kind"), ("Mức", "Grade"), ("Số lần", "Fired"), ("Đơn vị", "Units"), ("Còn kéo dài", "Standing"),
            ("Dài nhất", "Longest"),
        ],
        trial.ByRule.Select(static rule => Row(
            rule.Rule, [Text(rule.Kind), Badge(rule.Grade), rule.Fired, rule.Units, rule.Standing, BacktestOutput.Duration(rule.LongestSeconds)])));

    private static string Scores(TrialReport trial) => trial.Scores is not { } scores ? "" : Section(
        $"{Both("So với thay đổi đã biết", "Against declared changes")}: {Text(trial.Rules)}", $"So với thay đổi đã biết {trial.Rules}",
        [
            ("Quy tắc", "Rule"), ("Thay đổi", "Changes"), ("Phát hiện", "Found"), ("Bỏ sót", "Missed"), ("Sai", "False"),
            ("Ngày làm việc, trung vị", "Working days, median"),
        ],
        scores.Select(static score => Row(
            score.Rule ?? "tất cả, trừ báo cáo", [score.Changes, score.Found, score.Missed, score.False, (object?)score.MedianWorkingDays ?? "–"])));

    private string Filter()
    {
        var rules = result.Trials.SelectMany(static trial => trial.Set.Rules).Select(static rule => rule.Id).Distinct();
        return $"""
            <form id="filter" hidden>
            <label>{Both("Quy tắc", "Rule")} <select id="rule"><option value="">tất cả · all</option>
            {string.Concat(rules.Select(static rule => $"<option>{Text(rule)}</option>"))}</select></label>
            <label>{Both("Đơn vị", "Unit")} <input id="unit" type="search" placeholder="tên hoặc mã"></label>
            <output id="shown"></output></form>
            <p class="legend">{string.Join(' ', Grades.Select(static one => Badge(Word(one.Grade))))}
            {(plan.Truth is null ? "" : $"<span><i class=\"truth\"></i> {Both("thay đổi đã biết", "declared change")}</span>")}</p>

            """;
    }

    private string Differences() => report.Differences is not { } differences ? "" : Section(
        $"{Both("Khác nhau giữa hai bộ quy tắc", "Differences of the two files")}: {differences.Count:N0}", "Khác nhau giữa hai bộ quy tắc",
        [("Quy tắc", "Rule"), ("Khác", "+ − ~"), ("Đơn vị", "Unit"), ("Nay", "Now"), ("Trước", "Before")],
        differences.Take(MostRows).Select(static one => Row(
            one.Rule, [one.Kind, Text(one.Name), Text(one.Now ?? ""), Text(one.Before ?? "")], one.Rule, $"{one.Unit} {one.Name}")));

    private string Alerts()
    {
        var alerts = report.Trials[0].Alerts;
        var count = alerts.Count > MostRows ? $"{MostRows:N0} / {alerts.Count:N0} (--csv)" : $"{alerts.Count:N0}";
        return Section(
            $"{Both("Các cảnh báo", "Alerts")}: {count}", "Các cảnh báo",
            [("Quy tắc", "Rule"), ("Mức", "Grade"), ("Đơn vị", "Unit"), ("Từ", "From"), ("Đến", "To"), ("Nội dung", "Sentence")],
            alerts.Take(MostRows).Select(static alert => Row(
                alert.Rule,
                [Badge(alert.Grade), Text(alert.Name), Short(alert.FiringSince), alert.ResolvedAt is { } end ? Short(end) : "…", Text(alert.Sentence)],
                alert.Rule, $"{alert.Unit} {alert.Name}")));
    }

    private static string Badge(string grade) => Array.FindIndex(Grades, known => Word(known.Grade) == grade) is >= 0 and var index
        ? $"<b class=\"b{index}\">{Both(Grades[index].Vietnamese, grade)}</b>" : Text(grade);

    private static string Word(AlertGrade grade) => grade.ToString().ToLowerInvariant();

    /// <summary>To the minute, as people write it.</summary>
    internal static string Short(string instant) => $"{instant[8..10]}/{instant[5..7]}/{instant[..4]} {instant[11..16]}";
}
