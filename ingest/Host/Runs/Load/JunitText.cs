using System.Xml.Linq;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Runs as JUnit's XML, which every CI shows: a suite a plan, a case for each thing that was to hold.</summary>
internal static class JunitText
{
    public static string Of(IReadOnlyList<LoadReport> reports)
    {
        var suites = new XElement("testsuites", reports.Select(Suite));
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{suites}\n";
    }

    private static XElement Suite(LoadReport report)
    {
        List<XElement> cases =
        [
            Case(report, "run", report.Verdict is "stopped" or "void" ? string.Join("; ", report.Reasons) : ""),
            Case(report, "everything arrived", report.Received < report.Sent ? $"{report.Sent - report.Received} of {report.Sent} events did not arrive" : ""),
            Case(report, "figures equal the recount", report.Answer.Verdict == "equal" ? "" : string.Join("; ",
                report.Answer.Differences.DefaultIfEmpty("nothing to compare"))),
            .. report.Goals.Select(goal => Case(report, goal.Goal, goal.Met ? "" : $"measured {goal.Measured}")),
        ];
        if (report.Answer.Earlier is { } earlier)
        {
            cases.Add(Case(report, "fingerprint equals the earlier run's", earlier == "equal" ? "" : "the fingerprints differ"));
        }

        return new XElement("testsuite", new XAttribute("name", report.Name), new XAttribute("tests", cases.Count),
            new XAttribute("failures", cases.Count(static one => one.HasElements)),
            new XAttribute("time", report.Seconds.ToString("0.000", CultureInfo.InvariantCulture)), new XAttribute("timestamp", report.Started), cases);
    }

    private static XElement Case(LoadReport report, string name, string failure) => new(
        "testcase", new XAttribute("classname", $"load.{report.Name}"), new XAttribute("name", name),
        new XAttribute("time", report.Seconds.ToString("0.000", CultureInfo.InvariantCulture)),
        failure.Length > 0 ? new XElement("failure", new XAttribute("message", failure)) : null);
}
