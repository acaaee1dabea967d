using System.Diagnostics;

namespace KpiStream.Ingest.Host.Output;

/// <summary>Measures a run: wall and processor time, memory, allocation and collections from its making to its report.</summary>
internal sealed class RunMeter : IDisposable
{
    private readonly GcPauses pauses = new();
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly TimeSpan cpu = Environment.CpuUsage.TotalTime;
    private readonly long allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly TimeSpan paused = GC.GetTotalPauseDuration();
    private readonly int[] collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];

    public RunReport Report(RunOutcome outcome)
    {
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        var events = Math.Max(1, outcome.Events);
        using var process = Process.GetCurrentProcess();
        return new RunReport
        {
            Events = outcome.Events,
            Applied = outcome.Applied,
            Duplicates = outcome.Duplicates,
            Rejected = outcome.Rejected.ToDictionary(row => row.Verdict.ToString(), row => row.Count),
            Late = outcome.Late,
            Tombstones = outcome.Tombstones,
            Cases = outcome.Cases,
            Now = InstantText.ToLocalSeconds(outcome.Now),
            Fingerprint = outcome.Fingerprint.ToString(),
            WallS = Math.Round(wall, 3),
            CpuS = Math.Round(cpuSeconds, 3),
            PeakRssMb = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            EventsPerS = Math.Round(outcome.Events / wall),
            CpuUsPerEvent = Math.Round(cpuSeconds * 1e6 / events, 3),
            AllocatedBytesPerEvent = Math.Round((GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)events, 2),
            Gc = new GcReport(
                GC.CollectionCount(0) - collections[0], GC.CollectionCount(1) - collections[1], GC.CollectionCount(2) - collections[2],
                Math.Round(pauses.Longest.TotalMilliseconds, 3), Math.Round((GC.GetTotalPauseDuration() - paused).TotalMilliseconds, 3)),
        };
    }

    public void Dispose() => pauses.Dispose();
}
