using KpiStream.Ingest.Sources.Logs;

namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>Looks after the segments of an embedded log that is written here: a new segment is begun when the newest is missing.</summary>
internal sealed class SegmentService(SegmentWatch segments, GroupCommit commit, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => segments.RunAsync(commit.CheckAsync, time, stoppingToken);
}
