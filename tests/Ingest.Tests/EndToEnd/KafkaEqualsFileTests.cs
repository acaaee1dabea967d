namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The real program and a real broker: a topic gives the figures of the file with the same events, however they lie in it.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class KafkaEqualsFileTests(OneBroker broker, ITestOutputHelper output)
{
    // A million with KPISTREAM_TEST_EFFORT=10.
    private static readonly int Events = LongRuns.Scale(30_000);

    [Theory]
    [InlineData("ordinary", CountedFigures.DefaultPeriods)]
    [InlineData("hostile", CountedFigures.AllPeriods)]
    public Task GeneratedTopic_GivesTheFiguresOfTheFileAndOfTheRecount(string profile, string periods) => CompareAsync(profile, periods, Events);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("ordinary", CountedFigures.AllPeriods)]
    [InlineData("mixed", CountedFigures.DefaultPeriods)]
    public Task AMillionEvents_GiveTheFiguresOfTheFileAndOfTheRecount(string profile, string periods) => CompareAsync(profile, periods, 1_000_000);

    [Fact]
    public async Task CasesScatteredOverPartitionsOfAGrowingTopic_GiveTheFiguresOfTheFile()
    {
        const int Before = 2;
        const int After = 5;
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        (await KpiStreamProcess.RunInAsync(folder.Path, "generate", "--events", "30000", "--seed", "3", "--profile", "mixed", "--out", "cases.ndjson"))
            .MustSucceed();

        // Split at LF alone: a carriage return inside a line is white space of its JSON.
        var lines = (await File.ReadAllTextAsync(folder.File("cases.ndjson"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var chance = new Random(3);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, Before);
        Scatter(topic, lines[..(lines.Length / 2)], chance, Before);
        await topic.AddPartitionsAsync(After);
        Scatter(topic, lines[(lines.Length / 2)..], chance, After);

        foreach (var periods in (string[])[CountedFigures.DefaultPeriods, CountedFigures.AllPeriods])
        {
            var file = await CountedFigures.OfAsync(folder, "recount", "cases.ndjson", periods);
            file.MustEqual(await CountedFigures.OfAsync(folder, "replay", $"kafka:{topic.Name}", periods, "--bootstrap", node.Bootstrap, "--shards", "2"));
        }
    }

    // A random partition for every record, as random keys would give: no two events of a case need lie in one partition.
    private static void Scatter(KafkaTopic topic, IEnumerable<string> lines, Random chance, int partitions)
    {
        foreach (var partition in lines.GroupBy(_ => chance.Next(partitions)))
        {
            topic.Put(partition.Key, partition);
        }
    }

    private async Task CompareAsync(string profile, string periods, int events)
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        var topic = $"kafka:made-{Guid.NewGuid():N}";
        string[] stream = ["generate", "--events", $"{events}", "--seed", "11", "--profile", profile];
        (await KpiStreamProcess.RunInAsync(folder.Path, [.. stream, "--out", "cases.ndjson"])).MustSucceed();
        (await KpiStreamProcess.RunInAsync(folder.Path, [.. stream, "--out", topic, "--bootstrap", node.Bootstrap, "--partitions", "4"])).MustSucceed();

        var file = await CountedFigures.OfAsync(folder, "replay", "cases.ndjson", periods, "--shards", "2");
        var kafka = await CountedFigures.OfAsync(folder, "replay", topic, periods, "--bootstrap", node.Bootstrap, "--shards", "1");
        var stock = await CountedFigures.OfAsync(folder, "replay", topic, periods, "--bootstrap", node.Bootstrap, "--kafka-drain", "stock");
        var recount = await CountedFigures.OfAsync(folder, "recount", "cases.ndjson", periods);
        output.WriteLine($"file {file}\nkafka {kafka}\nrecount {recount}");

        Assert.Equal(events, file.Events);
        file.MustEqual(kafka);
        file.MustEqual(stock);
        file.MustEqual(recount);
    }
}
