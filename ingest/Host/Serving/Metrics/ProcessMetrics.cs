using System.Diagnostics;
using System.Globalization;

namespace KpiStream.Ingest.Host.Serving.Metrics;

/// <summary>What every process tells of itself, by the names that Prometheus' own clients use.</summary>
internal static class ProcessMetrics
{
    public static void WriteTo(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds() / 1_000.0;
        text.Counter("process_cpu_seconds_total", "User and system CPU time spent.").Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory.").Sample(process.WorkingSet64);
        text.Gauge("process_start_time_seconds", "Start of the process since 1970.").Sample(started);
        text.Gauge("process_threads", "Threads of the process.").Sample(process.Threads.Count);
        text.Gauge("dotnet_gc_heap_bytes", "Bytes in the managed heap.").Sample(GC.GetTotalMemory(forceFullCollection: false));
        text.Counter("dotnet_gc_allocated_bytes_total", "Bytes allocated in the managed heap.").Sample(GC.GetTotalAllocatedBytes());
        text.Counter("dotnet_gc_pause_seconds_total", "Time the program was paused by the collector.").Sample(GC.GetTotalPauseDuration().TotalSeconds);
        text.Counter("dotnet_gc_collections_total", "Collections by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample(GC.CollectionCount(generation), ("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
