namespace KpiStream.Ingest.Tests.Host;

/// <summary>A run says on its last line what it rejected, and one that accepted nothing of what came is a failed check.</summary>
public sealed class NothingAcceptedTests : IDisposable
{
    private const string Event = """{"source":"hy","case":"c1","at":"2025-07-15T12:00:00Z","status":2,"receiving":"11953"}""" + "\n";
    private const string Payload = """{"MaHoSo":"H31-1","TrangThaiHoSo":"10","MaDonViTiepNhan":"11953","NgayTiepNhan":"20250710080000", """
        + """ "NgayKetThucXuLy":"20250710100000"}""" + "\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("replay", "{}\n{\n", 1, "kpistream: 2 of 2 records were rejected (malformed 1, missing:source 1), so there is nothing to count. ")]
    [InlineData("recount", Payload, 1,
        "1 of 1 records were rejected (missing:source 1), so there is nothing to count. A source's own payloads are read by its profile: give --profile.")]
    [InlineData("replay", "a,b\nc,d\n", 1, "begins like a table (CSV)")]
    [InlineData("recount", Event + "{}\n", 0, "kpistream: 1 of 2 records were rejected (missing:source 1). replay --dead-letters FILE notes each of them.")]
    [InlineData("replay", "", 0, "")]
    public async Task RejectedRecords_AreOnTheLastLine(string command, string text, int exit, string said)
    {
        var run = await KpiStreamProcess.RunAsync(Encoding.UTF8.GetBytes(text), command, "-");
        Assert.Equal(exit, run.ExitCode);
        Assert.Contains(said, run.Errors.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task AForeignForm_IsExitOne_WithoutFigures()
    {
        var run = await KpiStreamProcess.RunAsync((byte[])[0xff, 0xfe, .. Encoding.Unicode.GetBytes(Event)], "replay", "-");
        Assert.Equal((1, 0), (run.ExitCode, run.Output.Length));
        Assert.Contains("iconv -f UTF-16LE -t UTF-8", run.Errors);
    }

    [Theory]
    [InlineData("--at-from", "NgayKetThucXuLy")]
    [InlineData("--at", "2025-07-11T00:00:00+07:00")]
    public async Task PayloadsInAFile_AreReadWithTheTimeThatAnOptionNames_AndRefusedWithoutOne(string option, string value)
    {
        var file = folder.File("payloads.ndjson");
        await File.WriteAllTextAsync(file, Payload);
        var refused = await CommandRun.OfAsync("replay", file, "--profile", "national");
        Assert.Equal((3, 0), (refused.ExitCode, refused.Output.Length));
        Assert.Contains("--at-from KEY", refused.Errors);

        var read = await KpiStreamProcess.RunAsync(
            "replay", file, "--profile", "national", option, value, "--periods", "2025-07-10..2025-07-10", "--export", "-");
        Assert.Equal((0, ""), (read.ExitCode, read.Errors));
        Assert.Contains("fully_online,11953,", Encoding.UTF8.GetString(read.Output));
    }
}
