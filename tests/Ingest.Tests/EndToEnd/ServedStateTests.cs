using KpiStream.Ingest.Tests.Host.Serving.Metrics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary><c>serve --state</c> over a topic, killed and terminated: it resumes from its checkpoint, and what it serves is the recount.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class ServedStateTests(OneBroker broker, ITestOutputHelper output) : IDisposable
{
    private const int Partitions = 3;

    // 500 in a million events with KPISTREAM_TEST_EFFORT=250.
    private static readonly int Kills = LongRuns.Scale(2);
    private static readonly int Events = 10_000 + (2_000 * Kills);
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Fault("kill -9 at random", "`serve --state` over a growing topic is killed at random moments", "what the last life serves equals the recount")]
    [Fault("kill -9 in a checkpoint", "checkpoints are written one after another, so most kills come in one", "what the last life serves equals the recount")]
    public async Task KilledAtAnyMomentWhileTheTopicGrows_TheLastLifeServesTheRecount()
    {
        var node = broker.OrSkip();
        const int Seed = 6_720;
        output.WriteLine($"seed {Seed}, {Kills} kills");
        var chance = new Random(Seed);
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, Seed);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, Partitions);
        var put = 0;
        var wentOn = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            put = Put(topic, lines, put, Events * (kill + 1) / (Kills + 1));
            await using var serve = await StartAsync(node, topic);
            if (kill % 2 == 0)
            {
                await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= put, KpiStreamProcess.Limit);
                await MetricsPage.UntilAsync(serve, static page => page.Of("kpistream_checkpoints_written_total") >= 1);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(1, 900)));
            await serve.KillAsync();
            wentOn += serve.ToString().Contains("Going on from") ? 1 : 0;
        }

        Put(topic, lines, put, Events);
        await using var last = await StartAsync(node, topic);
        Seen.Say(output, $"{Kills} kills, {wentOn} of the killed lives had gone on from a checkpoint");
        Assert.Contains("Going on from", last.ToString());
        await MustServeRecountAsync(last, lines);
    }

    [Fact]
    [Fault("SIGTERM in a checkpoint", "`serve --state` is terminated while checkpoints are written one after another",
        "it ends with 0 within 10 s; the next life resumes from a checkpoint of everything and serves the recount")]
    public async Task TerminatedWhileCheckpointsAreWritten_EndsInTimeWithACheckpointOfEverything_AndTheNextLifeReadsNothingAgain()
    {
        var node = broker.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Mixed, 10_000, seed: 6_721);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, Partitions);
        Put(topic, lines, 0, lines.Count);
        await using (var serve = await StartAsync(node, topic))
        {
            await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! == lines.Count, KpiStreamProcess.Limit);
            var (exit, took) = await serve.TerminateAsync();
            Seen.Say(output, $"exit {exit} after {took.TotalSeconds:0.0} s");
            Assert.Equal(0, exit);
            Assert.InRange(took, TimeSpan.Zero, Promised);
        }

        var inspected = await KpiStreamProcess.RunAsync("snapshot", "inspect", folder.File("state"));
        output.WriteLine(inspected.Text.Split("checkpoint-")[^1]);
        await using var next = await StartAsync(node, topic);
        Assert.Contains("Going on from", next.ToString());
        await MustServeRecountAsync(next, lines);

        // What was read before is known from the checkpoint, and nothing was read twice.
        Assert.Equal(lines.Count, (long)(await next.GetAsync("/api/v1/board"))["trust"]!["events"]!);
    }

    /// <summary>Checkpoints one after another: every moment is one in which a checkpoint is written.</summary>
    private Task<ServeProcess> StartAsync(KafkaBroker node, KafkaTopic topic) =>
        ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, "--state", "state", "--checkpoint-every", "0");

    private async Task MustServeRecountAsync(ServeProcess serve, IReadOnlyList<byte[]> lines)
    {
        await serve.UntilReadyAsync();
        await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= lines.Count, KpiStreamProcess.Limit);
        folder.Write("cases.ndjson", lines);
        await ServedExport.MustEqualRecountAsync(serve, folder, "cases.ndjson", "month", "2025-07-10", "2025-07-31");
    }

    private static int Put(KafkaTopic topic, IReadOnlyList<byte[]> lines, int from, int to)
    {
        topic.PutAcross(Partitions, lines.Skip(from).Take(to - from));
        return to;
    }
}
