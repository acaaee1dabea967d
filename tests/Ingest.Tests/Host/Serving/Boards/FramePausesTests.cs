using KpiStream.Ingest.Host.Serving.Boards;

namespace KpiStream.Ingest.Tests.Host.Serving.Boards;

public sealed class FramePausesTests
{
    [Fact]
    public void WhatAFrameHasAllocated_IsCollectedBeforeTheNext()
    {
        var pauses = new FramePauses();
        var before = GC.CollectionCount(0);
        var kept = new List<byte[]>();
        for (var megabytes = 0; megabytes < 3; megabytes++)
        {
            kept.AddRange(Enumerable.Range(0, 1_024).Select(static _ => new byte[1_024]));
        }

        pauses.Use();

        Assert.NotEqual(before, GC.CollectionCount(0));
        GC.KeepAlive(kept);
    }
}
