using KpiStream.Ingest.Tests.Host.State;
using KpiStream.Ingest.Tests.Sources.Recordings;
using KpiStream.Tests.Support.Oracle;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>Recordings and checkpoints of every format ever written give the figures of the lines they were made of.</summary>
public sealed class FormatVersionTests : IDisposable
{
    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ARecordingOfAnyFormat_GivesTheFiguresOfItsLines(int format)
    {
        var expected = await scene.CountAsync("recount", GoldenFiles.PathOf($"format-{format}.ndjson"));
        foreach (var command in (string[])["replay", "recount"])
        {
            var run = await scene.CountAsync(command, GoldenFiles.PathOf($"format-{format}.kpirec"));
            Assert.Equal(0, run.ExitCode);
            TextAssert.SameLines(expected.Csv, run.Csv);
            Assert.Equal((expected.Fingerprint, expected["cases"]), (run.Fingerprint, run["cases"]));
            Assert.Equal(expected["events"] - expected.Rejected.Values.Sum(), run["events"]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ACheckpointOfAnyFormat_IsReadOnFrom_WithFactsItDidNotKnow(int format)
    {
        var name = $"format-{format}";
        var oracle = new EventOracle();
        var codes = GoldenFiles.Lines(name).Select(line => oracle.Judge(line)).Where(answer => answer.Verdict == "accepted")
            .Select(answer => answer.Values["case"]!).Distinct();
        var file = scene.Folder.File("cases.ndjson");
        await File.WriteAllBytesAsync(file, [.. await File.ReadAllBytesAsync(GoldenFiles.PathOf(name + ".ndjson")), .. codes.SelectMany(Later)]);
        Directory.CreateDirectory(scene.State);
        File.Copy(GoldenFiles.PathOf(name + ".kpistate"), Path.Combine(scene.State, "checkpoint-00000007.kpistate"));
        var said = await scene.SayAsync(file);
        Assert.Contains("Going on from checkpoint-00000007.kpistate", said.Errors);
        var (replay, recount) = (await scene.CountAsync("replay", file), await scene.CountAsync("recount", file));
        StateScene.MustBeAlike(replay, await scene.GoOnAsync(file));
        Assert.Equal((recount.Csv, recount.Fingerprint), (replay.Csv, replay.Fingerprint));

        // What such a checkpoint did not count is not made up: keys count from here on, days are those that its cases remember.
        var (old, newest) = (HeadOf(GoldenFiles.PathOf(name + ".kpistate")), HeadOf(scene.Newest));
        var counted = newest.Stream!.ToCounts();
        Assert.Null(old.Stream);
        Assert.Equal(old.Applied + old.Duplicates, newest.Applied + newest.Duplicates - counted.Events);
        Assert.InRange(counted.Days.Sum(day => day.Events), counted.Events + old.Cases, long.MaxValue);
    }

    [Fact]
    public async Task EventsThatStateNoNewFact_AreRecordedAsTheyWere()
    {
        var now = scene.Folder.File("now.kpirec");
        Assert.Equal(0, await CommandTree.RunAsync(["convert", GoldenFiles.PathOf("format-1.ndjson"), now, "--pseudonym-key", scene.Key]));
        Assert.Equal(await EventsOf(GoldenFiles.PathOf("format-1.kpirec")), await EventsOf(now));
    }

    private static async Task<List<string>> EventsOf(string recording)
    {
        var (_, sink, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(recording)]);
        return [.. sink.Records.Select(record => record.Hex)];
    }

    private static CheckpointHead HeadOf(string file)
    {
        using var reader = new CheckpointReader(File.OpenRead(file));
        return reader.ReadHead()!;
    }

    private static byte[] Later(string code, int number) => Encoding.UTF8.GetBytes($$"""
        {"source":"later","case":{{JsonSerializer.Serialize(code)}},"at":"2025-08-01T08:00:00+07:00","components_signed":true,
        """.TrimEnd() + $$"""
        "{{(number % 2 == 0 ? "stored" : "result_synced")}}":{{(number % 3 == 0 ? "null" : "true")}},"result_digitised":{{(number % 7 < 3 ? "true" : "false")}}}

        """);
}
