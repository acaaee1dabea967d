using System.Diagnostics;
using System.Diagnostics.Metrics;
using static KpiStream.Ingest.Host.Serving.Metrics.MeterFamilies;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What every process tells of itself, by the names that Prometheus' own clients use.</summary>
internal static class ProcessMetrics
{
    public static void AddTo(Meter meter)
    {
        meter.Counter("process_cpu_seconds_total", "User and system CPU time spent.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
        meter.Gauge("process_resident_memory_bytes", "Resident memory.", () => Environment.WorkingSet);
        var started = Ask(static process => new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1_000.0);
        meter.Gauge("process_start_time_seconds", "Start of the process since 1970.", () => started);
        meter.Gauge("process_threads", "Threads of the process.", () => Ask(static process => process.Threads.Count));
        meter.Gauge("dotnet_gc_heap_bytes", "Bytes in the managed heap.", () => GC.GetTotalMemory(forceFullCollection: false));
        meter.Counter("dotnet_gc_allocated_bytes_total", "Bytes allocated in the managed heap.", () => GC.GetTotalAllocatedBytes());
        meter.Counter("dotnet_gc_pause_seconds_total", "Time the program was paused by the collector.", () => GC.GetTotalPauseDuration().TotalSeconds);
        meter.Counter("dotnet_gc_collections_total", "Collections by generation.", static () => Enumerable.Range(0, GC.MaxGeneration + 1)
            .Select(static generation => Sample(GC.CollectionCount(generation), ("generation", generation.ToString()))));
    }

    private static double Ask(Func<Process, double> question)
    {
        using var process = Process.GetCurrentProcess();
        return question(process);
    }
}
