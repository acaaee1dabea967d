namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>Looks after the segments of an embedded log that is written here: a new segment is begun when the newest is missing.</summary>
/// <param name="segments">Looks at them.</param>
/// <param name="commit">Writes them.</param>
/// <param name="findGaps">Looks once, at the start, for events that are missing among them.</param>
internal sealed class SegmentService(SegmentWatch segments, GroupCommit commit, Action<CancellationToken> findGaps, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var finding = Task.Run(() => findGaps(stoppingToken), CancellationToken.None);
        await segments.RunAsync(commit.CheckAsync, time, stoppingToken);
        await finding;
    }
}
