using System.Net;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// The page of <c>--html</c>: one file that needs no other, with every run's verdict, charts and machine, and beside it an earlier run. Pure.
/// </summary>
internal static class LoadPage
{
    private const string Style = """
        :root{color-scheme:light dark;--c1:#1f5fbf;--c2:#b3541e;--c3:#2e7d4f;--c4:#8a3fa0;--grid:#8884;--ok:#2e7d4f;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--c1:#7fb0ff;--c2:#ffa36b;--c3:#7fd6a3;--c4:#d6a0ea;--ok:#7fd6a3;--bad:#ff8f88}}
        body{font:15px/1.5 system-ui,sans-serif;max-width:1340px;margin:24px auto;padding:0 16px}
        h1,h2{line-height:1.2}.ok{color:var(--ok)}.bad{color:var(--bad)}table{border-collapse:collapse;margin:8px 0}
        td,th{padding:3px 12px 3px 0;border-bottom:1px solid var(--grid);text-align:right}td:first-child,th:first-child{text-align:left}
        caption{text-align:left;font-weight:600}.wide{overflow-x:auto}code,dd{overflow-wrap:anywhere}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(480px,100%),1fr));gap:16px}
        figure{margin:0}figcaption{font-weight:600}
        svg{width:100%;height:auto;overflow:visible}svg text{font-size:11px;fill:currentColor}
        .end{text-anchor:end}.mid{text-anchor:middle}.grid{stroke:var(--grid)}
        polyline{fill:none;stroke-width:1.6}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}.c4{stroke:var(--c4)}
        polyline.other{stroke-dasharray:5 4;opacity:.75}.key{margin:0 0 8px 64px;font-size:13px}.k1{color:var(--c1)}.k2{color:var(--c2)}
        .k3{color:var(--c3)}.k4{color:var(--c4)}.key .other::before{content:"- - "}.key span::before{content:"— "}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}dd{margin:0}.key span{white-space:nowrap}
        @media(max-width:600px){svg text{font-size:15px}.key{margin-left:0}td,th{padding-right:8px;font-size:13px}}
        """;

