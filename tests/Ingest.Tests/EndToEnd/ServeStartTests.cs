using System.Diagnostics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>What <c>serve</c> says of itself while it is starting on Kafka.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ServeStartTests(OneBroker broker, ITestOutputHelper output)
{
    private const int Events = 40_000;
    private const int Lives = 5;
    private static readonly TimeSpan SaidWithin = TimeSpan.FromSeconds(60);

    [Fact]
    [Fault("topic missing", "`serve` over a topic that does not exist", "exit 4 at once, saying what to do; the topic is not made")]
    public async Task TopicMissing_ExitsWith4AndSaysWhatToDo()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        var asked = Stopwatch.StartNew();
        var run = await KpiStreamProcess.RunInAsync(folder.Path, "serve", "--port", "0", "--bootstrap", node.Bootstrap, "--topic", "not-there-yet");
        output.WriteLine(run.Errors);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("has no topic 'not-there-yet': create the topic or correct its name.", run.Errors);
        Assert.InRange(asked.Elapsed, TimeSpan.Zero, SaidWithin);
    }

    [Fact]
    public async Task PortTaken_ExitsWith4AndNamesThePort()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServeProcess.StartAsync(folder, "--demo");
        var run = await KpiStreamProcess.RunInAsync(folder.Path, "serve", "--demo", "--port", $"{first.Url.Port}");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains($"port {first.Url.Port}", run.Errors);
        Assert.Contains("--port", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task EmptyPartitionBesideFullOnes_NotReadyBeforeEverythingIsRead()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 3);
        (await KpiStreamProcess.RunInAsync(folder.Path, "generate", "--events", $"{Events}", "--seed", "9", "--out", "cases.ndjson")).MustSucceed();
        topic.Put(2, await File.ReadAllLinesAsync(folder.File("cases.ndjson")));

        // On a busy machine everything may be read between two questions.
        var catchingUp = 0;
        for (var life = 0; life < Lives && catchingUp == 0; life++)
        {
            catchingUp = await NotReadyWhileReadingAsync(folder, node.Bootstrap, topic.Name);
        }

        output.WriteLine($"seen not ready {catchingUp} times while reading");
        Assert.True(catchingUp > 0, "never seen while catching up: this proves nothing");
    }

    /// <summary>
    /// How often it was seen not to be ready with something read. A slow reader: catching up takes a while, and empty partitions are at their end at once.
    /// </summary>
    private static async Task<int> NotReadyWhileReadingAsync(TemporaryFolder folder, string bootstrap, string topic)
    {
        await using var serve = await ServeProcess.OverTopicAsync(
            folder, bootstrap, topic, "--kafka", "max.partition.fetch.bytes=20000", "--kafka", "queued.min.messages=5000");
        var seen = 0;
        while (await ReadAsync(serve) is { IsReady: false } answer)
        {
            seen += answer.Events > 0 ? 1 : 0;
        }

        Assert.Equal(Events, (await ReadAsync(serve)).Events);
        Assert.Equal(Events, (long)(await serve.GetAsync("/api/v1/board"))["trust"]!["events"]!);
        return seen;
    }

    // Readiness first: what was ready then has everything now.
    private static async Task<(bool IsReady, long Events)> ReadAsync(ServeProcess serve)
    {
        using var ready = await serve.Http.GetAsync("/health/ready");
        using var board = await serve.Http.GetAsync("/api/v1/board");
        var events = board.StatusCode == HttpStatusCode.OK
            ? (long)JsonNode.Parse(await board.Content.ReadAsStringAsync())!["trust"]!["events"]!
            : 0;
        return (ready.StatusCode == HttpStatusCode.OK, events);
    }
}
