namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>Writes what a trial was asked for: the CSV, the page, and a summary or JSON on standard output.</summary>
internal static class BacktestOutput
{
    private const int MostLines = 40;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly char[] MustQuote = [',', '"', '\n', '\r'];

    /// <summary>False when something cannot be written; that has then been said.</summary>
    public static bool TryWrite(BacktestPlan plan, BacktestResult result, BacktestReport report)
    {
        var isWritten = TryWrite("--csv", plan.Csv, writer => WriteCsv(writer, report))
            && TryWrite("--html", plan.Html, writer => writer.Write(new BacktestPage(plan, result, report).ToHtml()));
        if (isWritten && plan.Csv != StandardStreams.Dash && plan.Html != StandardStreams.Dash)
        {
            Terminal.Result(plan.Json ? report.ToJson() : Summary(report));
        }

        return isWritten;
    }

    /// <summary>One row for each alert of each file of rules, in the order in which they fired; columns are only ever added at the end.</summary>
    private static void WriteCsv(StreamWriter to, BacktestReport report)
    {
        to.Write("rules,rule,kind,grade,unit,name,pending_since,firing_since,resolved_at,seconds,");
        to.Write("count,of,unobserved,expected,low,high,target,chance,sentence\r\n");
        foreach (var (trial, alert) in report.Trials.SelectMany(static trial => trial.Alerts.Select(alert => (trial, alert))))
        {
            var seen = alert.Evidence;
            object?[] fields =
            [
                trial.Rules, alert.Rule, alert.Kind, alert.Grade, alert.Unit, alert.Name,
                alert.PendingSince, alert.FiringSince, alert.ResolvedAt, alert.Seconds,
                seen?.Count, seen?.Of, seen?.Unobserved, seen?.Expected, seen?.Low, seen?.High, seen?.Target, seen?.Chance, alert.Sentence,
            ];
            to.Write(string.Join(',', fields.Select(static field => Quote(Convert.ToString(field, CultureInfo.InvariantCulture) ?? ""))));
            to.Write("\r\n");
        }
    }

    private static string Quote(string field) => field.AsSpan().IndexOfAny(MustQuote) < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";

    private static bool TryWrite(string option, string? path, Action<StreamWriter> write)
    {
        if (path is null)
        {
            return true;
        }

        try
        {
            using var file = OutputFile.Open(path);
            var writer = new StreamWriter(file.Stream, Utf8, leaveOpen: true);
            write(writer);
            writer.Flush();
            file.Keep();
            return true;
        }
        catch (Exception error) when (OutputFile.IsStandard(path) && error is IOException)
        {
            return StandardStreams.Output.HasReaderLeft;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"the result cannot be written: {error.Message} An older {path} is as it was. Free space, or choose another file with {option}.");
            return false;
        }
    }

    private static string Summary(BacktestReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"judged     {report.From} .. {report.To}");
        text.AppendLine($"events     {report.Events:N0} in {report.Seconds:0.0} s ({report.EventsPerS:N0} a second), {report.Rejected:N0} rejected");
        text.AppendLine($"ticks      {report.Ticks:N0}, of which {report.TicksJudged:N0} were judged one by one");
        foreach (var trial in report.Trials)
        {
            text.AppendLine().AppendLine($"rules      {trial.Rules}: {trial.Alerts.Count:N0} alerts, {trial.Messages:N0} messages");
            Rules(text, trial);
            Units(text, trial);
            Scores(text, trial);
        }

        Differences(text, report);
        text.AppendLine().AppendLine("Not judged: rules about sources, self-checks and wallboards, for a past says nothing of how it was read.");
        return text.ToString().TrimEnd();
    }

    private static void Rules(StringBuilder text, TrialReport trial)
    {
        text.AppendLine($"  {"rule",-32} {"kind",-16} {"grade",-9} {"fired",6} {"units",6} {"standing",9} {"longest",9}");
        foreach (var rule in trial.ByRule)
        {
            text.AppendLine($"  {rule.Rule,-32} {rule.Kind,-16} {rule.Grade,-9} {rule.Fired,6} {rule.Units,6} {rule.Standing,9} "
                + $"{Duration(rule.LongestSeconds),9}");
        }
    }

    private static void Units(StringBuilder text, TrialReport trial)
    {
        var rows = trial.Alerts.GroupBy(static alert => (alert.Rule, alert.Unit, alert.Name))
            .OrderBy(static rows => rows.Key.Rule).ThenByDescending(static rows => rows.Sum(static alert => alert.Seconds)).ThenBy(static rows => rows.Key.Unit)
            .ToList();
        if (rows.Count > 0)
        {
            text.AppendLine().AppendLine($"  {"rule",-32} {"unit",-7} {"fired",5} {"in all",9}  {"first",-25}  name");
        }

        foreach (var row in rows.Take(MostLines))
        {
            text.AppendLine($"  {row.Key.Rule,-32} {row.Key.Unit,-7} {row.Count(),5} {Duration(row.Sum(static alert => alert.Seconds)),9}  "
                + $"{row.First().FiringSince,-25}  {row.Key.Name}{(row.Any(static alert => alert.ResolvedAt is null) ? " (still at the end)" : "")}");
        }

        if (rows.Count > MostLines)
        {
            text.AppendLine($"  and {rows.Count - MostLines:N0} more: --csv, --html and --json have all of them");
        }
    }

    private static void Scores(StringBuilder text, TrialReport trial)
    {
        if (trial.Scores is not { } scores)
        {
            return;
        }

        text.AppendLine().AppendLine($"  {"against declared changes",-32} {"changes",8} {"found",6} {"missed",7} {"false",6}  median working days");
        foreach (var score in scores.Where(static score => score.Rule is null || score.Changes > 0 || score.False > 0))
        {
            text.AppendLine($"  {score.Rule ?? "(all but reports)",-32} {score.Changes,8} {score.Found,6} {score.Missed,7} {score.False,6}  "
                + $"{score.MedianWorkingDays?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
        }

        foreach (var missed in scores[^1].Each.Where(static one => one.FoundAt is null).Take(MostLines))
        {
            text.AppendLine($"  missed: {missed.Unit} {missed.Name} from {missed.From} {missed.What}".TrimEnd());
        }
    }

    private static void Differences(StringBuilder text, BacktestReport report)
    {
        if (report.Differences is not { } differences)
        {
            return;
        }

        long Of(string kind) => differences.Count(one => one.Kind == kind);
        text.AppendLine().AppendLine(
            $"differences: {Of("+"):N0} alerts only by the first, {Of("-"):N0} only by the second, {Of("~"):N0} at other times or grades");
        foreach (var one in differences.Take(MostLines))
        {
            text.AppendLine($"{one.Kind} {one.Rule,-32} {one.Unit,-7} {one.Now ?? one.Before}{(one.Kind == "~" ? $"  was {one.Before}" : "")}  {one.Name}");
        }

        if (differences.Count > MostLines)
        {
            text.AppendLine($"  and {differences.Count - MostLines:N0} more: --html and --json have all of them");
        }
    }

    /// <summary>Like <c>3d 4h</c>, <c>2h 5m</c> or <c>40s</c>.</summary>
    internal static string Duration(long seconds) => seconds switch
    {
        >= 86_400 => $"{seconds / 86_400}d {seconds % 86_400 / 3_600}h",
        >= 3_600 => $"{seconds / 3_600}h {seconds % 3_600 / 60}m",
        >= 60 => $"{seconds / 60}m",
        _ => $"{seconds}s",
    };
}
