using System.Runtime.InteropServices;
using KpiStream.Ingest.Host.Serving.Metrics;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Where a run ran: what its times depend on.</summary>
internal static class MachineFacts
{
    public static LoadMachine Read() => new(
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1), RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription, ServeMetrics.Version, LoadAverage());

    private static string? Line(string file, string key)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key))?.Split(':', 2)[1].Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // Not every system has it.
        }
    }

    private static double LoadAverage()
    {
        try
        {
            return double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
