using System.Globalization;
using System.Text;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Host.Commands;

namespace KpiStream.Ingest.Host.Reports;

/// <summary>Writes what a run was asked for: the CSV, the report, and a summary or the report on standard output.</summary>
internal static class RunOutput
{
    /// <summary>True when something asked for surely cannot be written; that has then been said on standard error.</summary>
    public static bool IsImpossible(params IEnumerable<string?> paths)
    {
        if (paths.Select(OutputFile.FindObstacle).FirstOrDefault(obstacle => obstacle is not null) is not { } obstacle)
        {
            return false;
        }

        Console.Error.WriteLine($"kpistream: {obstacle}");
        return true;
    }

    /// <summary>False when a file cannot be written, which has then been said on standard error.</summary>
    public static bool Write(CountPlan plan, RunReport report, IEnumerable<FigureRow> rows)
    {
        try
        {
            if (plan.Export is { } export)
            {
                using var writer = OutputFile.Open(export);
                FigureCsv.Write(writer, rows);
            }

            if (plan.Report is { } file)
            {
                using var writer = OutputFile.Open(file);
                writer.WriteLine(report.ToJson());
            }
        }
        catch (IOException trouble) when (StandardOutput.HasReaderLeft(trouble))
        {
            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"kpistream: the result cannot be written: {trouble.Message} Choose another file with --export or --report.");
            return false;
        }

        if (plan.Export != "-" && plan.Report != "-")
        {
            Console.WriteLine(plan.Json ? report.ToJson() : Summary(report));
        }

        return true;
    }

    private static string Summary(RunReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"events       {report.Events:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"applied      {report.Applied:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"duplicates   {report.Duplicates:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"rejected     {report.Rejected.Values.Sum():N0}");
        foreach (var (reason, count) in report.Rejected)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {reason,-30} {count:N0}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"cases        {report.Cases:N0}");
        text.AppendLine(CultureInfo.InvariantCulture, $"now          {report.Now}");
        text.AppendLine(CultureInfo.InvariantCulture, $"fingerprint  {report.Fingerprint}");
        text.Append(CultureInfo.InvariantCulture, $"speed        {report.EventsPerS:N0} events/s, {report.CpuUsPerEvent:0.00} µs CPU each, {report.PeakRssMb:0} MB");
        return text.ToString();
    }
}
