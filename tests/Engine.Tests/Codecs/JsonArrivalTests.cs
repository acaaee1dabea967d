namespace KpiStream.Engine.Tests.Codecs;

/// <summary>What depends on settings and arrival: events from the future, unknown sources; and that rejected events leave nothing behind.</summary>
public sealed class JsonArrivalTests
{
    private const long At = 1_751_328_000_000; // the instant of DecoderProbe.Minimal
    private const long TenMinutes = 600_000;
    private static readonly string Minimal = $"{{{DecoderProbe.Minimal}}}";

    [Theory]
    [InlineData(At, "accepted")]
    [InlineData(At + TenMinutes, "accepted")]
    [InlineData(At - TenMinutes, "accepted")]
    [InlineData(At - TenMinutes - 1, "from_the_future")]
    [InlineData(0, "accepted")]
    [InlineData(-1, "accepted")]
    [InlineData(long.MaxValue, "accepted")]
    [InlineData(DecodeLimits.UnknownArrival, "accepted")]
    public void AnEventMoreThanTenMinutesAfterItsArrival_IsFromTheFuture(long arrival, string verdict) =>
        Assert.Equal(verdict, new DecoderProbe().Judge(Minimal, arrival));

    [Fact]
    public void TheTolerance_IsASetting()
    {
        var strict = new DecoderProbe(new DecodeLimits { FutureTolerance = 0 });
        Assert.Equal("accepted", strict.Judge(Minimal, At));
        Assert.Equal("from_the_future", strict.Judge(Minimal, At - 1));
    }

    [Fact]
    public void OtherInstantsInTheFuture_AreLegal() =>
        Assert.Equal("accepted", new DecoderProbe().Judge($"{{{DecoderProbe.Minimal},\"due\":\"2099-01-01T00:00:00Z\"}}", At));

    [Fact]
    public void SourcesNotListed_AreUnknownWhereSourcesAreListed()
    {
        var probe = new DecoderProbe(new DecodeLimits { KnownSources = ["hy", "Sở"] });
        Assert.Equal("accepted", probe.Judge(Minimal));
        Assert.Equal("accepted", probe.JudgeKey("source", "\"h\\u0079\""));
        Assert.Equal("accepted", probe.JudgeKey("source", "\"S\\u1edf\""));
        Assert.Equal("unknown_source", probe.JudgeKey("source", "\"HY\""));
        Assert.Equal("unknown_source", probe.JudgeKey("source", "\"hy \""));
        Assert.Equal("unknown_source", probe.JudgeKey("source", "\"h\""));
    }

    [Theory]
    [InlineData("\"fee\":-1")]
    [InlineData("\"parent\":7")]
    [InlineData("\"v\":2")]
    [InlineData("\"case\":null")]
    [InlineData("\"x\":[")]
    [InlineData("\"at\":\"2098-01-01T00:00:00Z\"")]
    [InlineData("\"source\":\"nobody\"")]
    public void RejectedEvents_InternNothing(string fault)
    {
        var probe = new DecoderProbe(new DecodeLimits { KnownSources = ["hy"] });
        var before = probe.InternedCodes();
        var verdict = probe.Judge($"{{{DecoderProbe.Minimal},\"procedure\":\"p\",\"field\":\"f\",\"receiving\":\"r\",\"handling\":\"h\",{fault}}}", At);
        Assert.NotEqual("accepted", verdict);
        Assert.Equal(before, probe.InternedCodes());
    }

    [Fact]
    public void ARejectedEvent_LeavesNothingForTheNextOne()
    {
        var probe = new DecoderProbe();
        Assert.Equal("bad_value:parent", probe.JudgeWith("\"procedure\":\"p\",\"field\":\"f\",\"handling\":\"h\",\"fee\":5,\"seq\":9,\"parent\":7"));
        Assert.Equal("accepted", probe.Judge(Minimal));
        Assert.Equal($"case={PseudonymKey.Fixed.Of("c1"u8)}\nat={At}\nseq=0\nsource=hy", probe.Facts());
    }
}
