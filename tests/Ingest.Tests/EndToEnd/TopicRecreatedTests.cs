namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A topic deleted and recreated under its name, between two runs and during one: it is noticed by its id.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class TopicRecreatedTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Events = 3_000;

    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Ordinary, Events, seed: 6_710);

    [Fact]
    [Fault("topic recreated", "the topic is deleted and recreated with as many records between two runs", "exit 5 because of its id; with --accept-gap "
        + "it is read from its start, and the CSV is the recount of both")]
    public Task BetweenTwoRuns_AsLongAsBefore_IsKnownByItsId() => BetweenTwoRunsAsync(Events);

    [Fact]
    [Trait("Category", "Long")]
    [Fault("topic recreated", "the topic is deleted and recreated with fewer records between two runs", "exit 5 because of its id; with --accept-gap "
        + "it is read from its start, and the CSV is the recount of both")]
    public Task BetweenTwoRuns_ShorterThanBefore_IsKnownByItsId() => BetweenTwoRunsAsync(Events / 10);

    private async Task BetweenTwoRunsAsync(int inTheNew)
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        topic.Put(0, lines.Take(Events / 2));
        string[] arguments = ["replay", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--state", "state", "--periods", "month", "--export", "last.csv"];
        (await RunAsync(folder, arguments)).MustSucceed();
        await topic.MakeAnewAsync(1);
        topic.Put(0, lines.TakeLast(inTheNew));

        var refused = await RunAsync(folder, arguments);
        output.WriteLine(refused.Errors);
        Assert.Equal(ExitCode.Damaged, refused.ExitCode);
        Assert.Contains("was recreated", refused.Errors);
        var accepted = (await RunAsync(folder, [.. arguments, "--accept-gap"])).MustSucceed();
        output.WriteLine(accepted.Errors);
        Assert.Contains("was recreated", accepted.Errors);
        await MustHoldBothAsync(folder, inTheNew);

        // The checkpoint it left is of the new topic.
        Assert.DoesNotContain("recreated", (await RunAsync(folder, arguments)).MustSucceed().Errors);
    }

    [Fact]
    [Trait("Category", "Long")]
    [Fault("topic recreated", "the topic is deleted and recreated with fewer records under `serve`", "said; the new one is read from its start, the "
        + "figures are the recount of both")]
    public Task WhileServing_Shorter_IsReadFromItsStart_AndTheOldStaysCounted() => WhileServingAsync(Events / 4);

    /// <summary>Nothing but the id tells; it is asked for every half minute.</summary>
    [Fact]
    [Trait("Category", "Long")]
    [Fault("topic recreated", "the topic is deleted and recreated with as many records under `serve`", "said because of its id; the new one is read "
        + "from its start, the figures are the recount of both")]
    public Task WhileServing_AsLongAsBefore_IsReadFromItsStart_AndTheOldStaysCounted() =>
        WhileServingAsync(Events / 2);

    private async Task WhileServingAsync(int inTheNew)
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        topic.Put(0, lines.Take(Events / 2));
        await using var serve = await ServeProcess.OverTopicAsync(
            folder, node.Bootstrap, topic.Name, "--state", "state", "--kafka", "topic.metadata.refresh.interval.ms=1000");
        await UntilEventsAsync(serve, Events / 2);
        await topic.MakeAnewAsync(1);
        topic.Put(0, lines.TakeLast(inTheNew));
        await UntilEventsAsync(serve, (Events / 2) + inTheNew);
        folder.Write("cases.ndjson", lines.Take(Events / 2).Concat(lines.TakeLast(inTheNew)));
        await ServedExport.MustEqualRecountAsync(serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");
        output.WriteLine(serve.ToString());
        Assert.Contains("recreated", serve.ToString());

        // What the old topic held behind what was read nobody knows: said until somebody takes note.
        var gap = Assert.Single((await serve.GetAsync("/api/v1/gaps")).AsArray())!;
        Assert.Equal((0, Events / 2, Events / 2), ((int)gap["partition"]!, (int)gap["from"]!, (int)gap["to"]!));
        Assert.Contains("may never have been read", await serve.Http.GetStringAsync("/health/ready"));
    }

    private static Task<JsonNode> UntilEventsAsync(ServeProcess serve, int events) =>
        serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= events, KpiStreamProcess.Limit);

    private static async Task<ProgramResult> RunAsync(TemporaryFolder folder, string[] arguments)
    {
        await using var program = KpiStreamProcess.StartIn(folder.Path, arguments);
        program.Input.Close();
        return await program.ExitAsync();
    }

    private async Task MustHoldBothAsync(TemporaryFolder folder, int inTheNew)
    {
        folder.Write("both.ndjson", lines.Take(Events / 2).Concat(lines.TakeLast(inTheNew)));
        (await RunAsync(folder, ["recount", "both.ndjson", "--periods", "month", "--export", "both.csv"])).MustSucceed();
        Assert.Equal(await File.ReadAllTextAsync(folder.File("both.csv")), await File.ReadAllTextAsync(folder.File("last.csv")));
    }
}
