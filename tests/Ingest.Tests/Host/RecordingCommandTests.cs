using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>Recordings at the program's door: <c>convert</c>, and <c>replay</c> and <c>recount</c> of what it made.</summary>
public sealed class RecordingCommandTests : IDisposable
{
    private static readonly string[][] Asked =
        [[], ["--periods", CountRun.AllPeriods, "--rollup"], ["--periods", "day,7d,now", "--as-of", "2025-07-15T12:00:00+07:00"]];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(GenerateProfile.Ordinary, 21, Traits = ["Category", "Long"])]
    [InlineData(GenerateProfile.Mixed, 22, Traits = ["Category", "Long"])]
    [InlineData(GenerateProfile.Hostile, 23)]
    public async Task ARecordingOfAFile_GivesTheFilesFigures(GenerateProfile profile, int seed)
    {
        var lines = Streams.Generate(profile, LongRuns.Scale(20_000), (ulong)seed);
        var (plain, recording) = (folder.Write("a.ndjson", lines), folder.File("a.rec"));
        await ConvertAsync(plain, recording);
        string[] key = ["--pseudonym-key", recording + ".key"];
        foreach (var asked in Asked)
        {
            var expected = await CountRun.OfAsync(folder, ["recount", plain, .. key, .. asked]);
            foreach (var run in (CountRun[])[await CountRun.OfAsync(folder, ["replay", recording, "--shards", "2", .. asked]),
                await CountRun.OfAsync(folder, ["recount", recording, .. asked])])
            {
                Assert.Equal(0, run.ExitCode);
                TextAssert.SameLines(expected.Csv, run.Csv);
                Assert.Equal(expected.Fingerprint, run.Fingerprint);
                Assert.Equal(expected["cases"], run["cases"]);
                Assert.Equal(expected["events"] - expected.Rejected.Values.Sum(), run["events"]);
                Assert.Empty(run.Rejected);
            }
        }
    }

    [Fact]
    public async Task ThereAndBackAndThereAgain_GivesTheSameEventsToTheByte()
    {
        var plain = folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Mixed, 5_000, 31));
        await ConvertAsync(plain, folder.File("a.rec"));
        await ConvertAsync(folder.File("a.rec"), folder.File("b.ndjson.gz"));
        await ConvertAsync(folder.File("b.ndjson.gz"), folder.File("b.rec"), "--pseudonymised");
        await ConvertAsync(folder.File("b.rec"), folder.File("c.ndjson"));

        Assert.Equal(await PayloadsAsync("a.rec"), await PayloadsAsync("b.rec"));
        Assert.Equal(5_000, (await PayloadsAsync("b.rec")).Count);
        var recorded = await CountRun.OfAsync(folder, "replay", folder.File("a.rec"));
        foreach (var way in (string[][])[["b.rec"], ["b.ndjson.gz", "--pseudonymised"], ["c.ndjson", "--pseudonymised"]])
        {
            var run = await CountRun.OfAsync(folder, ["replay", folder.File(way[0]), .. way[1..]]);
            Assert.Equal(recorded.Fingerprint, run.Fingerprint);
            Assert.Equal(recorded.Csv, run.Csv);
        }

        var hashedTwice = await CountRun.OfAsync(folder, "replay", folder.File("c.ndjson"));
        Assert.NotEqual(recorded.Fingerprint, hashedTwice.Fingerprint);
        var noPseudonyms = await CountRun.OfAsync(folder, "replay", plain, "--pseudonymised");
        Assert.Equal(5_000, noPseudonyms.Rejected["bad_value:case"]);
    }

    [Fact]
    public async Task RecordingsAndFilesMixed_GiveTheFiguresOfAll_UnderOneKeyOnly()
    {
        var lines = Streams.Generate(GenerateProfile.Mixed, 9_000, 41);
        var (all, first, second, third) = (folder.Write("all.ndjson", lines), folder.Write("1.ndjson", lines.Take(3_000)),
            folder.Write("2.ndjson", lines.Skip(3_000).Take(3_000)), folder.Write("3.ndjson", lines.Skip(6_000)));
        string[] key = ["--pseudonym-key", folder.File("1.rec.key")];
        await ConvertAsync(first, folder.File("1.rec"));
        await ConvertAsync(third, folder.File("3.rec"), key);
        await ConvertAsync(second, folder.File("2.rec"));

        var expected = await CountRun.OfAsync(folder, ["recount", all, .. key]);
        foreach (var command in (string[])["replay", "recount"])
        {
            var mixed = await CountRun.OfAsync(folder, [command, folder.File("3.rec"), second, folder.File("1.rec"), .. key]);
            Assert.Equal(expected.Csv, mixed.Csv);
            Assert.Equal(expected.Fingerprint, mixed.Fingerprint);
            Assert.Equal(9_000, mixed["events"]);

            var keys = await CommandRun.OfAsync(command, folder.File("1.rec"), folder.File("2.rec"));
            Assert.Equal((2, true), (keys.ExitCode, keys.Errors.Contains("different pseudonym keys")));
            var other = await CommandRun.OfAsync(command, folder.File("1.rec"), second);
            Assert.Equal((2, true), (other.ExitCode, other.Errors.Contains("give the recording's key")));
        }
    }

    [Fact]
    public async Task ARecordingWithArrivals_IsCountedAtItsLatestArrival()
    {
        var scene = new RecordingScene(3_000, 51);
        scene.Record(folder.File("a.rec"), 500);
        var latest = scene.Expected.Max(record => record.Arrival);
        foreach (var command in (string[])["replay", "recount"])
        {
            var run = await CountRun.OfAsync(folder, command, folder.File("a.rec"), "--periods", CountRun.AllPeriods);
            var asOf = await CountRun.OfAsync(
                folder, command, folder.File("a.rec"), "--periods", CountRun.AllPeriods, "--as-of", KpiStream.Engine.Time.InstantText.ToLocalMillis(latest));
            Assert.Equal(asOf.Csv, run.Csv);
            Assert.Equal(KpiStream.Engine.Time.InstantText.ToLocalSeconds(latest), run.Report.GetProperty("now").GetString());
        }
    }

    [Fact]
    public async Task ADamagedRecording_LeavesTheFiguresOfTheRest_AndExitsWith5()
    {
        var bytes = new RecordingScene(3_000, 52).Record(folder.File("a.rec"), 500);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(folder.File("a.rec"), bytes);
        var replay = await CountRun.OfAsync(folder, "replay", folder.File("a.rec"));
        var recount = await CountRun.OfAsync(folder, "recount", folder.File("a.rec"));
        Assert.Equal((5, 5), (replay.ExitCode, recount.ExitCode));
        Assert.Equal(recount.Csv, replay.Csv);
        Assert.InRange(replay["events"], 2_900, 2_999);

        var told = await CommandRun.OfAsync("replay", folder.File("a.rec"));
        Assert.Contains("is damaged in 1 place", told.Errors);

        await File.WriteAllBytesAsync(folder.File("a.rec"), bytes[..(bytes.Length / 3)]);
        var cut = await CommandRun.OfAsync("replay", folder.File("a.rec"));
        Assert.Equal((5, true), (cut.ExitCode, cut.Errors.Contains("cut at byte")));
    }

    [Fact]
    public async Task WhatConvertMustNotDo_IsRefused()
    {
        var plain = folder.Write("a.ndjson", Streams.Generate(GenerateProfile.Ordinary, 10, 1));
        await ConvertAsync(plain, folder.File("a.rec"));
        foreach (var (code, said, arguments) in ((int, string, string[])[])[
            (2, "exists already", [plain, folder.File("a.rec")]),
            (2, "would be written over", [folder.File("a.rec"), folder.File("a.rec")]),
            (2, "standard output", [plain, "-"]),
            (2, "does not exist", [folder.File("none"), folder.File("b.rec")]),
            (2, "exclude each other", [plain, folder.File("b.rec"), "--pseudonymised", "--pseudonym-key", folder.File("a.rec.key")]),
        ])
        {
            var run = await CommandRun.OfAsync(["convert", .. arguments]);
            Assert.Equal((code, true), (run.ExitCode, run.Errors.Contains(said)));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(folder.File("a.rec.key")));
        var text = await KpiStreamProcess.RunAsync("convert", folder.File("a.rec"), "-");
        Assert.Equal(10, text.Text.Count(character => character == '\n'));
    }

    [Fact]
    public async Task NoCaseCode_IsInARecording()
    {
        var lines = Streams.Generate(GenerateProfile.Ordinary, 2_000, 61);
        await ConvertAsync(folder.Write("a.ndjson", lines), folder.File("a.rec"));
        var recorded = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(folder.File("a.rec")));
        foreach (var line in lines)
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            Assert.DoesNotContain(json.RootElement.GetProperty("case").GetString()!, recorded);
        }
    }

    private static async Task ConvertAsync(string from, string to, params string[] more)
    {
        var run = await CommandRun.OfAsync(["convert", from, to, .. more]);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private async Task<List<string>> PayloadsAsync(string name)
    {
        var (_, sink, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File(name))]);
        return [.. sink.Records.Select(record => record.Hex)];
    }
}
