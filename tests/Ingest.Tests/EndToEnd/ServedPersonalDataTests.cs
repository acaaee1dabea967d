using KpiStream.Tests.Support.Canaries;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// Planted citizens on a topic or posted, in every form, valid and malformed, appear in no answer, page, stream, log line or file of <c>serve</c>, nor in what
/// <c>record</c> leaves.
/// </summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ServedPersonalDataTests(OneBroker broker, ITestOutputHelper output)
{
    private static readonly int Events = LongRuns.Scale(6_000);

    private static readonly string[] Addresses =
    [
        "/", "/board", "/board?unit=11956", "/api/v1/board", "/api/v1/alerts", "/api/v1/units", "/api/v1/units?q=", "/api/v1/figures?period=30d",
            "/api/v1/figures?period=day&on=2025-07-16",
        "/api/v1/figures?period=month&on=2025-07-16", "/api/v1/figures?kpi=fully_online&unit=11956&period=since:2025-07-01", "/api/v1/explain", "/health/live",
            "/health/ready", "/metrics",
        "/openapi.json",
    ];

    [Fact]
    public async Task PlantedCitizens_AppearInNothingThatIsServed()
    {
        var node = broker.OrSkip();
        using var work = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 2);
        topic.Put(0, Enumerable.Range(1, Events / 2).Select(CanaryRecords.Json));
        topic.Put(1, Enumerable.Range(1, Events / 2).Select(CanaryRecords.Packed));
        await using var serve = await ServeProcess.OverTopicAsync(work, node.Bootstrap, topic.Name);
        // Events are counted when they are read, duplicates when they are folded, which is a moment later.
        await serve.UntilAsync("/api/v1/board", static board => (long)board["trust"]!["duplicates"]! >= Events * 2 / 9, KpiStreamProcess.Limit);
        var trust = await AssertNothingPersonalAsync(serve, work, Events);

        // Half of each partition is valid and says the same as the other's, so a quarter of all are duplicates, a quarter changed something, and half were
        // rejected.
        Assert.InRange((long)trust["duplicates"]!, Events * 2 / 9, Events * 2 / 7);
    }

    [Fact]
    public async Task PlantedCitizensInNationalPayloads_AppearInNothingThatIsServed()
    {
        var node = broker.OrSkip();
        using var work = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        topic.Put(0, Enumerable.Range(1, Events).Select(CanaryRecords.National));
        await File.WriteAllTextAsync(work.File("kpistream.yaml"), $"profiles: [{{topic: {topic.Name}, profile: national}}]\n");
        await using var serve = await ServeProcess.OverTopicAsync(work, node.Bootstrap, topic.Name);
        await AssertNothingPersonalAsync(serve, work, Events);
        AssertManyReasons(await File.ReadAllTextAsync(work.File("kpistream-state/dead-letters.ndjson")), 15);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("national")]
    public async Task PlantedCitizensThatAreRecorded_AppearInNothingThatIsLeft(string profile)
    {
        var node = broker.OrSkip();
        using var work = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        var numbers = Enumerable.Range(1, Events / 2).ToList();
        topic.Put(0, profile == "national" ? numbers.Select(CanaryRecords.National)
            : numbers.SelectMany(number => (byte[][])[CanaryRecords.Json(number), CanaryRecords.Packed(number)]));
        string[] more = profile == "national" ? ["--profile", profile] : [];
        var run = await KpiStreamProcess.RunInAsync(
            work.Path, ["record", "--from", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--out", "a.kpirec", "--until", "end", "--dead-letters",
                "letters.ndjson", .. more]);
        run.MustSucceed();
        output.WriteLine(run.Errors);
        Assert.InRange(new FileInfo(work.File("a.kpirec")).Length, Events * 10, long.MaxValue);
        AssertManyReasons(await File.ReadAllTextAsync(work.File("letters.ndjson")), 15);
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(run.Text + run.Errors)));
        Assert.Empty(CanarySearch.InFiles(work.Path));
    }

    [Fact]
    public async Task PlantedCitizensThatArePosted_AppearInNothingThatIsServedOrStored()
    {
        using var work = new TemporaryFolder();
        await using var server = await LogServer.StartAsync(work);
        var answers = new List<string>();
        var counted = 0;
        foreach (var numbers in Enumerable.Range(1, Events / 3).Chunk(1_500))
        {
            // Of MessagePack a value that is malformed by its shape ends what can be read, and nothing of its body is stored.
            var packed = numbers.SelectMany(
                number => CanaryRecords.IsMalformed(number) ? CanaryRecords.PackedMalformed(number) : CanaryRecords.Packed(number)).ToArray();
            answers.Add((await server.PostAsync(CanaryRecords.Packed(3))).Text);
            counted++;
            foreach (var reply in (PostReply[])[
                await server.PostAsync(EventForms.Body("json", numbers.Select(CanaryRecords.Json))), await server.PostAsync(packed),
                await server.PostAsync(EventForms.Body("national", numbers.Select(CanaryRecords.National)), null, "?profile=national")])
            {
                Assert.InRange(reply.Accepted, numbers.Length / 3, reply.Accepted + reply.Rejected - (numbers.Length / 6));
                answers.Add(reply.Text);
                counted += reply.Accepted + reply.Rejected;
            }
        }

        await AssertNothingPersonalAsync(server.Serve, work, counted, answers);
        AssertManyReasons(await File.ReadAllTextAsync(work.File("log/dead-letters.ndjson")), 15);
    }

    /// <summary>When this many records have been counted: whatever is answered, said and left in files. Gives the board's trust line.</summary>
    private async Task<JsonNode> AssertNothingPersonalAsync(ServeProcess serve, TemporaryFolder work, int events, IEnumerable<string>? more = null)
    {
        await serve.UntilReadyAsync();
        var frame = await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= events, KpiStreamProcess.Limit);
        var answers = await AnswersAsync(serve);
        answers.AddRange(more ?? []);
        answers.Add(string.Join('\n', (await EventFeed.ReadAsync(serve.Http, messages => messages.Count >= 2)).Select(message => message.Body.ToJsonString())));
        await serve.TerminateAsync();
        output.WriteLine($"{answers.Sum(answer => answer.Length)} characters of answers; trust {frame["trust"]!.ToJsonString()}");
        Assert.InRange(answers.Sum(answer => answer.Length), 100_000, int.MaxValue);
        Assert.Contains(answers, answer => answer.StartsWith("/metrics 200\n"));
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(string.Join('\n', answers))));
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(serve.ToString())));
        Assert.Empty(CanarySearch.InFiles(work.Path));
        Assert.Equal(events, (long)frame["trust"]!["events"]!);
        return frame["trust"]!;
    }

    /// <summary>Records were rejected for this many reasons at least, so that their way was tried too.</summary>
    private static void AssertManyReasons(string letters, int least)
    {
        var reasons = letters.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(letter => (string)JsonNode.Parse(letter)!["reason"]!)
            .ToHashSet();
        Assert.InRange(reasons.Count, least, 60);
    }

    /// <summary>Whatever is answered, headers included; an address that is not there yet answers too.</summary>
    private static async Task<List<string>> AnswersAsync(ServeProcess serve)
    {
        var answers = new List<string>();
        foreach (var address in Addresses)
        {
            using var answer = await serve.Http.GetAsync(address);
            answers.Add($"{address} {(int)answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync()}");
        }

        return answers;
    }
}
