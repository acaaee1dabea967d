using Xunit.Sdk;

namespace KpiStream.Ingest.Tests.Host.Serving.Posting;

/// <summary>The embedded log on a disk that is really full: a small one of memory, which the program alone sees.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Script = "mount -t tmpfs -o size=3m none \"$0\" && head -c 2m /dev/zero > \"$0/ballast\" && exec dotnet \"$@\"";

    [Fact]
    [Fault("disk full", "the disk of the embedded log is full, and has room again later",
        "posts are refused with 507 and then taken without a restart; the figures are the recount's")]
    public async Task AFullDisk_IsSaid_AndWithRoomAgainPostsGoThroughWithoutARestart()
    {
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "log: {folder: disk/log, api_key_file: a/api.key}\nstate_dir: state\n");
        await using var server = await StartAsync(disk, folder);
        // The folder as the program sees it.
        var seen = $"/proc/{server.Serve.ProcessId}/root{disk}";
        var lines = Streams.Generate(GenerateProfile.Ordinary, 20_000, 86).Chunk(500).Select(batch => EventForms.Body("json", batch)).ToList();
        var (accepted, at) = (0, 0);
        PostReply reply;
        for (; (reply = await server.PostAsync(lines[at])).Status == HttpStatusCode.OK; at++)
        {
            accepted += reply.Accepted;
        }

        Assert.Equal((HttpStatusCode.InsufficientStorage, true), (reply.Status, reply.Text.Contains("disk is full")));
        Assert.InRange(accepted, 500, 19_000);
        for (var again = 0; again < 3; again++)
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, (await server.PostAsync(lines[at])).Status);
        }

        File.Delete($"{seen}/ballast");
        for (; at < lines.Count; at++)
        {
            reply = await server.PostAsync(lines[at]);
            Assert.Equal((HttpStatusCode.OK, 500), (reply.Status, reply.Accepted));
        }

        // Of a batch that was refused a part may be there; a sender who repeats it changes nothing by it.
        var stored = await LogServer.StoredAsync($"{seen}/log");
        output.WriteLine($"{accepted} events before the disk was full, {stored.Count} stored of 20,000");
        Assert.InRange(stored.Count, 20_000, 22_500);
        await server.Serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == stored.Count, KpiStreamProcess.Limit);
        folder.Write("cases.ndjson", lines.Select(body => body[..^1]));
        await ServedExport.MustEqualRecountAsync(server.Serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");
    }

    private static async Task<LogServer> StartAsync(string disk, TemporaryFolder folder)
    {
        try
        {
            return await LogServer.StartUnderAsync(["unshare", "-rm", "bash", "-c", Script, disk], folder, "a/api.key");
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception || error.Message.Contains("unshare:")
            || error.Message.Contains("mount:"))
        {
            throw SkipException.ForSkip("a process may not have disks of its own here");
        }
    }
}
