using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>A topic in which everything is wrong that can be wrong with events: they are counted once, or rejected with a reason.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class HostileTopicTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    private const int Events = 3_000;
    private const int Bad = 100;
    private const int Partitions = 3;

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("duplicates", "every event is in the topic twice", "the CSV equals the recount's of the file in which it is once")]
    [Fault("disorder", "the events of a case lie in any order in any partition", "the CSV equals the recount's of the file in order")]
    [Fault("future timestamps", "100 events say that they happened in two days", "rejected as from_the_future, none is counted")]
    [Fault("poison bytes", "100 records of random bytes", "rejected with a reason each, none is counted, nothing stops")]
    [Fault("unknown version", "100 events say v: 2", "rejected as unsupported_version, none is counted")]
    public async Task EverythingThatCanBeWrong_IsCountedOnceOrRejected()
    {
        var broker = fixture.OrSkip();
        const int Seed = 6_750;
        var chance = new Random(Seed);
        var lines = Streams.Generate(GenerateProfile.Ordinary, Events, Seed);
        var unknown = lines.Take(Bad).Select(static line => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line).TrimEnd()[..^1] + ",\"v\":2}")).ToList();
        var future = Enumerable.Range(0, Bad).Select(static i => Future(i)).ToList();
        var poison = Enumerable.Range(0, Bad).Select(_ => Poison(chance)).ToList();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, Partitions);
        topic.PutAcross(Partitions, Streams.Shuffle([.. lines, .. lines, .. unknown, .. future, .. poison], Seed), chance);
        var replay = await scene.GoOnAsync($"kafka:{topic.Name}", "--bootstrap", broker.Bootstrap);
        var rejected = replay.Rejected.OrderBy(static row => row.Key)
            .Select(static row => $"{row.Value} {row.Key}");
        Seen.Say(output, $"{replay["events"]} records of which {string.Join(", ", rejected)}");
        Assert.Equal(3 * Bad, replay.Rejected.Values.Sum());
        Assert.Equal((Bad, Bad, Bad), (replay.Rejected["from_the_future"], replay.Rejected["unsupported_version"], replay.Rejected["malformed"]));
        Assert.Equal((2 * Events) + (3 * Bad), replay["events"]);
        Assert.Equal((await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines))).Csv, replay.Csv);
    }

    private static byte[] Future(int number) => Encoding.UTF8.GetBytes(
        $$"""{"source":"hy","case":"future-{{number}}","at":"{{DateTime.UtcNow.AddDays(2):yyyy-MM-dd'T'HH:mm:ss'Z'}}","status":2, """
            + $$""" "receiving":"12850","accepted":"2025-07-01T08:00:00Z"}""");

    // Never a JSON object, by its first byte.
    private static byte[] Poison(Random chance)
    {
        var bytes = new byte[chance.Next(1, 400)];
        chance.NextBytes(bytes);
        bytes[0] = 0xff;
        return bytes;
    }
}
