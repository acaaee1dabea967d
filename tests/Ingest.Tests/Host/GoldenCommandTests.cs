using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>The golden streams through the commands: what an independent program computed, byte for byte.</summary>
public sealed class GoldenCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The option sets of tests/Support/Golden/README.md.</summary>
    private static readonly Dictionary<string, string[]> OptionSets = new()
    {
        ["default"] = [],
        ["periods"] = ["--periods", CountRun.AllPeriods],
        ["rollup"] = ["--periods", "month,since:2025-07-01,24h", "--rollup"],
        ["as-of"] = ["--periods", "day,7d,now", "--as-of", "2025-07-15T12:00:00+07:00"],
    };

    public static IEnumerable<object[]> Cases =>
        from stream in (string[])["ordinary", "mixed", "edges"] from options in OptionSets.Keys select (object[])[stream, options];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task GoldenStream_ReplayedAndRecounted_GivesTheExpectedFigures(string stream, string options)
    {
        var file = GoldenFiles.PathOf(stream + ".ndjson");
        var expected = GoldenFiles.Expected(stream, options);
        var recount = await CountRun.OfAsync(folder, ["recount", file, .. OptionSets[options]]);
        TextAssert.SameLines(expected, recount.Csv);
        AssertSummary(stream, recount);
        foreach (var shards in (string[])["1", "2", "4"])
        {
            var replay = await CountRun.OfAsync(folder, ["replay", file, "--shards", shards, .. OptionSets[options]]);
            TextAssert.SameLines(expected, replay.Csv);
            AssertSummary(stream, replay);
            Assert.Equal(recount.Fingerprint, replay.Fingerprint);
        }
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task GzipInput_GivesTheSameFigures(string command)
    {
        var packed = folder.File("mixed.ndjson.gz");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(await File.ReadAllBytesAsync(GoldenFiles.PathOf("mixed.ndjson")));
        }

        TextAssert.SameLines(GoldenFiles.Expected("mixed", "default"), (await CountRun.OfAsync(folder, command, packed)).Csv);
    }

    [Theory]
    [InlineData("replay", "ordinary", "rollup")]
    [InlineData("recount", "ordinary", "rollup")]
    [InlineData("replay", "mixed", "periods")]
    [InlineData("recount", "mixed", "as-of")]
    public async Task StandardInputToStandardOutput_GivesTheExpectedBytes(string command, string stream, string options)
    {
        var input = await File.ReadAllBytesAsync(GoldenFiles.PathOf(stream + ".ndjson"));
        var result = await KpiStreamProcess.RunAsync(input, [command, "-", "--export", "-", .. OptionSets[options]]);
        Assert.Equal(0, result.ExitCode);
        TextAssert.SameLines(GoldenFiles.Expected(stream, options), result.Text);
        Assert.Equal(Encoding.UTF8.GetBytes(GoldenFiles.Expected(stream, options)), result.Output);
        Assert.Matches(stream == "mixed" ? @"\Akpistream: [^\n]*rejected[^\n]*\n\z" : @"\A\z", result.Errors);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task Report_HasEveryFieldOfTheSpec(string command)
    {
        var run = await CountRun.OfAsync(folder, command, GoldenFiles.PathOf("mixed.ndjson"));
        string[] measured =
            ["wall_s", "start_s", "read_s", "export_s", "cpu_s", "peak_rss_mb", "events_per_s", "cpu_us_per_event", "allocated_bytes_per_event"];
        foreach (var field in measured)
        {
            Assert.True(run.Report.GetProperty(field).GetDouble() > 0, field);
        }

        foreach (var count in (string[])["gen0", "gen1", "gen2"])
        {
            Assert.True(run.Report.GetProperty("gc").GetProperty(count).GetInt32() >= 0, count);
        }

        Assert.True(run.Report.GetProperty("gc").GetProperty("longest_pause_ms").GetDouble() >= 0);
        Assert.Matches("^[0-9a-f]{32}$", run.Fingerprint);
    }

    private static void AssertSummary(string stream, CountRun run)
    {
        using var summary = GoldenFiles.Summary(stream);
        var expected = summary.RootElement;
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(expected.GetProperty("events").GetInt64(), run["events"]);
        Assert.Equal(expected.GetProperty("cases").GetInt64(), run["cases"]);
        Assert.Equal(run["events"], run["applied"] + run["duplicates"] + run.Rejected.Values.Sum());
        Assert.Equal(
            expected.GetProperty("rejected").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64()),
            run.Rejected);
    }
}
