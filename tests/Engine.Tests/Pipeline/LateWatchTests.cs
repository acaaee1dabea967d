namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>Lateness and data time are judged by clocks that can be right.</summary>
public sealed class LateWatchTests
{
    private const long Day = LocalTime.MillisPerDay;
    private const long Minute = 60_000;
    private const int Hue = 1;
    private const int Vinh = 2;
    private const long Unknown = DecodeLimits.UnknownArrival;

    private static readonly long Now = LocalTime.StartOfDay(20_000);
    private static readonly long Year2099 = LocalTime.StartOfDay(47_200);

    [Fact]
    public void OneEventOf2099_MakesNothingLate()
    {
        var watch = New(() => Now);
        Assert.False(watch.IsLate(Hue, Now - (2 * Day), Unknown));
        Assert.False(watch.IsLate(Hue, Year2099, Unknown));
        Assert.False(watch.IsLate(Hue, Now - (2 * Day), Unknown));
        Assert.Equal(Now - (2 * Day), watch.DataTime);
        Assert.Equal([(Hue, Year2099 - Now)], watch.Leads.Since(Now, Minute));
    }

    [Fact]
    public void AClockThatRunsFast_CountsAsTheArrivalAndIsNamed()
    {
        var watch = New(wallClock: null);
        Assert.False(watch.IsLate(Hue, Now + (7 * Minute), Now));
        Assert.False(watch.IsLate(Vinh, Now - Minute, Now));
        Assert.Equal(Now, watch.DataTime);
        Assert.Equal([(Hue, 7 * Minute)], watch.Leads.Since(Now, Minute));
        Assert.Empty(watch.Leads.Since(Now + ClockLeads.RememberedMillis + 1, Minute));
        Assert.True(watch.IsLate(Hue, Now - Day - 1, Now));
        Assert.False(watch.IsLate(Hue, Now - Day, Now));
    }

    /// <summary>The wall clock is asked again before an event is taken to be in the future.</summary>
    [Fact]
    public void AWallClockThatGoesOn_IsAskedAgain()
    {
        var now = Now;
        var watch = New(() => now);
        watch.IsLate(Hue, Now, Unknown);
        now += Day;
        watch.IsLate(Hue, Now + Day, Unknown);
        Assert.Equal(Now + Day, watch.DataTime);
        Assert.Empty(watch.Leads.Since(now, 1));
    }

    [Fact]
    public void WithoutAWallClock_TheNewestEventIsWhatItWas()
    {
        var watch = New(wallClock: null);
        watch.IsLate(Hue, Year2099, Unknown);
        Assert.True(watch.IsLate(Hue, Now, Unknown));
        Assert.Equal(Year2099, watch.DataTime);
    }

    [Fact]
    public void WhatAnOlderProgramSavedOfTheFuture_IsForgotten()
    {
        var sources = new KpiStream.Engine.Events.CodeTable();
        var watch = New(() => Now);
        watch.Restore([("hue", Year2099), ("vinh", Now - Day)], sources);
        Assert.Equal(Now - Day, watch.DataTime);
        Assert.False(watch.IsLate(sources.Intern("hue"), Now - (9 * Day), Unknown));
    }

    private static LateWatch New(Func<long>? wallClock) => new(Day, 10 * Minute, wallClock);
}
