namespace KpiStream.Ingest.Tests.Host;

/// <summary>The promise at the program's door: whatever order, repetition, files, shards and ways of decoding, replay gives what recount gives.</summary>
public sealed class SameFiguresTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[][] Asked = [[], ["--periods", CountRun.AllPeriods], ["--periods", CountRun.AllPeriods, "--rollup"], ["--rollup"]];

    // What is asked in every way even in a short run; the others are asked in one way each, another one for every seed.
    private const int Thorough = 2;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(GenerateProfile.Mixed, 1)]
    [InlineData(GenerateProfile.Mixed, 2, Traits = ["Category", "Long"])]
    [InlineData(GenerateProfile.Mixed, 3, Traits = ["Category", "Long"])]
    [InlineData(GenerateProfile.Hostile, 4)]
    [InlineData(GenerateProfile.Hostile, 5, Traits = ["Category", "Long"])]
    [InlineData(GenerateProfile.Hostile, 6, Traits = ["Category", "Long"])]
    public async Task AnyOrderRepetitionFilesShardsAndWaysOfDecoding_GiveTheRecountsFigures(GenerateProfile profile, int seed)
    {
        output.WriteLine($"{profile}, seed {seed}");
        var lines = Streams.Generate(profile, LongRuns.Scale(20_000), (ulong)seed);
        var plain = folder.Write("plain.ndjson", lines);
        var half = lines.Count / 2;
        (string[] Options, string[] Files)[] ways =
        [
            (["--shards", "1"], [plain]),
            (["--shards", "2", "--decode", "judge"], [folder.Write("shuffled.ndjson", Streams.Shuffle(lines, seed))]),
            (["--shards", "4", "--decoders", "2"], [folder.Write("twice.ndjson", lines.Concat(lines.Reverse()))]),
            (["--shards", "2", "--decoders", "1", "--decode", "fast"],
                [folder.Write("later.ndjson", lines.Skip(half)), folder.Write("earlier.ndjson", lines.Take(half))]),
        ];

        for (var question = 0; question < Asked.Length; question++)
        {
            var asked = Asked[question];
            var recount = await CountRun.OfAsync(folder, ["recount", plain, .. asked]);
            Assert.Equal(0, recount.ExitCode);
            Assert.Equal(profile == GenerateProfile.Hostile, recount.Rejected.Count > 0);
            foreach (var (options, files) in ways.Where((_, way) => question == Thorough || LongRuns.Effort > 1 || way == (question + seed) % ways.Length))
            {
                var replay = await CountRun.OfAsync(folder, ["replay", .. files, .. options, .. asked]);
                output.WriteLine($"{string.Join(' ', files.Select(Path.GetFileName))} {string.Join(' ', options)} {string.Join(' ', asked)}");
                TextAssert.SameLines(recount.Csv, replay.Csv);
                Assert.Equal(recount.Fingerprint, replay.Fingerprint);
                Assert.Equal(recount["cases"], replay["cases"]);
            }
        }
    }
}
