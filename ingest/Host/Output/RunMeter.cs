using System.Diagnostics;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// Measures a run as the system does: the whole process from its start to its report, with the part of its making, of reading, and of what comes after.
/// </summary>
internal sealed class RunMeter : IDisposable
{
    private readonly GcPauses pauses = new();
    private readonly TimeSpan start = SinceProcessStart();
    private readonly long begun = Stopwatch.GetTimestamp();
    private readonly long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
    private TimeSpan read;
    private long allocated;

    /// <summary>All sources are read and counted; what follows is the export.</summary>
    public void EndReading()
    {
        read = Stopwatch.GetElapsedTime(begun);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
    }

    /// <summary>To be asked for as late as possible: nothing that comes after it is in it.</summary>
    public RunReport Report(RunOutcome outcome)
    {
        var (sinceBegin, cpu) = (Stopwatch.GetElapsedTime(begun), Environment.CpuUsage.TotalTime.TotalSeconds);
        var (wall, events) = ((start + sinceBegin).TotalSeconds, Math.Max(1, outcome.Events));
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
            StartS = Math.Round(start.TotalSeconds, 3),
            ReadS = Math.Round(read.TotalSeconds, 3),
            ExportS = Math.Round((sinceBegin - read).TotalSeconds, 3),
            CpuS = Math.Round(cpu, 3),
            PeakRssMb = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            EventsPerS = Math.Round(outcome.Events / wall),
            CpuUsPerEvent = Math.Round(cpu * 1e6 / events, 3),
            AllocatedBytesPerEvent = Math.Round(allocated / (double)events, 2),
            Gc = new GcReport(
                GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2),
                Math.Round(pauses.Longest.TotalMilliseconds, 3), Math.Round(GC.GetTotalPauseDuration().TotalMilliseconds, 3)),
        };
    }

    public void Dispose() => pauses.Dispose();

    // The system keeps the start in hundredths of a second by its own clock: one that was set back since must not make it negative.
    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        var since = DateTime.Now - process.StartTime;
        return since > TimeSpan.Zero ? since : TimeSpan.Zero;
    }
}
