using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Logs;
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
    public async Task AFolderWithoutALog_IsRefused(string command)
    {
        folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 3, 1));
        var run = await KpiStreamProcess.RunAsync(command, folder.Path);
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
