using System.Diagnostics;
using System.Globalization;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>What a load test logs, read by the HdrHistogram project's own reader in Java.</summary>
public sealed class JavaHistogramReaderTests : IDisposable
{
    private const string Jar = "/usr/share/java/hdrhistogram.jar";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task LogOfARun_ReadInJava_HasCountsAndPercentilesOfTheReport()
    {
        Assert.SkipUnless(File.Exists(Jar), $"{Jar} not found (Debian: apt-get install libhdrhistogram-java)");
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static place => File.Exists(Path.Combine(place, "java"))),
            "java not found (Debian: apt-get install openjdk-17-jre-headless)");
        var (report, log) = (folder.File("r.json"), folder.File("r.hlog"));
        var run = await CommandRun.OfAsync("load", "run", "--generate", "360", "--rate", "200/s", "--report", report, "--hlog", log);

        var latencies = JsonNode.Parse(await File.ReadAllTextAsync(report))!["latencies"]!.AsObject();
        Assert.True(latencies.Count == 5, run.Errors);
        var read = await Task.WhenAll(latencies.Select(measure => ReadInJavaAsync(log, measure.Key)));
        Assert.All(latencies.Zip(read), static pair => Assert.Equal(
            ((string[])["count", "p50", "p90", "p99", "p999", "p9999", "max"]).Select(key => (decimal)pair.First.Value![key]!), pair.Second));
    }

    /// <summary>The count of all intervals of a measure, the percentiles 50, 90, 99, 99.9 and 99.99, and the maximum, milliseconds.</summary>
    private static async Task<IEnumerable<decimal>> ReadInJavaAsync(string log, string measure)
    {
        // The last line of the processor's table sums up all intervals.
        var table = $"{log}.{measure}";
        using var java = Process.Start("java",
        [
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", Jar, "org.HdrHistogram.HistogramLogProcessor", "-i", log, "-tag", measure, "-csv",
            "-outputValueUnitRatio", "1", "-o", table,
        ]);
        await java.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, java.ExitCode);
        var lines = await File.ReadAllLinesAsync(table);
        Assert.Equal("Total_Max\"", lines[2].Split(",\"")[^1]);
        Assert.True(lines.Length > 4, $"one interval alone proves little: {string.Join('\n', lines)}");
        var total = lines[^1].Split(',').TakeLast(7).Select(static text => decimal.Parse(text, CultureInfo.InvariantCulture)).ToList();
        return [total[0], .. total.Skip(1).Select(static nanos => Math.Round(nanos / 1_000_000, 3))];
    }
}
