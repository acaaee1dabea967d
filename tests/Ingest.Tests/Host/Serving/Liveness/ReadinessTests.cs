using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Liveness;

/// <summary>What <c>/health/ready</c> says, and of which work.</summary>
public sealed class ReadinessTests
{
    private const string Undelivered = "3 alerts are not delivered: the webhook at http://w does not take them (HTTP 404); check alerts.webhook and "
        + "the receiver";

    [Theory]
    [InlineData("", true, false, "", false, "", 200, "ready")]
    [InlineData("x has stopped working", true, true, "gone", true, Undelivered, 503, "x has stopped working")]
    [InlineData("", true, true, "no broker", false, Undelivered, 503, "the source cannot be read: no broker")]
    [InlineData("", false, false, "", false, Undelivered, 503, "reading the past of the log")]
    [InlineData("", true, false, "", true, "", 200, "ready, but figures differ from a recount of the log: see /api/v1/alerts")]
    [InlineData("", true, false, "offsets 5 to 9 were never read", false, "", 200, "ready, but offsets 5 to 9 were never read")]
    [InlineData("", true, false, "", false, Undelivered, 200, "ready, but " + Undelivered)]
    [InlineData("", true, false, "gap", true, "w", 200, "ready, but figures differ from a recount of the log: see /api/v1/alerts; gap; w")]
    public void WhatMattersMost_IsSaid(string failure, bool isCaughtUp, bool isBroken, string sentence, bool hasDifference, string undelivered,
        int status, string text) =>
        Assert.Equal(new Readiness(status, text), Readiness.Of(failure, isCaughtUp, new SourceHealth(isBroken, "", sentence), hasDifference, undelivered));

    [Fact]
    public async Task WorkThatEnds_IsAFailureByName_AndWhyItFailedIsSaidOnce()
    {
        var said = new TaskCompletionSource<string>();
        var work = new BackgroundWork(said.SetResult);
        var (board, alerts) = (new TaskCompletionSource(), new TaskCompletionSource());
        work.Add("the board", board.Task);
        work.Add("keeping alerts", alerts.Task);
        work.Add("no webhook", null);
        Assert.Null(work.Failure);
        Assert.Equal([("keeping alerts", true), ("the board", true)], work.All);

        alerts.SetException(new InvalidOperationException("Collection was modified."));
        Assert.Contains("keeping alerts has failed: InvalidOperationException: Collection was modified.", await said.Task);
        Assert.StartsWith("keeping alerts has stopped working", work.Failure);
        board.SetResult();
        Assert.Equal([("keeping alerts", false), ("the board", false)], work.All);
        Assert.Equal(503, Readiness.Of(work.Failure ?? "", true, default, false, "").Status);
    }

    [Fact]
    public void AWallClockThatGoesFurtherThanTime_HasJumped()
    {
        var clock = new SimulatedClock(new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero));
        var jumps = new ClockJump(clock);
        Assert.False(jumps.HasJumped());
        clock.Pass(TimeSpan.FromHours(1));
        Assert.False(jumps.HasJumped());
        clock.Jump(TimeSpan.FromSeconds(2));
        Assert.False(jumps.HasJumped());
        clock.Jump(TimeSpan.FromMinutes(10));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.True(jumps.HasJumped());
        Assert.False(jumps.HasJumped());
        clock.Jump(TimeSpan.FromMinutes(-10));
        Assert.False(jumps.HasJumped());
    }
}
