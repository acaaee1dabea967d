namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>Counts that one thread writes and another shows.</summary>
public sealed class IntakeCountsTests
{
    private const int Partitions = 200_000;

    /// <summary>A board that is drawn at the moment in which a partition reports for the first time must not fail: it took the whole service down.</summary>
    [Fact]
    public async Task PartitionsThatReportWhileTheyAreShown_AreShownAsOfOneMoment()
    {
        var counts = new IntakeCounts();
        var writing = Task.Run(() =>
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                counts.ReportLag(partition, partition);
            }
        });

        while (!writing.IsCompleted)
        {
            Assert.All(counts.Lags, lag => Assert.Equal(lag.Partition, lag.Remaining));
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, Partitions), counts.Lags.Select(lag => lag.Partition));
    }

    [Fact]
    public async Task ReasonsThatAppearWhileTheyAreShown_AreCounted()
    {
        var reasons = Enumerable.Range(0, byte.MaxValue).Select(key => Verdict.BadValue((CaseKey)(key % CaseKeys.Count))).Distinct().ToList();
        for (var round = 0; round < 2_000; round++)
        {
            var counts = new IntakeCounts();
            var writing = Task.Run(() => reasons.ForEach(counts.Reject));
            while (!writing.IsCompleted)
            {
                Assert.All(counts.ByReason, row => Assert.Equal(1, row.Count));
            }

            await writing;
            Assert.Equal(reasons.Count, counts.ByReason.Count);
        }
    }
}
