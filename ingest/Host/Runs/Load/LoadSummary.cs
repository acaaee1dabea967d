namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>What a run came to, for people who read standard output.</summary>
internal static class LoadSummary
{
    public static string Of(LoadReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"{report.Name}: {report.Verdict}");
        foreach (var reason in report.Reasons)
        {
            text.AppendLine($"  {reason}");
        }

        text.AppendLine($"plan         {report.Plan.Source} to {report.Plan.Target}, {report.Plan.Pace}");
        text.AppendLine($"sent         {report.Sent:N0} events in {report.Seconds:0.0} s, {report.Answer.Rejected:N0} of them to be rejected");
        text.AppendLine($"sustained    {report.Sustained:N0} events/s until all were applied");
        text.AppendLine($"sender       {report.SenderLagMs:0.###} ms behind by itself at most ({report.SenderLagBoundMs:0} ms allowed)");
        if (report.Plan.WarmUpSeconds > 0)
        {
            text.AppendLine($"warm-up      the first {report.Plan.WarmUpSeconds:0.###} s are not measured");
        }

        text.AppendLine("latency, ms        p50        p90        p99      p99.9     p99.99        max");
        foreach (var (name, one) in report.Latencies)
        {
            text.Append($"  {name,-10}");
            foreach (var value in (double[])[one.P50, one.P90, one.P99, one.P999, one.P9999, one.Max])
            {
                text.Append($" {value,10:0.000}");
            }

            text.AppendLine();
        }

        text.AppendLine($"answer       {report.Answer.Verdict}: {report.Answer.RowsCompared:N0} rows beside the recount of what was sent");
        text.AppendLine($"fingerprint  {(report.Answer.Fingerprint.Length > 0 ? report.Answer.Fingerprint : "not told by the server")}"
            + (report.Answer.Earlier is { } earlier ? $" ({earlier} to the earlier run's)" : ""));
        foreach (var goal in report.Goals)
        {
            text.AppendLine($"{(goal.Met ? "reached" : "NOT REACHED"),-12} {goal.Goal} (measured {goal.Measured})");
        }

        return text.ToString().TrimEnd();
    }
}
