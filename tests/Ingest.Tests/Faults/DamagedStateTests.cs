using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The newest checkpoint of a state over a topic is spoiled: the one before it is gone on from, and the figures are those of a recount.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class DamagedStateTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    private const int Events = 3_000;
    private const string Holds = "the one before it is used and that is said; the CSV and the count of events equal the recount's";

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    [Fault("checkpoint torn", "the second half of the newest checkpoint is zeros", Holds)]
    [Fault("checkpoint truncated", "the newest checkpoint ends at a byte by chance", Holds)]
    [Fault("checkpoint bit-flipped", "one bit of the newest checkpoint is turned", Holds)]
    [Fault("checkpoint missing", "the newest checkpoint is deleted, then all of them",
        "the one before it is used, then everything is read again; the CSV and the count of events equal the recount's")]
    public async Task TheNewestCheckpointSpoiled_TheOneBeforeIsUsed()
    {
        var broker = fixture.OrSkip();
        const int Seed = 6_760;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, Seed);
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 1);
        topic.Put(0, lines.Take(Events / 2));
        string[] arguments = ["--bootstrap", broker.Bootstrap];
        await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        topic.Put(0, lines.Skip(Events / 2));
        await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        var recount = await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines));
        foreach (var (way, spoil) in Ways(chance))
        {
            spoil(scene.Newest);
            var said = await scene.SayAsync($"kafka:{topic.Name}", arguments);
            Assert.True(said.Errors.Contains("Going on from")
                && (way == "deleted" || said.Errors.Contains("is damaged")), $"{way}: {said.Errors}");
            await MustBeWholeAsync(recount, topic, arguments);
        }

        Directory.Delete(scene.State, recursive: true);
        await MustBeWholeAsync(recount, topic, arguments);
        Seen.Say(output, $"torn, truncated, bit-flipped and deleted in turn: {Events} events counted after each");
    }

    private async Task MustBeWholeAsync(CountRun recount, KafkaTopic topic, string[] arguments)
    {
        var run = await scene.GoOnAsync($"kafka:{topic.Name}", arguments);
        Assert.Equal((recount.Csv, recount["events"]), (run.Csv, run["events"]));
    }

    private static IEnumerable<(string Way, Action<string> Spoil)> Ways(Random chance) =>
    [
        ("torn", file => Change(file, static bytes => bytes.AsSpan(bytes.Length / 2).Clear())),
        ("truncated", file =>
        {
            using var open = new FileStream(file, FileMode.Open);
            open.SetLength(chance.NextInt64(open.Length));
        }),
        ("bit-flipped", file => Change(file, bytes => bytes[chance.Next(bytes.Length)] ^= (byte)(1 << chance.Next(8)))),
        ("deleted", File.Delete),
    ];

    private static void Change(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        File.WriteAllBytes(file, bytes);
    }
}
