using KpiStream.Ingest.Tests.Sources.Logs;
using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>The folder of an embedded log at the program's door.</summary>
public sealed class LogFolderCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task ALogsFolder_GivesTheFiguresOfItsRecordings(string command)
    {
        using var scene = Logged(400, segmentBytes: 4_000);
        var segments = LogFolder.Inputs(scene.Folder).Select(segment => segment.Name).ToList();
        Assert.InRange(segments.Count, 5, 50);
        var whole = await CountRun.OfAsync(folder, command, scene.Folder, "--periods", CountRun.AllPeriods);
        var parts = await CountRun.OfAsync(folder, [command, .. segments, "--periods", CountRun.AllPeriods]);
        Assert.Equal((0, 400L, parts.Csv, parts.Fingerprint), (whole.ExitCode, whole["events"], whole.Csv, whole.Fingerprint));

        // With other sources it is one of them.
        var other = folder.File("a.kpirec");
        File.Copy(segments[0], other);
        var both = await CountRun.OfAsync(folder, command, other, scene.Folder);
        Assert.Equal(whole.Fingerprint, both.Fingerprint);
        Assert.InRange(both["events"], 401, 799);
    }

    [Fact]
    public async Task ALogWhoseWriterWasKilled_IsReadToItsLastWholeBlock()
    {
        using var scene = Logged(30, segmentBytes: 1 << 20);
        var segment = LogFolder.PathOf(scene.Folder, 1);
        var bytes = await File.ReadAllBytesAsync(segment);
        var whole = NaiveRecording.Blocks(bytes).SkipLast(1).Sum(block => block.Events.Count);
        await File.WriteAllBytesAsync(segment, bytes[..^5]);
        var run = await CountRun.OfAsync(folder, "replay", scene.Folder);
        Assert.Equal((0, (long)whole), (run.ExitCode, run["events"]));
        Assert.InRange(whole, 20, 29);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task ASegmentThatIsMissingBetweenOthers_IsNamedAndTheRestIsCounted(string command)
    {
        using var scene = Logged(100, segmentBytes: 4_000);
        var whole = await CountRun.OfAsync(folder, command, scene.Folder);
        var (first, second, third) = (LogFolder.PathOf(scene.Folder, 1), LogFolder.PathOf(scene.Folder, 2), LogFolder.PathOf(scene.Folder, 3));

        // Left out on purpose, it is on disk and nothing is wrong.
        Assert.Equal(0, (await CountRun.OfAsync(folder, command, first, third)).ExitCode);
        File.Delete(second);
        foreach (string[] sources in (string[][])[[scene.Folder], [first, third]])
        {
            var run = await CountRun.OfAsync(folder, [command, .. sources]);
            Assert.Equal(5, run.ExitCode);
            Assert.InRange(run["events"], 1, whole["events"] - 1);
        }

        var holes = LogFolder.Holes([.. LogFolder.Inputs(scene.Folder).Select(segment => segment.Name)]);
        Assert.Equal([$"{second} is missing: bring the file back from a copy; without it the events in it are not counted."], holes);

        // Segments put away from the beginning are missed by nobody.
        File.Delete(first);
        Assert.Equal(0, (await CountRun.OfAsync(folder, command, scene.Folder)).ExitCode);
    }

    [Theory]
    [InlineData("a.rec")]
    [InlineData("a.kpirec")]
    public async Task AnEmptyRecording_IsDamaged_AndAnEmptyFileOfLinesIsNot(string name)
    {
        await File.WriteAllBytesAsync(folder.File(name), [], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("a.ndjson"), [], TestContext.Current.CancellationToken);
        Assert.Equal(5, (await CountRun.OfAsync(folder, "replay", folder.File(name))).ExitCode);
        Assert.Equal(0, (await CountRun.OfAsync(folder, "replay", folder.File("a.ndjson"))).ExitCode);

        // Beside a good one it does not count as one of another key.
        using var scene = Logged(10, segmentBytes: 1 << 20);
        var both = await CountRun.OfAsync(folder, "replay", LogFolder.PathOf(scene.Folder, 1), folder.File(name));
        Assert.Equal((5, 10L), (both.ExitCode, both["events"]));
    }

    [Fact]
    public async Task AnEmptySegment_IsGoodAsTheNewestAlone()
    {
        using var scene = Logged(100, segmentBytes: 4_000);
        using (var log = scene.Open())
        {
            log.Close();
        }

        var count = LogFolder.Segments(scene.Folder).Count;
        await File.WriteAllBytesAsync(LogFolder.PathOf(scene.Folder, count + 1), [], TestContext.Current.CancellationToken);
        Assert.Equal(0, (await CountRun.OfAsync(folder, "replay", scene.Folder)).ExitCode);
        await File.WriteAllBytesAsync(LogFolder.PathOf(scene.Folder, count + 2), [], TestContext.Current.CancellationToken);
        Assert.Equal(5, (await CountRun.OfAsync(folder, "replay", scene.Folder)).ExitCode);
    }

    [Theory]
    [InlineData("pseudonym.key")]
    [InlineData("api.key")]
    [InlineData("log.lock")]
    public async Task AFolderWithTheKeysOfALogAlone_IsSaidToLackItsFiles(string left)
    {
        await File.WriteAllTextAsync(folder.File(left), "", TestContext.Current.CancellationToken);
        Assert.True(LogFolder.HasOnlyKeys(folder.Path));
        var said = left == "log.lock" ? "holds no log of serve --log" : "no file of a log: bring events-00000001.kpirec";
        Assert.Contains(said, FileInput.FromPath(folder.Path).FindObstacle());
        using var scene = Logged(3, segmentBytes: 1 << 20);
        Assert.False(LogFolder.HasOnlyKeys(scene.Folder));
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("recount")]
    public async Task AFolderWithoutALog_IsRefused(string command)
    {
        folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 3, 1));
        var run = await CommandRun.OfAsync(command, folder.Path);
        Assert.Equal((4, true), (run.ExitCode, run.Errors.Contains("is a folder and holds no log")));
    }

    private static LogScene Logged(int events, long segmentBytes)
    {
        var scene = new LogScene(events, 31);
        using var log = scene.Open(segmentBytes);
        for (var from = 0; from < events; from += 10)
        {
            scene.Append(log, from, 10);
            log.Commit();
        }

        return scene;
    }
}
