namespace KpiStream.Ingest.Host.Output;

/// <summary>Writes what a run was asked for: the CSV, the report, and a summary or the report on standard output.</summary>
internal static class RunOutput
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>True when something asked for surely cannot be written; that has then been said on standard error.</summary>
    public static bool IsImpossible(params IEnumerable<string?> paths)
    {
        if (paths.Select(OutputFile.FindObstacle).FirstOrDefault(obstacle => obstacle is not null) is not { } obstacle)
        {
            return false;
        }

        Terminal.Say(obstacle);
        return true;
    }

    /// <summary>False when something cannot be written, which has then been said, or is said of standard output at the end.</summary>
    public static bool Write(CountPlan plan, RunReport report, IEnumerable<FigureRow> rows)
    {
        var isWritten = TryWrite("--export", plan.Export, writer => FigureCsv.Write(writer, rows))
            && TryWrite("--report", plan.Report, writer => writer.WriteLine(report.ToJson()));
        if (isWritten && plan.Export != StandardStreams.Dash && plan.Report != StandardStreams.Dash)
        {
            Terminal.Result(plan.Json ? report.ToJson() : Summary(report));
        }

        return isWritten;
    }

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
            Terminal.Say($"the result cannot be written: {error.Message} An older {path} is as it was. Free space, or choose another "
                + $"file with {option}.");
            return false;
        }
    }

    private static string Summary(RunReport report)
    {
        var text = new StringBuilder();
        text.AppendLine($"events       {report.Events:N0}");
        text.AppendLine($"applied      {report.Applied:N0}");
        text.AppendLine($"duplicates   {report.Duplicates:N0}");
        text.AppendLine($"rejected     {report.Rejected.Values.Sum():N0}");
        foreach (var (reason, count) in report.Rejected)
        {
            text.AppendLine($"  {reason,-30} {count:N0}");
        }

        text.AppendLine($"cases        {report.Cases:N0}");
        text.AppendLine($"now          {report.Now}");
        text.AppendLine($"fingerprint  {report.Fingerprint}");
        text.Append($"speed        {report.EventsPerS:N0} events/s, {report.CpuUsPerEvent:0.00} µs CPU each, {report.PeakRssMb:0} MB");
        return text.ToString();
    }
}
