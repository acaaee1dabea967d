using KpiStream.Ingest.Tests.Host.State;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A topic read in several runs with a state between them: offsets come from the checkpoint and from nowhere else.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class KafkaStateTests(OneBroker broker, ITestOutputHelper output) : IDisposable
{
    private const int Events = 6_000;

    // 500 kills in a million events with KPISTREAM_TEST_EFFORT=250.
    private const int EventsAKill = 2_000;

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("partitions added", "two partitions become four between two runs with a state", "the CSV, the fingerprint and the counts equal the recount's")]
    [Fault("retention gap", "retention removes what comes next after the checkpoint", "exit 5 in plain words; with --accept-gap it continues and "
        + "nothing that was counted is lost")]
    public async Task ATopicThatGrows_WithPartitionsAndTombstones_IsReadOn_AndAGapIsLoud()
    {
        var node = broker.OrSkip();
        var chance = new Random(6_700);
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_700);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 2);
        string[] source = ["--bootstrap", node.Bootstrap];
        topic.PutAcross(2, lines.Take(Events / 3), chance);
        await topic.PutAsync(1, value: null);
        await scene.GoOnAsync($"kafka:{topic.Name}", source);
        await topic.AddPartitionsAsync(4);
        topic.PutAcross(4, lines.Skip(Events / 3), chance);
        await topic.PutAsync(3, value: null);

        var last = await scene.GoOnAsync($"kafka:{topic.Name}", [.. source, "--shards", "3"]);
        var plain = await scene.CountAsync("replay", [$"kafka:{topic.Name}", .. source]);
        StateScene.MustBeAlike(plain, last, orderIsFree: true);
        Assert.Equal(2, last["tombstones"]);
        var file = scene.Folder.Write("cases.ndjson", lines);
        var recount = await scene.CountAsync("recount", file);
        Assert.Equal((recount.Csv, recount.Fingerprint), (last.Csv, last.Fingerprint));

        await GapAsync(topic, node, plain);
    }

    [Fact]
    [Fault("kill -9 at random", "`replay --state` over a topic is killed at random moments", "the last run's CSV equals the recount's")]
    [Fault("kill -9 in a checkpoint", "checkpoints are written one after another, so most kills come in one", "the last run's CSV equals the recount's")]
    public async Task KilledAtAnyMoment_TheLastRunEndsAsARecount()
    {
        var node = broker.OrSkip();
        const int Seed = 6_701;
        var kills = LongRuns.Scale(2);
        var chance = new Random(Seed);
        var lines = Streams.Generate(GenerateProfile.Mixed, Events + (EventsAKill * kills), Seed);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 3);
        var starts = new HashSet<string>();
        var (lives, given, patience) = (0, 0, 1_000);
        for (var killed = 0; killed < kills; lives++)
        {
            var fresh = given == 0 ? Events : (lines.Count - given) / (kills - killed + 1);
            topic.PutAcross(3, lines.Skip(given).Take(fresh), chance);
            given += fresh;
            await using var program = KpiStreamProcess.Start(
                "replay", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--state", scene.State, "--checkpoint-every", "0",
                "--pseudonym-key", scene.Key);
            var said = await program.UntilSaidAsync(said => said.Contains("Reading") ? said : null);
            starts.Add(said.Split("kpistate in ") is [_, var from] ? from.Split(" cases")[0] : "");
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(patience)));
            program.Signal("KILL");

            // A life that had ended by itself came to no harm: the next is given less time. So the moments reach just beyond the end, on any machine.
            var isKilled = (await program.ExitAsync()).ExitCode != 0;
            killed += isKilled ? 1 : 0;
            patience = isKilled ? patience + (patience / 50) : patience * 9 / 10;
        }

        topic.PutAcross(3, lines.Skip(given), chance);
        Seen.Say(output, $"{kills} kills in {lives} lives, {lines.Count} events, seed {Seed}; the lives began with {starts.Count} different numbers of cases");
        var last = await scene.GoOnAsync($"kafka:{topic.Name}", "--bootstrap", node.Bootstrap);
        StateScene.MustBeAlike(await scene.CountAsync("replay", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap), last, orderIsFree: true);
        Assert.Equal((await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines))).Csv, last.Csv);
    }

    /// <summary>Retention takes what comes after the checkpoint: exit 5, unless that is accepted.</summary>
    private async Task GapAsync(KafkaTopic topic, KafkaBroker node, CountRun before)
    {
        topic.Put(0, ["x", "y", "z"]);
        var next = await NextOffsetAsync(topic, node);
        await topic.DeleteBeforeAsync(0, next);
        topic.Put(0, ["not an event"]);
        string[] source = [$"kafka:{topic.Name}", "--bootstrap", node.Bootstrap];
        var refused = await scene.SayAsync(source[0], source[1..]);
        Assert.Equal(ExitCode.Damaged, refused.ExitCode);
        Assert.Contains("retention has removed what lies between", refused.Errors);
        var accepted = await scene.GoOnAsync(source[0], [.. source[1..], "--accept-gap"]);
        Assert.Equal((before.Fingerprint, before["events"] + 1), (accepted.Fingerprint, accepted["events"]));
    }

    private async Task<long> NextOffsetAsync(KafkaTopic topic, KafkaBroker node)
    {
        var probe = scene.Folder.File("probe");
        await scene.CountAsync("replay", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--state", probe);
        var told = await KpiStreamProcess.RunAsync("snapshot", "inspect", probe);
        return long.Parse(told.Text.Split("part 0: next ")[1].Split('\n')[0]);
    }
}