    /// <summary>The whole page.</summary>
    /// <param name="beside">An earlier run; null for none.</param>
    public static string Of(IReadOnlyList<LoadReport> reports, LoadReport? beside)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append($"<title>Load: {Text(string.Join(", ", reports.Select(static report => report.Name)))}</title><style>{Style}</style></head><body>")
            .Append("<h1>Load test</h1>");
        foreach (var report in reports)
        {
            Write(page, report, beside is { } other && (reports.Count == 1 || other.Name == report.Name) ? other : null);
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static void Write(StringBuilder page, LoadReport report, LoadReport? beside)
    {
        page.Append($"<h2>{Text(report.Name)}: <span class=\"{(report.IsOk ? "ok" : "bad")}\">{Text(report.Verdict)}</span></h2>");
        Items(page, report.Reasons);
        page.Append($"<p>{report.Sent:N0} events in {report.Seconds:0.0} s; {report.Sustained:N0} events/s until all were applied. ")
            .Append($"Figures: {report.Answer.RowsCompared:N0} rows <b class=\"{(report.Answer.Verdict == "equal" ? "ok" : "bad")}\">")
            .Append($"{report.Answer.Verdict}</b> to the recount of what was sent; fingerprint <code>{Text(report.Answer.Fingerprint)}</code>. ")
            .Append($"The sender was {report.SenderLagMs:0.###} ms behind by itself at most, {report.SenderLagBoundMs:0} ms are allowed.")
            .Append(report.Plan.WarmUpSeconds is > 0 and var warmUp ? $" Latencies of what was due in the first {warmUp:0.###} s are not measured." : "")
            .Append("</p>");
        Latencies(page, report, "");
        if (beside is not null)
        {
            Latencies(page, beside, $", of the run beside, {beside.Started}");
        }

        Goals(page, report);
        page.Append("<div class=\"charts\">");
        foreach (var chart in Charts(report, beside))
        {
            chart.Write(page);
        }

        page.Append("</div>");
        Facts(page, report);
    }

    private static void Latencies(StringBuilder page, LoadReport report, string whose)
    {
        page.Append($"<div class=\"wide\"><table><caption>Latency from the planned moment, ms{Text(whose)}</caption>")
            .Append("<tr><th></th><th>events</th><th>p50</th><th>p90</th>")
            .Append("<th>p99</th><th>p99.9</th><th>p99.99</th><th>max</th></tr>");
        foreach (var (name, one) in report.Latencies)
        {
            page.Append($"<tr><td>{Text(NameOf(name))}</td><td>{one.Count:N0}</td><td>{one.P50:0.000}</td><td>{one.P90:0.000}</td>")
                .Append($"<td>{one.P99:0.000}</td><td>{one.P999:0.000}</td><td>{one.P9999:0.000}</td><td>{one.Max:0.000}</td></tr>");
        }

        page.Append("</table></div>");
    }

    private static void Goals(StringBuilder page, LoadReport report)
    {
        if (report.Goals.Count == 0)
        {
            return;
        }

        page.Append("<table><caption>Conditions</caption>");
        foreach (var goal in report.Goals)
        {
            var (style, verdict) = goal.Met ? ("ok", "reached") : ("bad", "not reached");
            page.Append($"<tr><td>{Text(goal.Goal)}</td><td class=\"{style}\">{verdict}</td><td>{Text(goal.Measured)}</td></tr>");
        }

        page.Append("</table>");
    }

    private static IEnumerable<LineChart> Charts(LoadReport report, LoadReport? beside)
    {
        ChartLine[] Over(string name, int colour, Func<LoadSample, double?> value) =>
        [
            new(name, Points(report, value), colour),
            .. beside is null ? [] : (ChartLine[])[new($"{name}, beside", Points(beside, value), colour, IsOther: true)],
        ];

        yield return new LineChart("Throughput", "events/s", "seconds", [.. Over("sent", 1, static one => one.SentPerS), .. Over("applied", 2,
            static one => one.AppliedPerS)]);
        yield return new LineChart("Latency to applied", "ms, by second", "seconds", [.. Over("median", 3, Of("applied", 0)), .. Over("p99", 1,
            Of("applied", 1)), .. Over("max", 2, Of("applied", 2))])
        { IsLogarithmic = true };
        yield return new LineChart("Latency to a board's client", "ms, by second", "seconds", [.. Over("median", 3, Of("received", 0)), .. Over("p99",
            1, Of("received", 1)), .. Over("max", 2, Of("received", 2))])
        { IsLogarithmic = true };
        yield return Curve(report, beside);
        yield return new LineChart("Sent and not applied yet", "events", "seconds", Over("waiting", 1, static one => one.Lag));
        yield return new LineChart("Sender behind its plan", "ms, by second", "seconds", [.. Over("p99", 1, Of("lag", 1)), .. Over("max", 2, Of("lag", 2))]);
        yield return new LineChart("Memory", "MB", "seconds", Over("resident", 1, static one => one.MemoryMb));
        yield return new LineChart("Pauses by collections", "ms in each second", "seconds", Over("paused", 2, static one => one.GcPauseMs));
        yield return new LineChart("Processor", "cores busy", "seconds", Over("busy", 4, static one => one.CpuShare));
    }

    private static Func<LoadSample, double?> Of(string measure, int which) =>
        sample => sample.Latencies.TryGetValue(measure, out var values) ? values[which] : null;

    private static List<(double X, double Y)> Points(LoadReport report, Func<LoadSample, double?> value) =>
        [.. report.Samples.Where(sample => value(sample) is not null).Select(sample => (Math.Max(0, sample.At), value(sample)!.Value))];

    /// <summary>Percentiles as usual: each nine takes the same width.</summary>
    private static LineChart Curve(LoadReport report, LoadReport? beside)
    {
        static double Place(double percent) => percent >= 100 ? 7 : -Math.Log10(1 - (percent / 100));

        IEnumerable<ChartLine> Lines(LoadReport run, bool isOther) => run.Latencies.Where(static one =>
            one.Key is "applied" or "published" or "received" or "lag").Select((one, index) =>
            new ChartLine(isOther ? $"{NameOf(one.Key)}, beside" : NameOf(one.Key), [.. one.Value.Curve.Select(static point => (Place(point[0]),
                point[1]))], index + 1, isOther));

        return new LineChart("Percentile curve", "ms", "percent of the events", [.. Lines(report, false), .. beside is null ? [] : Lines(beside, true)])
        {
            IsLogarithmic = true,
            Marks = [(0, "0"), (1, "90"), (2, "99"), (3, "99.9"), (4, "99.99"), (5, "99.999"), (7, "max")],
        };
    }

    private static void Facts(StringBuilder page, LoadReport report)
    {
        var (plan, machine) = (report.Plan, report.Machine);
        page.Append("<h3>What, where</h3><dl>");
        foreach (var (name, value) in ((string, string)[])[
            ("sent", plan.Source), ("to", plan.Target), ("pace", plan.Pace), ("moved by", $"{plan.ShiftDays:0.###} days"),
            ("units", plan.Units), ("shards", $"{plan.Shards}"), ("provinces", $"{plan.Provinces}"), ("repetitions", $"{plan.Loop}"), ("started",
                report.Started),
            ("machine", $"{machine.Processor}, {machine.Cores} cores, {machine.MemoryGb:0.#} GB, load {machine.LoadBefore:0.##}"),
            ("system", $"{machine.System}, {machine.Runtime}"), ("KpiStream", machine.Version), ("stream", report.Answer.StreamHash),
            ("cases", $"{report.Answer.Cases:N0}"), ("rejected", $"{report.Answer.Rejected:N0}"),
            ("done on purpose", report.Faults.Count == 0 ? "nothing" : string.Join("; ", report.Faults))])
        {
            page.Append($"<dt>{Text(name)}</dt><dd>{Text(value)}</dd>");
        }

        page.Append("</dl>");
    }

    private static void Items(StringBuilder page, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            page.Append($"<ul class=\"bad\">{string.Concat(items.Select(static item => $"<li>{Text(item)}</li>"))}</ul>");
        }
    }

    private static string NameOf(string measure) => measure switch
    {
        "beyond" => "published, without the wait for the frame",
        "lag" => "begun by the sender",
        "received" => "received by a board's client",
        _ => measure,
    };

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
