using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>What <c>serve</c> answers about a topic full of past cases is what the recount says of the same events.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ServedFiguresTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Events = 40_000;

    [Fact]
    public async Task FiguresOfPastDaysAndMonths_AreThoseOfTheRecount()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        var topic = $"past-{Guid.NewGuid():N}";
        string[] stream = ["generate", "--events", $"{Events}", "--seed", "21", "--profile", "hostile"];
        (await KpiStreamProcess.RunInAsync(folder.Path, [.. stream, "--out", "cases.ndjson"])).MustSucceed();
        (await KpiStreamProcess.RunInAsync(folder.Path, [.. stream, "--out", $"kafka:{topic}", "--bootstrap", node.Bootstrap])).MustSucceed();
        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic);
        await serve.UntilReadyAsync();
        Assert.Equal(Events, (long)(await serve.GetAsync("/api/v1/board"))["trust"]!["events"]!);

        await ServedExport.MustEqualRecountAsync(serve, folder, "cases.ndjson", "day", "2025-07-10", "2025-07-10");
        await ServedExport.MustEqualRecountAsync(serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");
        await CompareMissingAsync(serve, folder.File("cases.ndjson"), "day", new DateOnly(2025, 7, 10), new DateOnly(2025, 7, 10));
        await CompareMissingAsync(serve, folder.File("cases.ndjson"), "month", new DateOnly(2025, 7, 1), new DateOnly(2025, 7, 31));
    }

    /// <summary>Missing conditions by item and by exact set, against the recount's contributions.</summary>
    private async Task CompareMissingAsync(ServeProcess serve, string file, string period, DateOnly from, DateOnly to)
    {
        var rulebook = Shipped.Rulebook();
        var recount = Recount(rulebook, file);
        var expected = recount.Contributions
            .Where(one => LocalTime.DateOf(LocalTime.DayOf(one.Second * LocalTime.MillisPerSecond)) is var day && day >= from && day <= to)
            .GroupBy(one => (one.Figure, one.Unit)).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Contains(expected.Values, group => group.Exists(one => one.Missing.Count > 1));

        var rows = (await serve.GetAsync($"/api/v1/figures?period={period}&on={from:yyyy-MM-dd}")).AsArray().Select(row => row!)
            .ToDictionary(row => ((string)row["kpi"]!, (string)row["unit"]!));
        foreach (var ((figure, unit), contributions) in expected)
        {
            var items = rulebook.Figures.Single(known => known.Id == figure).Count?.Select(item => item.Name).ToList() ?? [];
            var row = rows[(figure, unit)];
            Assert.Equal(contributions.Count, (long)row["denominator"]!);
            Assert.Equal(
                items.Select(item => (item, contributions.LongCount(one => one.Missing.Contains(item)))), CountsOf(row["missing"]!));
            var sets = contributions.Where(one => one.Missing.Count > 0)
                .GroupBy(one => string.Join('+', items.Where(one.Missing.Contains)))
                .Select(group => (group.Key, group.LongCount())).OrderBy(set => set.Key);
            Assert.Equal(sets, CountsOf(row["missingSets"]!).OrderBy(set => set.Name));
        }

        output.WriteLine($"{period}: {expected.Count} figures with {expected.Values.Sum(group => group.Count)} contributions compared");
    }

    private static IEnumerable<(string Name, long Count)> CountsOf(JsonNode counts) => counts.AsObject().Select(count => (count.Key, (long)count.Value!));

    private static NaiveRecount Recount(Rulebook rulebook, string file)
    {
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, rulebook, Shipped.Units("hungyen"));
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var bytes = File.ReadAllBytes(file).AsSpan();
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (decoder.Decode(bytes[line], DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                recount.Add(in decoded);
            }
        }

        return recount;
    }
}
