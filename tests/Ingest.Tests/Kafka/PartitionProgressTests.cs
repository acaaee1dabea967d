namespace KpiStream.Ingest.Tests.Kafka;

public class PartitionProgressTests
{
    [Fact]
    public void EmptyPartition_IsDoneFromTheStart() => Assert.True(new PartitionProgress(0, 7, 7).Done);

    [Fact]
    public void LastOffsetTaken_IsDone()
    {
        var progress = new PartitionProgress(0, 0, 2);

        Assert.True(progress.TryTake(0));
        Assert.False(progress.Done);
        Assert.True(progress.TryTake(1));
        Assert.True(progress.Done);
    }

    [Fact]
    public void LastOffsetsHoldNoRecord_EndOfPartitionIsDone()
    {
        var progress = new PartitionProgress(0, 0, 10);

        Assert.True(progress.TryTake(4));
        progress.ReachedEnd(10);
        Assert.True(progress.Done);
    }

    [Fact]
    public void EndOfPartitionBeforeOurEnd_IsNotDone()
    {
        var progress = new PartitionProgress(0, 0, 10);

        progress.ReachedEnd(9);
        Assert.False(progress.Done);
        Assert.Equal(9, progress.Next);
    }

    [Fact]
    public void RecordBehindTheEnd_IsNotTakenAndMeansDone()
    {
        var progress = new PartitionProgress(0, 0, 10);

        Assert.False(progress.TryTake(12));
        Assert.True(progress.Done);
    }

    [Fact]
    public void RecordSeenBefore_IsNotTakenAgain()
    {
        var progress = new PartitionProgress(0, 0, 10);

        Assert.True(progress.TryTake(5));
        Assert.False(progress.TryTake(5));
        Assert.False(progress.TryTake(2));
        Assert.Equal(6, progress.Next);
    }

    [Fact]
    public void Followed_IsNeverDone()
    {
        var progress = new PartitionProgress(0, 0, PartitionProgress.NoEnd);

        progress.ReachedEnd(1_000_000);
        Assert.False(progress.Done);
    }

    [Fact]
    public void LogBecameShorter_EndsEarlier()
    {
        var progress = new PartitionProgress(0, 3, 10);

        progress.CutTo(3);
        Assert.True(progress.Done);
        progress.CutTo(20);
        Assert.Equal(3, progress.End);
    }
}
