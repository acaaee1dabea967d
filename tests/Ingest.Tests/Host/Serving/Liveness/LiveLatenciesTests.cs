using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Liveness;

/// <summary>What serve says of how soon live events are on the board.</summary>
public sealed class LiveLatenciesTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000));

    [Fact]
    public void EventsOfAFrame_CountFromTheirTimestampsToEachStage()
    {
        var latencies = new LiveLatencies(time);
        var start = Now();
        foreach (var number in Enumerable.Range(0, 100))
        {
            latencies.Accept(start + number);
        }

        time.Advance(TimeSpan.FromMilliseconds(100));
        var batch = latencies.Begin();
        latencies.Record(LatencyStage.Applied, batch);
        time.Advance(TimeSpan.FromMilliseconds(50));
        latencies.Publish(7, batch);
        time.Advance(TimeSpan.FromMilliseconds(30));
        latencies.Receive(7);
        latencies.Receive(6); // Not one of ours.

        Assert.Equal((50, 100L), Told(latencies, LatencyStage.Applied, 0.5));
        Assert.Equal((150, 100L), Told(latencies, LatencyStage.Published, 1));
        Assert.Equal((180, 1L), Told(latencies, LatencyStage.Received, 0.5)); // The oldest, once for the one wallboard.
        Assert.Equal(new BoardLatency(new(50, 99), new(100, 150), new(180, 180)), latencies.ForBoard());
    }

    [Fact]
    public void MoreEventsThanAreNoted_AreStillCountedEach()
    {
        var latencies = new LiveLatencies(time);
        foreach (var _ in Enumerable.Range(0, 100_000))
        {
            latencies.Accept(Now());
        }

        var batch = latencies.Begin();
        latencies.Record(LatencyStage.Applied, batch);

        Assert.InRange(batch.Stamps.Length, LiveLatencies.MostNoted / 2, LiveLatencies.MostNoted);
        Assert.InRange(Told(latencies, LatencyStage.Applied, 1).Events, 90_000, 100_000);
        Assert.Empty(latencies.Begin().Stamps);
    }

    [Fact]
    public void WhatIsTold_IsOfTheLastMinutesOnTheBoardToo()
    {
        var latencies = new LiveLatencies(time);
        latencies.Accept(Now() - 1_234);
        var batch = latencies.Begin();
        latencies.Record(LatencyStage.Applied, batch);
        latencies.Publish(1, batch);

        Assert.Equal(new BoardLatency(new(1_300, 1_300), new(1_300, 1_300), null), latencies.ForBoard());
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(latencies.Of(LatencyStage.Applied, 0.5));
        Assert.Equal(BoardLatency.None, latencies.ForBoard());
    }

    private static (int Millis, long Events) Told(LiveLatencies latencies, LatencyStage stage, double share)
    {
        var (within, events) = latencies.Of(stage, share)!.Value;
        return ((int)within.TotalMilliseconds, events);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
