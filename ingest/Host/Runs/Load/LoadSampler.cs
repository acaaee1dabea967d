namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>Notes every second what a run does: rates, backlog, latencies, collections, memory. Owned by its own flow; read when it has ended.</summary>
internal sealed class LoadSampler(LoadSender sender, LoadProgress progress, LatencyBook book, LoadClock clock, TimeProvider time)
{
    private static readonly TimeSpan Cadence = TimeSpan.FromSeconds(1);

    private readonly SampleSeries series = new();
    private (long Now, long Sent, long Applied, double Pause, double Cpu) before;

    /// <summary>Told of each second.</summary>
    public Action<LoadSample> Show { get; init; } = static _ => { };

    /// <summary>Of seconds, or of longer intervals where the run was long.</summary>
    public IReadOnlyList<LoadSample> Samples => series.Samples;

    public async Task RunAsync(CancellationToken over)
    {
        before = Read();
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                Take();
            }
        }
        catch (OperationCanceledException)
        {
            Take();
        }
    }

    private (long, long, long, double, double) Read() =>
        (clock.Now, sender.Sent, progress.Applied, GC.GetTotalPauseDuration().TotalMilliseconds, Environment.CpuUsage.TotalTime.TotalSeconds);

    private void Take()
    {
        var now = Read();
        var (at, sent, applied, pause, cpu) = now;
        var seconds = (at - before.Now) / 1e9;
        var latencies = book.EndInterval(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (seconds <= 0)
        {
            return;
        }

        var sample = new LoadSample(
            Math.Round(at / 1e9, 3), Math.Round((sent - before.Sent) / seconds, 1), Math.Round((applied - before.Applied) / seconds, 1), sent - applied,
            Math.Round(Environment.WorkingSet / 1048576.0, 1), Math.Round(pause - before.Pause, 3), GC.CollectionCount(2),
            Math.Round((cpu - before.Cpu) / seconds, 2),
            latencies.ToDictionary(static one => one.Measure, static one => one.Said));
        before = now;
        series.Add(sample, seconds, latencies.ToDictionary(static one => one.Measure, static one => one.All));
        Show(sample);
    }
}
