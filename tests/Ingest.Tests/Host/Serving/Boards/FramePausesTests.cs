using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

public sealed class FramePausesTests
{
    private long allocated = 5_000_000;
    private int collections = 7;
    private int asked;

    [Fact]
    public void WhatFramesHaveAllocated_IsCollectedOnceItIsEnough()
    {
        var pauses = new FramePauses(() => allocated, () => collections, Collect);

        allocated += FramePauses.Enough - 1;
        pauses.Use();
        Assert.Equal((false, 0), (pauses.IsDue(), asked));

        allocated++;
        Assert.True(pauses.IsDue());
        pauses.Use();
        pauses.Use();
        Assert.Equal((false, 1), (pauses.IsDue(), asked));

        allocated += FramePauses.Enough;
        pauses.Use();
        Assert.Equal(2, asked);
    }

    [Fact]
    public void CollectionThatCameByItself_CountsAsOne()
    {
        var pauses = new FramePauses(() => allocated, () => collections, Collect);
        allocated += FramePauses.Enough;
        collections++;

        pauses.Use();
        Assert.Equal(0, asked);

        allocated += FramePauses.Enough;
        pauses.Use();
        Assert.Equal(1, asked);
    }

    private void Collect() => (asked, collections) = (asked + 1, collections + 1);
}
