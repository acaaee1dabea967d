using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using HdrHistogram;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary><c>load run</c> through the program's own command line, with the engine, the board and the web server of <c>serve</c> in this process.</summary>
public sealed class LoadRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task GeneratedStream_ReachesTheBoardAndEqualsItsRecount()
    {
        var (report, hlog, junit, html) = (folder.File("r.json"), folder.File("r.hlog"), folder.File("r.xml"), folder.File("r.html"));
        var run = await CommandRun.OfAsync("load", "run", "--generate", "1500", "--rate", "3k/s", "--report", report, "--hlog", hlog, "--junit",
            junit, "--html", html,
            "--expect", "sustained >= 100/s", "--expect", "received max < 60 s");

        var root = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        Assert.True((string)root["verdict"]! is "ok" or "void", $"{run.Errors}{root["reasons"]}");
        Assert.Equal([1_500, 1_500, 1_500], new[] { "sent", "applied", "received" }.Select(key => (int)root[key]!));
        Assert.Equal("equal", (string)root["answer"]!["verdict"]!);
        Assert.True((long)root["answer"]!["rows_compared"]! > 500);
        Assert.Equal((string)root["answer"]!["expected"]!, (string)root["answer"]!["fingerprint"]!);

        foreach (var measure in (string[])["applied", "published", "received"])
        {
            // The log of intervals, read by the package's reader, holds every event once, and the same maximum as the report.
            await using var file = File.OpenRead(hlog);
            using var reader = new HistogramLogReader(file);
            var intervals = reader.ReadHistograms().Where(one => one.Tag == measure).ToList();
            Assert.Equal(1_500, intervals.Sum(one => one.TotalCount));
            Assert.Equal((double)root["latencies"]![measure]!["max"]!, intervals.Max(one => one.GetMaxValue()) / 1e6, 0.001);
        }

        AssertReadableByOthers(await File.ReadAllTextAsync(hlog));
        Assert.Contains(XDocument.Load(junit).Descendants("testcase"), one => (string)one.Attribute("name")! == "figures equal the recount"
            && !one.HasElements);
        var page = await File.ReadAllTextAsync(html);
        Assert.Contains("<polyline", page);
        Assert.DoesNotContain("src=", page);
        Assert.Contains("Percentile curve", page);
    }

    [Fact]
    public async Task WarmUpAsLongAsTheRun_MeasuresNothingAndFails()
    {
        var run = await CommandRun.OfAsync("load", "run", "--generate", "100", "--rate", "1k/s", "--warm-up", "1m");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no latency was measured: nothing was due after the warm-up of 60 s", Encoding.UTF8.GetString(run.Output));
    }

    /// <summary>
    /// hdr-histogram-js and Java's reader inflate with zlib, which stops at a stream without its checksum; the package's reader does not look at it.
    /// </summary>
    private static void AssertReadableByOthers(string log)
    {
        var histograms = log.Split('\n').Where(line => line.StartsWith("Tag=")).Select(line => Convert.FromBase64String(line[(line.LastIndexOf(',')
            + 1)..])).ToList();
        Assert.NotEmpty(histograms);
        foreach (var histogram in histograms)
        {
            using var content = new MemoryStream();
            using var zlib = new ZLibStream(new MemoryStream(histogram, 8, histogram.Length - 8), CompressionMode.Decompress);
            zlib.CopyTo(content);
            Assert.Equal(histogram.Length - 8, BinaryPrimitives.ReadInt32BigEndian(histogram.AsSpan(4)));
            Assert.Equal(content.Length - 40, BinaryPrimitives.ReadInt32BigEndian(content.ToArray().AsSpan(4)));
            var (low, high) = content.ToArray().Aggregate((1u, 0u), (sum, each) => ((sum.Item1 + each) % 65_521, (sum.Item2 + sum.Item1 + each) % 65_521));
            Assert.Equal((high << 16) | low, BinaryPrimitives.ReadUInt32BigEndian(histogram.AsSpan(histogram.Length - 4)));
        }
    }

    [Fact]
    public async Task EarlierRunOfTheSameStream_MustHaveTheSameFingerprint()
    {
        var (first, second) = (folder.File("1.json"), folder.File("2.json"));
        await CommandRun.OfAsync("load", "run", "--generate", "400", "--report", first);
        Assert.Equal(0, (await CommandRun.OfAsync("load", "run", "--generate", "400", "--shards", "3", "--compare", first, "--report", second)).ExitCode);
        Assert.Equal("equal", (string)JsonNode.Parse(await File.ReadAllTextAsync(second))!["answer"]!["earlier"]!);

        var text = await File.ReadAllTextAsync(first);
        var fingerprint = (string)JsonNode.Parse(text)!["answer"]!["fingerprint"]!;
        await File.WriteAllTextAsync(first, text.Replace(fingerprint, new string('0', fingerprint.Length)));
        var wrong = await CommandRun.OfAsync("load", "run", "--generate", "400", "--compare", first);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("the answer is wrong: an earlier run of the same stream", wrong.Text);
    }

    [Fact]
    public async Task DaysOfAStream_AreSentAlone_AndEqualTheirRecount()
    {
        var (events, report) = (folder.File("e.ndjson"), folder.File("r.json"));
        await CommandRun.OfAsync("generate", "--events", "900", "--out", events);
        var days = File.ReadLines(events).Select(static line => ((string)JsonNode.Parse(line)!["at"]!)[..10]).ToList();
        var (first, last) = (days[days.Count / 3], days[days.Count * 2 / 3]);

        var run = await CommandRun.OfAsync("load", "run", events, "--from", first, "--until", $"{last}T00:00:00+07:00", "--report", report);

        var root = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        var within = days.Count(day => string.CompareOrdinal(day, first) >= 0 && string.CompareOrdinal(day, last) < 0);
        Assert.InRange(within, 100, 800);
        Assert.Equal((within, 0, "equal"), ((int)root["sent"]!, run.ExitCode, (string)root["answer"]!["verdict"]!));
    }

    [Fact]
    public async Task RecordingOfTwoProvincesDirtyAndTwice_StillEqualsItsRecount()
    {
        var (events, recording, plan) = (folder.File("e.ndjson"), folder.File("e.rec"), folder.File("plan.yaml"));
        await CommandRun.OfAsync("generate", "--events", "600", "--units", "sonla", "--profile", "mixed", "--out", events);
        await CommandRun.OfAsync("convert", events, recording, "--units", "sonla");
        await File.WriteAllTextAsync(plan, $$"""
            plans:
              - name: dirty
                source: {{Path.GetFileName(recording)}}
                units: vn
                provinces: 2
                loop: 2
                shift_to_now: true
                dirty: {malformed: 3 %, duplicate: 5 %, late: 3 %, future: 2 %, huge: 1 %}
                expect: ['sustained > 1/s']
            """);
        var report = folder.File("r.json");

        var run = await CommandRun.OfAsync("load", "run", plan, "--report", report);

        var root = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        Assert.True(run.ExitCode == 0, $"{run.Errors}{root["reasons"]}");
        Assert.True((long)root["sent"]! > 2_400); // with the copies
        Assert.True((long)root["answer"]!["rejected"]! > 50);
        Assert.Equal(0, (double)root["plan"]!["shift_days"]! % 7);
    }

    /// <summary>Also of a stream of last year, in which a moment ahead of its events may be long over.</summary>
    [Fact]
    public async Task DirtyEvents_AreRejectedAsOftenAsDrawn()
    {
        var (plan, report) = (folder.File("plan.yaml"), folder.File("r.json"));
        await File.WriteAllTextAsync(plan, """
            plans:
              - name: dirty
                generate: {events: 400, start: 2025-07-01}
                seed: 16
                dirty: {malformed: 10 %, duplicate: 10 %, future: 20 %, huge: 5 %}
            """);

        await CommandRun.OfAsync("load", "run", plan, "--report", report);

        var draw = new DirtDraw(new DirtyRates(100_000, 100_000, 0, 200_000, 50_000), 16);
        var drawn = Enumerable.Range(0, 400).Select(_ => draw.Next()).ToList();
        var root = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        Assert.Equal(
            (400 + drawn.Count(static one => one == Dirt.Duplicate),
                drawn.Count(static one => one is Dirt.Malformed or Dirt.Future or Dirt.Huge), "equal"),
            ((int)root["sent"]!, (int)root["answer"]!["rejected"]!, (string)root["answer"]!["verdict"]!));
    }

    [Theory]
    [InlineData("load run", "Give a file of plans, or sources, or --generate N")]
    [InlineData("load run --generate 5 --rate fast", "--rate: 'fast' is not a rate like 500/s")]
    [InlineData("load run --generate 5 --speed 60", "neither max, or a multiple")]
    [InlineData("load run --generate 5 --to ftp://x", "'ftp://x' is no target; give engine, kafka:TOPIC with --bootstrap, or the address of a server")]
    [InlineData("load run --generate 5 --to kafka:x", "--to kafka:x needs --bootstrap host:port")]
    [InlineData("load run --generate 5 --expect p99", "--expect: 'p99' is not understood")]
    [InlineData("load run plan.yaml --rate 5/s", "--rate belongs to a load without a plan")]
    [InlineData("load run --generate 5 --report kafka:x", "kafka: cannot be written here")]
    [InlineData("load run e.rec --from 15.7.2025", "--from: '15.7.2025' is not a day or an instant like 2025-07-15 or 2025-07-15T12:00:00+07:00")]
    [InlineData("load run e.rec --from 2025-07-15 --until 2025-07-15T00:00:00+07:00", "--until must be after --from")]
    [InlineData("load run --generate 5 --provinces 2", "the directory 'hungyen' has 1")]
    public async Task MistakeOnTheCommandLine_IsNamed(string arguments, string said)
    {
        var run = await CommandRun.OfAsync(arguments.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors);
    }
}
