using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Tests.Sources.Checkpoints;

/// <summary>Checkpoints of a few cases, one like the other but for what is passed on.</summary>
internal static class SmallCheckpoint
{
    /// <summary>Writes a checkpoint of some events.</summary>
    /// <param name="events">How many.</param>
    /// <returns>What is read back when the checkpoint is good.</returns>
    public static async Task<string> WriteAsync(CheckpointStore store, int events)
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen") });
        var intake = engine.OpenIntake("test");
        foreach (var line in Streams.Generate(GenerateProfile.Mixed, events, seed: 3))
        {
            intake.Accept(line, new SourcePosition(0, 1), Engine.Codecs.DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        var cut = ShardCut.Sum(await engine.CutAsync());
        await store.WriteAsync((UInt128)events, async writer =>
        {
            writer.WriteHead(HeadOf(cut, intake));
            writer.WriteCodes(new SavedCodes(engine.Options.Codes));
            while (await engine.AskShardAsync(0, state => state.NextSlice(out _)) is { } slice)
            {
                writer.WriteCases(0, slice);
                slice.Return();
            }

            writer.WriteEnd(cut.Fingerprint.ToString());
        });
        return Describe(cut.Cases, cut.Fingerprint.ToString());
    }

    /// <summary>What a checkpoint gives back; empty when it is damaged.</summary>
    public static string Read(Stream file)
    {
        using var reader = new CheckpointReader(file);
        var head = reader.ReadHead();
        var codes = new SavedCodes(new CodeBook());
        var cases = 0L;
        while (reader.ReadCases(codes) is { } some)
        {
            cases += some.Count;
            some.Return();
        }

        return reader.End is { } end && head?.Cases == cases ? Describe(cases, end.Fingerprint) : "";
    }

    /// <summary>What the newest good checkpoint gives back; empty when there is none.</summary>
    public static string ReadNewest(MemoryFiles files) =>
        new CheckpointStore(files).Generations().Select(generation => Read(files.Read(CheckpointStore.FileOf(generation))))
            .FirstOrDefault(found => found.Length > 0) ?? "";

    private static CheckpointHead HeadOf(ShardCut cut, Intake intake) => new()
    {
        MadeAt = 1,
        Terms = new CheckpointTerms("p", "k", "o", "r", "h", "u"),
        Shards = 1,
        Sources = [new SavedSource("files", new SourcePlaces([new SourcePlace(0, 1, 2, 3, "i")]), SavedIntake.Of(intake.Save()))],
        Cases = cut.Cases,
        Applied = cut.Applied,
        Duplicates = cut.Duplicates,
        GreatestAt = cut.GreatestAt,
        Stream = SavedStream.Of(cut.Stream!),
    };

    private static string Describe(long cases, string fingerprint) => $"{cases} {fingerprint}";
}
