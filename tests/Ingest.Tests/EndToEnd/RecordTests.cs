using System.Diagnostics;
using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The real <c>record</c> and a real broker: what the topic holds is in the recording once, whatever happened to the program.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class RecordTests(OneBroker broker, ITestOutputHelper output)
{
    [Fact]
    public async Task ATopicRecordedToItsEnd_GivesTheTopicsFigures_AndResumesWithNothingTwice()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 3);
        var lines = Streams.Generate(GenerateProfile.Hostile, 12_000, 71);
        topic.PutAcross(3, lines.Take(7_000));
        await RecordAsync(folder, node, topic, "--until", "end", "--dead-letters", "letters.ndjson");
        topic.PutAcross(3, lines.Skip(7_000));
        await RecordAsync(folder, node, topic, "--until", "end", "--dead-letters", "letters.ndjson");
        await RecordAsync(folder, node, topic, "--until", "end", "--dead-letters", "letters.ndjson");

        var rejected = await MustEqualTopicAsync(folder, node, topic);
        Assert.True(rejected > 0);
        Assert.Equal(rejected, File.ReadLines(folder.File("letters.ndjson")).Count());
    }

    [Fact]
    public async Task KilledAtAnyMoment_TheRecordingHoldsEveryEventOnce()
    {
        var node = broker.OrSkip();
        const int Seed = 20250701;
        output.WriteLine($"seed {Seed}");
        var chance = new Random(Seed);
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 3);
        var kills = LongRuns.Scale(4);
        var lines = Streams.Generate(GenerateProfile.Hostile, 2_000 * kills, 72);
        for (var kill = 0; kill < kills; kill++)
        {
            // This many records that some kills come while they are being read, and some before or after.
            topic.PutAcross(3, lines.Skip(2_000 * kill).Take(2_000));
            await KillAfterAsync(folder, node, topic, TimeSpan.FromMilliseconds(chance.Next(300, 1_800)));
        }

        await RecordAsync(folder, node, topic, "--until", "end");
        await MustEqualTopicAsync(folder, node, topic);
    }

    [Fact]
    public async Task Interrupted_ItEndsInOrderWithAManifest_AndNoGroupIsLeftBehind()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        topic.PutAcross(1, Streams.Generate(GenerateProfile.Ordinary, 3_000, 73));
        await using var program = KpiStreamProcess.Start(Arguments(folder, node, topic));
        await GrownAsync(folder.File("a.rec"), 3_000);
        program.Signal("INT");
        var ended = await program.ExitAsync();

        Assert.Equal((0, true), (ended.ExitCode, ended.Errors.Contains("3,000 events and 0 rejected")));
        Assert.Equal(3, NaiveRecording.Blocks(await File.ReadAllBytesAsync(folder.File("a.rec")))[^1].Type);
        Assert.Empty(topic.GroupsWithOffsets());
    }

    [Fact]
    public async Task UntilAnInstant_ARecordBehindItIsLeftOut_AndRecordedNextTime()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 2);
        var lines = Streams.Generate(GenerateProfile.Ordinary, 600, 74);
        topic.PutAcross(2, lines.Take(400));
        await RecordAsync(folder, node, topic, "--until", "end");
        var (_, sink, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("a.rec"))]);
        var last = sink.Records.Max(record => record.Arrival);
        File.Delete(folder.File("a.rec"));
        topic.PutAcross(2, lines.Skip(400));

        await RecordAsync(folder, node, topic, "--until", KpiStream.Engine.Time.InstantText.ToLocalMillis(last));
        var (_, early, _) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("a.rec"))]);
        Assert.InRange(early.Records.Count, 400, 599);
        Assert.All(early.Records, record => Assert.True(record.Arrival <= last));

        await RecordAsync(folder, node, topic, "--until", "end");
        await MustEqualTopicAsync(folder, node, topic);
    }

    [Fact]
    public async Task AnotherTopic_IsRefused()
    {
        var node = broker.OrSkip();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        using var other = await KafkaTopic.CreateAsync(node.Bootstrap, 1);
        await RecordAsync(folder, node, topic, "--until", "end");
        var run = await KpiStreamProcess.RunAsync([.. Arguments(folder, node, other), "--until", "end"]);
        Assert.Equal((4, true), (run.ExitCode, run.Errors.Contains("record into another file")));
    }

    private static string[] Arguments(TemporaryFolder folder, KafkaBroker node, KafkaTopic topic, params string[] more) =>
        ["record", "--from", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, "--out", folder.File("a.rec"), .. more];

    private static async Task RecordAsync(TemporaryFolder folder, KafkaBroker node, KafkaTopic topic, params string[] more)
    {
        var run = await KpiStreamProcess.RunAsync(
            Arguments(folder, node, topic, [.. more.Select(one => one.EndsWith(".ndjson") ? folder.File(one) : one)]));
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    private static async Task KillAfterAsync(TemporaryFolder folder, KafkaBroker node, KafkaTopic topic, TimeSpan moment)
    {
        await using var program = KpiStreamProcess.Start(Arguments(folder, node, topic));
        await Task.Delay(moment);
        program.Signal("KILL");
        await program.ExitAsync();
    }

    private static async Task GrownAsync(string path, int events)
    {
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!File.Exists(path) || NaiveRecording.Blocks(await File.ReadAllBytesAsync(path)).Sum(block => block.Events.Count) < events)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Reading.Limit);
            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>
    /// Every accepted record of the topic is in the recording at its own position once, and the figures are the topic's; gives how many were rejected.
    /// </summary>
    private static async Task<long> MustEqualTopicAsync(TemporaryFolder folder, KafkaBroker node, KafkaTopic topic)
    {
        string[] key = ["--pseudonym-key", folder.File("a.rec.key"), "--as-of", "2025-09-01T00:00:00+07:00"];
        var expected = await CountRun.OfAsync(folder, ["recount", $"kafka:{topic.Name}", "--bootstrap", node.Bootstrap, .. key]);
        var recorded = await CountRun.OfAsync(folder, ["replay", folder.File("a.rec"), .. key]);
        Assert.Equal(expected.Csv, recorded.Csv);
        Assert.Equal(expected.Fingerprint, recorded.Fingerprint);
        Assert.Equal(expected["events"] - expected.Rejected.Values.Sum(), recorded["events"]);

        var (end, sink, said) = await RecordingScene.ReadAsync([RecordingInput.FromPath(folder.File("a.rec"))]);
        Assert.Equal(Engine.Pipeline.SourceEnd.Finished, end);
        Assert.Empty(said);
        Assert.Equal(sink.Records.Count, sink.Records.Select(record => record.Position).Distinct().Count());

        var bytes = await File.ReadAllBytesAsync(folder.File("a.rec"));
        var manifest = NaiveRecording.Blocks(bytes)[^1];
        var summary = RecordingSummary.TryRead(
            bytes.AsSpan(manifest.Start + RecordingFormat.BlockHeaderBytes, manifest.End - manifest.Start - RecordingFormat.BlockHeaderBytes))!;
        Assert.Equal(expected.Rejected.OrderBy(row => row.Key), summary.Rejected);
        Assert.Equal(expected["events"], summary.Records);
        return summary.Rejected.Values.Sum();
    }
}
