using KpiStream.Ingest.Host.Output;

namespace KpiStream.Ingest.Tests.Host.Output;

public sealed class GcPausesTests
{
    /// <summary>Far more than it takes; a hang must fail the test and not the whole run.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void LongestPause_IsOneOfThoseSinceTheBeginning()
    {
        var before = GC.GetTotalPauseDuration();
        using var pauses = new GcPauses();
        for (var collection = 0; collection < 20; collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.InRange(pauses.Longest, (GC.GetTotalPauseDuration() - before) / 1_000, GC.GetTotalPauseDuration() - before);
    }

    [Fact]
    public async Task MetersThatBeginAndEndInSeveralThreads_DoNotHoldEachOtherUp()
    {
        var runs = Enumerable.Range(0, 4)
            .Select(_ => Task.Factory.StartNew(Measure, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(runs).WaitAsync(Limit);
    }

    private static void Measure()
    {
        for (var run = 0; run < 200; run++)
        {
            using var meter = new RunMeter();
            GC.Collect(0);
        }
    }
}
