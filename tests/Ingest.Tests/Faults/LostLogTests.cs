using KpiStream.Ingest.Tests.Host.Serving.Metrics;
using Xunit.Sdk;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The embedded log's files under a running <c>serve</c>: taken away, and readable by whom.</summary>
public sealed class LostLogTests(ITestOutputHelper output) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("log file deleted", "the segment that `serve --log` is writing is deleted between two posts",
        "the post is refused with 503 and said, health fails, the next post is kept in a new segment and is there after a restart")]
    public async Task ASegmentDeletedWhileServing_IsSaid_AndNothingIsAcknowledgedIntoIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        await using (var server = await LogServer.StartAsync(folder))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Line(1))).Status);
            await server.Serve.UntilReadyAsync();
            File.Delete(LogFolder.PathOf(server.Log, 1));
            var refused = await server.PostAsync(Line(2));
            var status = (int)refused.Status;

            // The watch may have been there first: then the post is in the new segment already.
            Assert.True(status == 503 || (status == 200 && LogFolder.Segments(server.Log) is [2]), refused.Text);
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Line(3))).Status);
            await MetricsPage.UntilAsync(server.Serve, page => page.Sum("kpistream_log_segments_missing") == 1);
            using var health = await server.Serve.Http.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("events-00000001.kpirec deleted, moved, replaced or cut short", await health.Content.ReadAsStringAsync());
            Assert.Contains("deleted, moved, replaced or cut short", server.Serve.ToString());
            Seen.Say(output, $"the post after it was answered {status}");
            await server.Serve.TerminateAsync();
        }

        await using var next = await LogServer.StartAsync(folder);
        await next.Serve.UntilAsync("/api/v1/board", board => (bool)board["caughtUp"]! && (long)board["trust"]!["events"]! >= 1, KpiStreamProcess.Limit);
        Assert.Equal([2], LogFolder.Segments(next.Log));
    }

    [Fact]
    public async Task FilesThatHoldCases_AreTheirOwnersAlone_InAFolderOthersMayLookInto_AndOlderOnesAreClosed()
    {
        if (OperatingSystem.IsWindows())
        {
            throw SkipException.ForSkip("there are no file modes");
        }

        const UnixFileMode Open = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        Directory.CreateDirectory(folder.File("log"));
        Directory.CreateDirectory(folder.File("state"));
        foreach (var created in (string[])["log", "state"])
        {
            File.SetUnixFileMode(folder.File(created), Open | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        await LiveAsync();
        var files = Files();
        Assert.Contains(files, file => file.EndsWith(".kpirec"));
        Assert.Contains(files, file => file.EndsWith(".kpistate"));
        Assert.Contains(files, file => file.EndsWith("dead-letters.ndjson"));
        Assert.All(files, file => Assert.Equal((file, OwnerOnly), (file, ModeOf(file))));

        foreach (var file in files.Where(file => !file.EndsWith(".key") && !file.EndsWith(".lock")))
        {
            File.SetUnixFileMode(file, Open);
        }

        var said = await LiveAsync();
        Assert.All(Files().Where(file => !file.EndsWith(".lock")), file => Assert.Equal((file, OwnerOnly), (file, ModeOf(file))));
        Assert.Contains("events-00000001.kpirec holds cases and could be read or written by others", said);
    }

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file);

    private static string Line(int number) => CaseLines.Accepted($"H31-{number}", "11953", DateTimeOffset.UtcNow.AddHours(-1)) + "\n";

    private IReadOnlyList<string> Files() => [.. ((string[])["log", "state"]).SelectMany(name => Directory.EnumerateFiles(folder.File(name)))];

    /// <summary>One life with a good and a bad line, and a checkpoint; what it said.</summary>
    private async Task<string> LiveAsync()
    {
        await using var server = await LogServer.StartAsync(folder, "--state", "state", "--checkpoint-every", "0");
        Assert.Equal((1, 1), await server.PostAsync(Line(1) + "x\n") is var reply ? (reply.Accepted, reply.Rejected) : default);
        await server.Serve.UntilReadyAsync();
        Assert.Equal(0, (await server.Serve.TerminateAsync()).ExitCode);
        return server.Serve.ToString();
    }
}
