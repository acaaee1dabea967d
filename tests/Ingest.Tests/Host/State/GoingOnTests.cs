using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>Sources read in several runs with a state between them end as if read in one: figures, report and fingerprint.</summary>
public sealed class GoingOnTests(ITestOutputHelper output) : IDisposable
{
    private const int Events = 3_000;

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Theory]
    [InlineData("cases.ndjson")]
    [InlineData("cases.ndjson.gz")]
    public async Task AFileThatGrows_IsReadOnWithOtherShards_AndEndsAsIfReadAtOnce(string name)
    {
        for (var trial = 0; trial < LongRuns.Scale(2); trial++)
        {
            var seed = 6_300 + trial;
            output.WriteLine($"seed {seed}");
            var random = new Random(seed);
            var lines = Streams.Generate(GenerateProfile.Hostile, Events, (ulong)seed);
            var last = default(CountRun);
            foreach (var share in (int[])[random.Next(lines.Count / 2), random.Next(lines.Count / 2, lines.Count), lines.Count, lines.Count])
            {
                Write(name, lines.Take(share));
                last = await scene.GoOnAsync(scene.Folder.File(name), "--shards", $"{random.Next(1, 5)}", "--decoders", $"{random.Next(3)}");
            }

            var recount = await scene.CountAsync("recount", scene.Folder.File(name));
            StateScene.MustBeAlike(await scene.CountAsync("replay", scene.Folder.File(name)), last!);
            Assert.Equal((recount.Csv, recount.Fingerprint), (last!.Csv, last.Fingerprint));
            Directory.Delete(scene.State, recursive: true);
        }
    }

    [Fact]
    public async Task ARecordingThatGrows_AndAnotherFileBehindIt_AreReadOn()
    {
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_310);
        var (first, second) = (scene.Folder.Write("first.ndjson", lines.Take(Events / 2)), scene.Folder.Write("second.ndjson", lines.Skip(Events / 2)));
        var recording = scene.Folder.File("cases.kpirec");
        await ConvertAsync(first, recording);
        await scene.GoOnAsync(recording);
        await scene.GoOnAsync(recording, second);
        var last = await scene.GoOnAsync(recording, second, "--shards", "3");
        StateScene.MustBeAlike(await scene.CountAsync("replay", recording, second), last);
        Assert.Equal((await scene.CountAsync("recount", recording, second)).Csv, last.Csv);
    }

    [Fact]
    public async Task AnotherRulebook_IsAppliedToTheCasesWithoutReadingAgain()
    {
        var file = scene.Folder.Write("cases.ndjson", Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_311));
        var before = await scene.GoOnAsync(file);
        var book = scene.Folder.File("rulebook.yaml");
        var shipped = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "ingest", "Sources", "Shipped", "rulebook.yaml"));
        await File.WriteAllTextAsync(book, shipped.Replace("count: [online]", "count: [by_post]"));
        var after = await scene.GoOnAsync(file, "--rulebook", book);
        StateScene.MustBeAlike(await scene.CountAsync("replay", file, "--rulebook", book), after);
        Assert.NotEqual(before.Csv, after.Csv);
    }

    [Fact]
    public async Task AnEarlierNow_IsFreeToBeChosenAfterwards()
    {
        var file = scene.Folder.Write("cases.ndjson", Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_312));
        await scene.GoOnAsync(file);
        string[] earlier = ["--as-of", "2025-07-15T12:00:00+07:00"];
        StateScene.MustBeAlike(await scene.CountAsync("replay", [file, .. earlier]), await scene.GoOnAsync(file, earlier));
        StateScene.MustBeAlike(await scene.CountAsync("replay", file), await scene.GoOnAsync(file));
    }

    /// <summary>A golden file of every format ever written is kept, with the stream it was made of.</summary>
    [Fact]
    public async Task ACheckpointOfFormat1_IsGoneOnFrom()
    {
        Directory.CreateDirectory(scene.State);
        File.Copy(GoldenFiles.PathOf("checkpoint-1.kpistate"), Path.Combine(scene.State, "checkpoint-00000007.kpistate"));
        var file = scene.Folder.File("mixed.ndjson");
        File.Copy(GoldenFiles.PathOf("checkpoint-1.ndjson"), file);
        var said = await scene.SayAsync(file);
        Assert.Contains("Going on from checkpoint-00000007.kpistate", said.Errors);
        var continued = await scene.GoOnAsync(file);
        StateScene.MustBeAlike(await scene.CountAsync("replay", file), continued);
        Assert.Equal((await scene.CountAsync("recount", file)).Csv, continued.Csv);
    }

    private void Write(string name, IEnumerable<byte[]> lines)
    {
        using var file = File.Create(scene.Folder.File(name));
        using Stream content = name.EndsWith(".gz") ? new GZipStream(file, CompressionLevel.Fastest) : file;
        foreach (var line in lines)
        {
            content.Write([.. line, (byte)'\n']);
        }
    }

    private async Task ConvertAsync(string from, string to) => Assert.Equal(0, await CommandTree.RunAsync(["convert", from, to, "--pseudonym-key", scene.Key]));
}
