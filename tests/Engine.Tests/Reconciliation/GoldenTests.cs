namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>The recount against figures an independent program computed for the same streams.</summary>
public class GoldenTests
{
    private static readonly Dictionary<string, Lazy<GoldenStream>> Streams = new[] { "ordinary", "mixed", "edges" }.ToDictionary(
        name => name, name => new Lazy<GoldenStream>(() => new GoldenStream(name)));

    [Theory]
    [InlineData("ordinary")]
    [InlineData("mixed")]
    [InlineData("edges")]
    public void GoldenStream_IsCountedAndRejectedAsItsSummarySays(string name)
    {
        var stream = Streams[name].Value;
        var summary = stream.Summary;
        var rejected = summary.GetProperty("rejected").EnumerateObject()
            .OrderBy(reason => reason.Name)
            .Select(reason => KeyValuePair.Create(reason.Name, reason.Value.GetInt32()));

        Assert.Equal(rejected, stream.Rejected);
        Assert.Equal(summary.GetProperty("events").GetInt32(), stream.Events);
        Assert.Equal(summary.GetProperty("cases").GetInt32(), stream.Recount.Cases);
        Assert.Equal(summary.GetProperty("now").GetString(), InstantText.ToLocalSeconds(stream.Recount.GreatestAt!.Value));
    }

    [Theory]
    [InlineData("ordinary", "default", "day,month,year", null, false)]
    [InlineData("ordinary", "periods", "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now", null, false)]
    [InlineData("ordinary", "rollup", "month,since:2025-07-01,24h", null, true)]
    [InlineData("ordinary", "as-of", "day,7d,now", "2025-07-15T12:00:00+07:00", false)]
    [InlineData("mixed", "default", "day,month,year", null, false)]
    [InlineData("mixed", "periods", "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now", null, false)]
    [InlineData("mixed", "rollup", "month,since:2025-07-01,24h", null, true)]
    [InlineData("mixed", "as-of", "day,7d,now", "2025-07-15T12:00:00+07:00", false)]
    [InlineData("edges", "default", "day,month,year", null, false)]
    [InlineData("edges", "periods", "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now", null, false)]
    [InlineData("edges", "rollup", "month,since:2025-07-01,24h", null, true)]
    [InlineData("edges", "as-of", "day,7d,now", "2025-07-15T12:00:00+07:00", false)]
    public void GoldenStream_GivesItsFiguresToTheByte(string name, string options, string periods, string? asOf, bool rollup)
    {
        var stream = Streams[name].Value;
        var now = stream.Recount.GreatestAt!.Value;
        if (asOf is not null)
        {
            Assert.True(InstantText.TryParse(Encoding.UTF8.GetBytes(asOf), out now));
        }

        var expected = stream.Expected(options);
        var actual = stream.Export(periods, now, rollup);

        // The first difference says more than two long texts do; the texts decide.
        Assert.Equal(expected.Split('\n').Except(actual.Split('\n')).FirstOrDefault(), actual.Split('\n').Except(expected.Split('\n')).FirstOrDefault());
        Assert.True(expected == actual);
    }
}
