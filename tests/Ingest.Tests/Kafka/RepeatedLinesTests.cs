using KpiStream.Ingest.Tests.Sources.Generation;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Kafka;

public sealed class RepeatedLinesTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
    private readonly List<string> said = [];
    private readonly RepeatedLines lines;

    public RepeatedLinesTests() => lines = new RepeatedLines(said.Add, time);

    [Fact]
    public void LineThatComesForEver_IsSaidEverMoreSeldom_WithItsCount()
    {
        for (var second = 0; second < 3_600; second++)
        {
            lines.Say($"no topic 'cases' (try {second})");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("no topic 'cases' (try 0)", said[0]);
        Assert.Equal("no topic 'cases' (try 10) (10 times in 10 s)", said[1]);
        Assert.Equal("no topic 'cases' (try 70) (60 times in 60 s)", said[2]);
        Assert.InRange(said.Count, 8, 10);
    }

    [Fact]
    public void OtherLines_AreSaidAtOnce()
    {
        lines.Say("broker 1 is down");
        lines.Say("no topic");
        lines.Say("broker 2 is down");

        Assert.Equal(["broker 1 is down", "no topic"], said);
    }

    [Fact]
    public void LineThatHasStayedAway_IsSaidAtOnce()
    {
        lines.Say("down");
        lines.Say("down");
        time.Advance(TimeSpan.FromMinutes(10));
        lines.Say("down");

        Assert.Equal(["down", "down"], said);
    }
}
