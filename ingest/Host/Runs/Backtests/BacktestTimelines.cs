using static KpiStream.Ingest.Host.Runs.Backtests.BacktestPageParts;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>When each unit's alerts would have fired: a lane for each rule, and one for what truly changed.</summary>
internal sealed class BacktestTimelines(BacktestPlan plan, BacktestResult result)
{
    private const int MostUnits = 1_000;

    /// <summary>The width of a timeline in its own units; browsers stretch it.</summary>
    private const double Width = 10_000;

    /// <summary>A short alert is seen all the same.</summary>
    private const double LeastWidth = 25;

    /// <summary>Alerts that a lane names for those who hear it.</summary>
    private const int MostNamed = 5;

    private readonly double length = Math.Max(1, result.To - result.From);
    private readonly StringBuilder html = new();

    public string ToHtml()
    {
        var units = result.Trials.SelectMany(static trial => trial.Fired).Select(static alert => alert.Unit)
            .Concat(plan.Truth?.Select(static change => change.Unit) ?? []).Distinct().OrderBy(NameOf).ThenBy(static unit => unit).ToList();
        html.Append($"<section><h2>{Both("Theo đơn vị", "By unit")}: {units.Count:N0}</h2><div class=\"axis\" aria-hidden=\"true\">");
        foreach (var (at, label) in Marks())
        {
            html.Append($"<span style=\"left:{PlaceOf(at) / Width * 100:0.##}%\">{label}</span>");
        }

        html.Append("</div>\n");
        foreach (var unit in units.Take(MostUnits))
        {
            Unit(unit);
        }

        html.Append(units.Count > MostUnits ? $"<p>{Both($"và {units.Count - MostUnits:N0} đơn vị khác", "and others")} (--csv)</p>" : "");
        return html.Append("</section>\n").ToString();
    }

    private void Unit(string unit)
    {
        html.Append($"<article data-unit=\"{Text($"{unit} {NameOf(unit)}".ToLowerInvariant())}\"><h3>{Text(NameOf(unit))} <small>{Text(unit)}</small></h3>\n");
        foreach (var (index, trial) in result.Trials.Index())
        {
            foreach (var lane in trial.Fired.Where(alert => alert.Unit == unit).GroupBy(static alert => alert.Rule.Id).OrderBy(static lane => lane.Key))
            {
                Lane(lane.Key, index == 0 ? lane.Key : $"{lane.Key} (so với)", [.. lane.Select(alert => BarOf(alert, isOther: index > 0))]);
            }
        }

        if (plan.Truth?.Where(change => change.Unit == unit).ToList() is { Count: > 0 } changes)
        {
            Lane("", "thay đổi đã biết", [.. changes.Select(change => new Bar(
                LocalTime.StartOfDay(LocalTime.DayOf(change.From)), change.To is { } last ? LocalTime.StartOfDay(LocalTime.DayOf(last) + 1) : result.To,
                "truth", $"{change.From:yyyy-MM-dd} {change.What}"))]);
        }

        html.Append("</article>\n");
    }

    private Bar BarOf(FiredAlert alert, bool isOther) => new(
        alert.FiringSince, alert.ResolvedAt ?? result.To, $"g{(int)alert.Rule.Grade}{(isOther ? " was" : "")}",
        $"{alert.Rule.Id}: {Instant(alert.FiringSince)} – {(alert.ResolvedAt is { } end ? Instant(end) : "…")}");

    private void Lane(string rule, string label, IReadOnlyList<Bar> bars)
    {
        var named = string.Join("; ", bars.Take(MostNamed).Select(static bar => bar.Title)) + (bars.Count > MostNamed ? $"; +{bars.Count - MostNamed}" : "");
        html.Append($"<div class=\"lane\" data-rule=\"{Text(rule)}\"><span>{Text(label)}</span>")
            .Append($"<svg viewBox=\"0 0 {Width:0} 14\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Text(named)}\">")
            .Append($"<path class=\"grid\" d=\"{string.Concat(Marks().Select(mark => $"M{PlaceOf(mark.At):0.#} 0V14"))}\"/>");
        foreach (var bar in bars)
        {
            var (left, right) = (PlaceOf(bar.From), PlaceOf(bar.To));
            html.Append($"<rect class=\"{bar.Shape}\" x=\"{left:0.#}\" y=\"2\" width=\"{Math.Max(right - left, LeastWidth):0.#}\" height=\"10\">")
                .Append($"<title>{Text(bar.Title)}</title></rect>");
        }

        html.Append("</svg></div>\n");
    }

    /// <summary>Months where there are many days, weeks where there are some, else days.</summary>
    private IEnumerable<(long At, string Label)> Marks()
    {
        var (first, last) = (LocalTime.DayOf(result.From), LocalTime.DayOf(result.To));
        for (var day = first + 1; day <= last; day++)
        {
            var date = LocalTime.DateOf(day);
            if ((last - first) switch { > 70 => date.Day == 1, > 14 => date.DayOfWeek == DayOfWeek.Monday, _ => true })
            {
                yield return (LocalTime.StartOfDay(day), last - first > 70 ? $"{date.Month}/{date.Year}" : $"{date.Day}/{date.Month}");
            }
        }
    }

    private double PlaceOf(long at) => Math.Clamp((at - result.From) / length, 0, 1) * Width;

    private string NameOf(string unit) => plan.Count.Units.Find(unit)?.FullName ?? unit;

    private static string Instant(long millis) => BacktestPage.Short(InstantText.ToLocalSeconds(millis));

    private sealed record Bar(long From, long To, string Shape, string Title);
}
