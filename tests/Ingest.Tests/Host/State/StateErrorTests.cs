namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>A state that is damaged, another's, or ahead of its source: what happens is right, and is said.</summary>
public sealed class StateErrorTests : IDisposable
{
    private const int Events = 2_000;

    private readonly StateScene scene = new();
    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_400);

    private string Source => scene.Folder.File("cases.ndjson");

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("checkpoint bit-flipped", "the newest checkpoint over a file is damaged, then all of them",
        "the one before is used, then everything is read again; everything equals a replay from the start")]
    public async Task TheNewestDamaged_TheOneBeforeIsUsed_AllDamaged_EverythingIsReadAgain()
    {
        await LiveAsync(Events / 2);
        await LiveAsync(Events);
        await DamageAsync(scene.Newest);
        var verified = await CommandRun.OfAsync("snapshot", "verify", scene.State);
        Assert.Equal(ExitCode.Damaged, verified.ExitCode);
        Assert.Contains("is damaged", verified.Errors);
        Assert.Contains("is good", verified.Text);

        var said = await scene.SayAsync(Source);
        Assert.Contains("is damaged", said.Errors);
        Assert.Contains("Going on from", said.Errors);
        await MustBeWholeAsync();

        foreach (var file in Directory.EnumerateFiles(scene.State, "*.kpistate"))
        {
            await DamageAsync(file);
        }

        Assert.Contains("No checkpoint can be used: everything is read from its start.", (await scene.SayAsync(Source)).Errors);
        await MustBeWholeAsync();
    }

    [Fact]
    public async Task AnotherKey_IsRefused()
    {
        await LiveAsync(Events);
        await File.WriteAllTextAsync(scene.Key, "ffffffffffffffffffffffffffffffff");
        var refused = await scene.SayAsync(Source);
        Assert.Equal(ExitCode.Configuration, refused.ExitCode);
        Assert.Contains("its pseudonyms were made with another key", refused.Errors);
    }

    [Fact]
    public async Task OtherSources_AreRefused_AndStandardInputIsNotForThis()
    {
        await LiveAsync(Events);
        var recording = scene.Folder.File("cases.kpirec");
        await CommandTree.RunAsync(["convert", Source, recording, "--pseudonym-key", scene.Key]);
        var refused = await scene.SayAsync(recording);
        Assert.Equal(ExitCode.Configuration, refused.ExitCode);
        Assert.Contains("it is the state of other sources (files)", refused.Errors);

        var once = await scene.SayAsync("-");
        Assert.Equal(ExitCode.Usage, once.ExitCode);
        Assert.Contains("standard input cannot be read a second time", once.Errors);
    }

    [Fact]
    public async Task OtherSettingsOfWhatIsAccepted_ReadEverythingAgain()
    {
        await LiveAsync(Events);
        var said = await scene.SayAsync(Source, "--profile", "national", "--at", "2025-07-11T00:00:00+07:00");
        Assert.Contains("was made under other settings of what is accepted", said.Errors);
        Assert.Contains("everything is read from its start", said.Errors);
    }

    [Fact]
    public void AnotherTimeOfPayloads_IsAnotherSetting()
    {
        var shipped = ProfileSet.Load([new ProfileChoice(null, null, "national")], [])!;
        string HashOf(ProfileSet set) => set.Find("national")!.Hash;
        string[] hashes = [HashOf(shipped), HashOf(shipped.WithAt(null, 1)), HashOf(shipped.WithAt(null, 2)), HashOf(shipped.WithAt("NgayTiepNhan", null)),
            HashOf(shipped.WithAt("NgayKetThucXuLy", null))];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], HashOf(shipped.WithAt(null, null)));
    }

    [Fact]
    public async Task AFileThatIsAnother_EndsWith5_UnlessTheGapIsAccepted()
    {
        await LiveAsync(Events);
        scene.Folder.Write("cases.ndjson", lines.Skip(Events / 2));
        var refused = await scene.SayAsync(Source);
        Assert.Equal(ExitCode.Damaged, refused.ExitCode);
        Assert.Contains("is not the file that was read before", refused.Errors);

        // What the old file said stays, and the new one says nothing that it did not.
        var accepted = await scene.GoOnAsync(Source, "--accept-gap");
        scene.Folder.Write("whole.ndjson", lines);
        var whole = await scene.CountAsync("replay", scene.Folder.File("whole.ndjson"));
        Assert.Equal((whole.Csv, whole.Fingerprint, whole["events"] + (Events / 2)), (accepted.Csv, accepted.Fingerprint, accepted["events"]));
    }

    [Fact]
    public async Task ALastLineWithoutAnEnd_ThatGoesOnLater_IsAGap()
    {
        scene.Folder.Write("cases.ndjson", lines.Take(10));
        await File.AppendAllTextAsync(Source, """{"source":"hy","ca""");
        await scene.GoOnAsync(Source);
        Assert.Equal(11, (await scene.GoOnAsync(Source))["events"]);
        await File.AppendAllTextAsync(Source, "se\":\"c1\",\"at\":\"2025-07-01T08:00:00Z\"}\n");
        foreach (var older in Directory.EnumerateFiles(scene.State, "*.kpistate").Where(file => file != scene.Newest).ToList())
        {
            File.Delete(older);
        }

        var refused = await scene.SayAsync(Source);
        Assert.Equal(ExitCode.Damaged, refused.ExitCode);
        Assert.Contains(" continues now", refused.Errors);
    }

    [Fact]
    public async Task AStateThatCannotBeHad_EndsWith4()
    {
        await File.WriteAllTextAsync(scene.State, "no folder");
        scene.Folder.Write("cases.ndjson", lines);
        Assert.Equal(ExitCode.Unavailable, (await scene.SayAsync(Source)).ExitCode);
    }

    [Fact]
    public async Task SnapshotInspect_TellsSourcesAndCounts()
    {
        await LiveAsync(Events);
        var told = await CommandRun.OfAsync("snapshot", "inspect", scene.Newest);
        Assert.Equal(ExitCode.Ok, told.ExitCode);
        Assert.Contains("files: ", told.Text);
        Assert.Contains($"next {Events}, byte {new FileInfo(Source).Length}", told.Text);
        Assert.Equal(ExitCode.Unavailable, (await CommandRun.OfAsync("snapshot", "inspect", scene.Folder.File("none"))).ExitCode);
    }

    private async Task LiveAsync(int count)
    {
        scene.Folder.Write("cases.ndjson", lines.Take(count));
        Assert.Equal(ExitCode.Ok, (await scene.GoOnAsync(Source)).ExitCode);
    }

    private async Task MustBeWholeAsync() => StateScene.MustBeAlike(await scene.CountAsync("replay", Source), await scene.GoOnAsync(Source));

    private static async Task DamageAsync(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
    }
}
