namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>A source that ends before the newest checkpoint: an older one that lies within it is gone on from, else it is a gap.</summary>
public sealed class ShorterSourceTests : IDisposable
{
    private const int Events = 3_000;

    private readonly StateScene scene = new();
    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_450);

    private string Source => scene.Folder.File("cases.ndjson");

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("log shorter", "a file ends before the newest checkpoint's position, not before the one before",
        "the older checkpoint is gone on from and that is said; everything equals a replay of what is there")]
    public async Task AFileCutBehindAnOlderCheckpoint_IsGoneOnFromThere()
    {
        await LeaveOneAsync(Write(Events / 3));
        var within = new FileInfo(Source).Length;
        await LeaveOneAsync(Write(Events));
        await CutAndGoOnAsync(Source, within + ((new FileInfo(Source).Length - within) / 2));
    }

    [Fact]
    [Fault("log shorter", "a recording ends before the newest checkpoint's position, not before the one before",
        "the older checkpoint is gone on from and that is said; everything equals a replay of what is there")]
    public async Task ARecordingCutBehindAnOlderCheckpoint_IsGoneOnFromThere()
    {
        var recording = scene.Folder.File("cases.kpirec");
        Assert.Equal(ExitCode.Ok, await CommandTree.RunAsync(["convert", Write(Events), recording, "--pseudonym-key", scene.Key]));
        var whole = await File.ReadAllBytesAsync(recording);
        await File.WriteAllBytesAsync(recording, whole[..(whole.Length / 2)]);
        await LeaveOneAsync(recording);
        await File.WriteAllBytesAsync(recording, whole);
        await LeaveOneAsync(recording);
        await CutAndGoOnAsync(recording, whole.Length * 3 / 4, ExitCode.Damaged); // What was cut off is missing, whatever is gone on from.
    }

    [Fact]
    [Fault("log shorter", "a file ends before the position of every checkpoint", "exit 5; with --accept-gap nothing that was counted is lost")]
    public async Task CutBeforeEveryCheckpoint_IsAGap_AndAcceptedKeepsWhatWasCounted()
    {
        await LeaveOneAsync(Write(Events / 2));
        var before = await LeaveOneAsync(Write(Events));
        Cut(Source, new FileInfo(Source).Length / 10);

        var refused = await scene.SayAsync(Source);
        Assert.Equal(ExitCode.Damaged, refused.ExitCode);
        Assert.Contains("it has become shorter", refused.Errors);
        var accepted = await scene.GoOnAsync(Source, "--accept-gap");
        Assert.Equal((before.Csv, before.Fingerprint), (accepted.Csv, accepted.Fingerprint));
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(length);
    }

    /// <summary>Counts and leaves one checkpoint, at the end.</summary>
    private Task<CountRun> LeaveOneAsync(string source) => scene.CountAsync("replay", source, "--state", scene.State, "--checkpoint-every", "3600");

    private async Task CutAndGoOnAsync(string source, long length, int exit = ExitCode.Ok)
    {
        Cut(source, length);
        var said = await scene.SayAsync(source);
        Assert.Equal(exit, said.ExitCode);
        Assert.Contains("was passed over", said.Errors);
        Assert.Contains("Going on from checkpoint-00000001.kpistate", said.Errors);
        var last = await scene.GoOnAsync(source);
        StateScene.MustBeAlike(await scene.CountAsync("replay", source), last);
        Assert.True(last["events"] < Events, "nothing was cut: this proves nothing");
    }

    private string Write(int events) => scene.Folder.Write("cases.ndjson", lines.Take(events));
}
