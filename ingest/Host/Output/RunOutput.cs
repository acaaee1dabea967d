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

    /// <summary>Writes the rows, and then the report, so that it covers them.</summary>
    /// <returns>The report; null when something cannot be written, which has then been said, or is said of standard output at the end.</returns>
    public static RunReport? Write(CountPlan plan, Func<RunReport> makeReport, Action<TextWriter> writeRows)
    {
        var files = new List<Written>();
        var isExported = TryWrite("--export", plan.Export, writeRows, files);
        var report = makeReport();
        var isWritten = isExported && TryWrite("--report", plan.Report, writer => writer.WriteLine(report.ToJson()), files) && files.TrueForAll(TryKeep);
        files.ForEach(static one => one.File.Dispose());
        if (isWritten && plan.Export != StandardStreams.Dash && plan.Report != StandardStreams.Dash)
        {
            Terminal.Result(plan.Json ? report.ToJson() : Summary(report));
        }

        return isWritten ? report : null;
    }

    /// <summary>Writes a file that is not yet kept: of several asked for, none appears when one cannot be written.</summary>
    private static bool TryWrite(string option, string? path, Action<StreamWriter> write, List<Written> files) =>
        path is null || Try(option, path, () =>
        {
            var file = OutputFile.Open(path);
            files.Add(new Written(option, path, file));
            var writer = new StreamWriter(file.Stream, Utf8, leaveOpen: true);
            write(writer);
            writer.Flush();
        });

    private static bool TryKeep(Written one) => Try(one.Option, one.Path, one.File.Keep);

    private static bool Try(string option, string path, Action work)
    {
        try
        {
            work();
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

    /// <summary>A file written and not yet kept.</summary>
    private sealed record Written(string Option, string Path, OutputFile File);

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
