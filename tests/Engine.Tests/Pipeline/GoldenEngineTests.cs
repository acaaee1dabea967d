using System.Text.Json;

namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>The engine against figures an independent program computed for the same streams, at every number of shards.</summary>
public class GoldenEngineTests
{
    public static TheoryData<string, string, string, string?, bool, int> Runs()
    {
        var runs = new TheoryData<string, string, string, string?, bool, int>();
        foreach (var shards in (int[])[1, 2, 4])
        {
            foreach (var stream in (string[])["ordinary", "mixed", "edges"])
            {
                runs.Add(stream, "default", "day,month,year", null, false, shards);
                runs.Add(stream, "periods", "day,month,quarter,year,1h,24h,7d,30d,since:2025-07-01,2025-07-03..2025-07-20,now", null, false, shards);
                runs.Add(stream, "rollup", "month,since:2025-07-01,24h", null, true, shards);
                runs.Add(stream, "as-of", "day,7d,now", "2025-07-15T12:00:00+07:00", false, shards);
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task GoldenStream_GivesItsFiguresToTheByte(string stream, string options, string periods, string? asOf, bool rollUp, int shards)
    {
        long? now = asOf is not null && InstantText.TryParse(Encoding.UTF8.GetBytes(asOf), out var millis) ? millis : null;
        var run = await EngineRun.OverAsync(GoldenFiles.Lines(stream), periods, rollUp, now, shards);

        TextAssert.SameLines(GoldenFiles.Expected(stream, options), run.Csv);
    }

    [Theory]
    [InlineData("ordinary")]
    [InlineData("mixed")]
    [InlineData("edges")]
    public async Task GoldenStream_IsCountedAndRejectedAsItsSummarySays(string stream)
    {
        var run = await EngineRun.OverAsync(GoldenFiles.Lines(stream));

        using var summary = GoldenFiles.Summary(stream);
        Assert.Equal(summary.RootElement.GetProperty("events").GetInt64(), run.Counts.Events);
        Assert.Equal(summary.RootElement.GetProperty("cases").GetInt32(), run.Cases);
        Assert.Equal(summary.RootElement.GetProperty("now").GetString(), InstantText.ToLocalSeconds(run.Now));
        Assert.Equal(
            summary.RootElement.GetProperty("rejected").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64()),
            run.Counts.ByReason.ToDictionary(row => row.Verdict.ToString(), row => row.Count));
        Assert.Equal(run.Counts.Accepted, run.Applied + run.Duplicates);
    }
}
