namespace KpiStream.Ingest.Host.Output;

/// <summary>The last line of a run in which records were rejected.</summary>
internal static class RejectedNote
{
    /// <summary>As many reasons are named; the summary has them all.</summary>
    private const int MostReasons = 3;

    /// <summary>Says on standard error how many records were rejected and why; nothing when none was.</summary>
    /// <returns>The run's exit code, which is a failed check when records came and none was accepted.</returns>
    public static int Conclude(int exit, RunReport report, IEnumerable<IRecordSource> sources)
    {
        var rejected = report.Rejected.Values.Sum();
        if (rejected == 0)
        {
            return exit;
        }

        var isAll = rejected == report.Events;
        var advice = isAll ? sources.Select(source => source.Guess).FirstOrDefault(guess => guess is not null) : null;
        Terminal.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{rejected:N0} of {report.Events:N0} records were rejected ({ReasonsOf(report)}){(isAll ? ", so there is nothing to count" : "")}. "
                + $"{advice ?? AdviceOn(report, isAll)}"));
        return isAll ? Math.Max(exit, ExitCode.CheckFailed) : exit;
    }

    private static string ReasonsOf(RunReport report)
    {
        var reasons = report.Rejected.OrderByDescending(row => row.Value).ThenBy(row => row.Key).ToList();
        var named = reasons.Take(MostReasons).Select(row => $"{row.Key} {row.Value:N0}");
        return string.Join(", ", named.Concat(reasons.Count > MostReasons ? ["and others"] : []));
    }

    private static string AdviceOn(RunReport report, bool isAll) => isAll && report.Rejected.ContainsKey("missing:source")
        ? "A source's own payloads are read by its profile: give --profile."
        : "replay --dead-letters FILE notes each of them.";
}
