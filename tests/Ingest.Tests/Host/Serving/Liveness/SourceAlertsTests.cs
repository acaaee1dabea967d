using System.Text.Json;
using KpiStream.Engine.Alerts;
using KpiStream.Engine.Arrivals;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Simulation;

namespace KpiStream.Ingest.Tests.Host.Serving.Liveness;

/// <summary>What rules about sources read, from the log's bytes to the sentence.</summary>
public sealed class SourceAlertsTests
{
    private static readonly Period Day = Period.TryParse("day")!;

    /// <summary>A source gets a new version that leaves a key out; another continues, and a checkpoint with a restart lies between.</summary>
    [Fact]
    public async Task AKeyThatOneSourceStatesNoLonger_IsToldWithItsShares()
    {
        var loaded = SettingsFile.Load(null, [])!;
        var time = new SimulatedClock(new DateTimeOffset(2026, 11, 26, 7, 0, 0, TimeSpan.Zero)); // 14:00 on a Thursday
        await using var first = Open(loaded, time);
        await using var second = Open(loaded, time);
        var before = new LivenessSink(first.OpenIntake("log"), static () => 1, time);
        var after = new LivenessSink(second.OpenIntake("log"), static () => 1, time);
        for (var day = 1; day <= 25; day++)
        {
            Tell(before, day, isNew: false);
        }

        var saved = await first.AskAsync(static state => state.Stream.Copy(), default);
        var file = JsonSerializer.Serialize(SavedStream.Of(saved.Aggregate(StreamCounts.Empty, static (all, one) => all.With(one))));
        await second.AskShardAsync(0, state => { state.Stream.Add(JsonSerializer.Deserialize<SavedStream>(file)!.ToCounts()); return 0; }, default);
        Tell(after, 26, isNew: true);
        after.ReportLag(0, 0);

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var reading = await EngineReading.TakeAsync(second, [Day], now, anchor: null, default);
        var readings = Read<DroppedKeysRule>(loaded, second, after, reading, now);
        Assert.Equal(["igate", "kiosk"], readings.Select(static one => one.Unit));
        Assert.Equal([Judgement.Met, Judgement.Clear], readings.Select(one => one.Rule.Judge(one, now)));
        var alert = new Alert(readings[0].Rule, "igate", AlertState.Firing, now, now, null, readings[0], IsMissing: false)
        {
            Evidence = readings[0].Rule.EvidenceByCalendar(readings[0], now),
        };
        Assert.Equal("no longer states channel (in 100.0 % of events before 26 Nov 2026, in 0.0 % of 100 since)",
            new EnglishWords(loaded.Rulebook, loaded.Units).Finding(alert));
        Assert.Equal(alert.Evidence.Keys, JsonSerializer.Deserialize<AlertEvidence>(JsonSerializer.Serialize(alert.Evidence))!.Keys);
    }

    /// <summary>One partition of three dies; the past before it is no silence, and a checkpoint with a restart changes nothing.</summary>
    [Fact]
    public async Task APartitionThatGivesNothing_IsToldWithItsTopicBeforeAndAfterARestart()
    {
        var loaded = SettingsFile.Load(null, [])!;
        var time = new SimulatedClock(new DateTimeOffset(2026, 11, 26, 7, 0, 0, TimeSpan.Zero));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var first = Open(loaded, time);
        await using var second = Open(loaded, time);
        var before = new LivenessSink(first.OpenIntake("ho-so"), static () => 3, time);
        var number = 0;
        void Tell(int partition, long at) => before.Accept(
            Encoding.UTF8.GetBytes($"{{\"source\":\"a\",\"case\":\"c{++number}\",\"at\":\"{InstantText.ToLocalSeconds(at)}\"}}"),
            new SourcePosition(partition, number), at);

        for (var record = 0; record < 3_000; record++)
        {
            Tell(record / 1_000, now - 3_600_000);
        }

        before.Flush();
        foreach (var partition in new[] { 0, 1, 2 })
        {
            before.ReportLag(partition, 0);
        }

        var reading = await EngineReading.TakeAsync(first, [Day], now, anchor: null, default);
        Assert.All(Read<SilentPartitionRule>(loaded, first, before, reading, now), one => Assert.Equal(Judgement.Between, one.Rule.Judge(one, now)));
        for (var record = 0; record < 600; record++)
        {
            Tell(record % 2, now - 1_000);
            before.Flush();
        }

        var saved = SavedIntake.Of(before.Intake.Save());
        var intake = second.OpenIntake("ho-so");
        intake.Restore(JsonSerializer.Deserialize<SavedIntake>(JsonSerializer.Serialize(saved))!.ToState());
        var after = new LivenessSink(intake, static () => 1, time);
        after.ReportLag(0, 0);
        Assert.Empty((saved with { Partitions = null }).ToState().Partitions);
        foreach (var (engine, sink) in new[] { (first, before), (second, after) })
        {
            var readings = Read<SilentPartitionRule>(loaded, engine, sink, reading, now);
            Assert.Equal(["ho-so/0", "ho-so/1", "ho-so/2"], readings.Select(static one => one.Unit));
            Assert.Equal([Judgement.Clear, Judgement.Clear, Judgement.Met], readings.Select(one => one.Rule.Judge(one, now)));
            var evidence = readings[2].Rule.Evidence(readings[2], now);
            Assert.Equal((0, 600, now - 3_600_000), (evidence.Count, evidence.Of, evidence.From));
            Assert.Equal(600.0 * 1_000 / 2_600, evidence.Expected!.Value, 6);
        }
    }

    /// <summary>Days by source came later than what they are days of.</summary>
    [Fact]
    public void ACheckpointWithoutDaysOfSources_CountsFromNow()
    {
        var saved = JsonSerializer.Deserialize<SavedStream>("""{"Sources":{"igate":{"source":40,"channel":39}},"Days":{"20000":40}}""")!;
        var source = Assert.Single(saved.ToCounts().Sources);
        Assert.Equal((40, 39, 0), (source.Events, source.Counts[(int)CaseKey.Channel], source.Days.Count));
        Assert.Equal((20_000, 0), (saved.ToCounts().UnitsSince, source.Units.Count));
    }

    private static List<AlertReading> Read<T>(LoadedSettings loaded, StreamEngine engine, LivenessSink watch, EngineReading reading, long now)
        where T : AlertRule =>
    [
        .. SourceAlerts.Of(
            [.. SourceRules.All.OfType<T>()], watch, SourcesReading.None, default, default, new BoardPlan
            {
                Rules = engine.Rules,
                Directory = loaded.Units,
                Top = BoardPlan.TopOf(loaded.Units),
                Period = Day,
                LowVolume = AlertSettings.DefaultLowVolume,
                StaleAfterSeconds = 600,
                Demo = false,
            },
            new FedUnits(reading.CountStated, loaded.Units, LocalTime.DayOf(now)), reading.StatedKeys, reading.Days, now),
    ];

    private static StreamEngine Open(LoadedSettings loaded, SimulatedClock time) => new(new EngineOptions
    {
        Rulebook = loaded.Rulebook,
        Directory = loaded.Units,
        Shards = 2,
        WallClock = () => time.GetUtcNow().ToUnixTimeMilliseconds(),
    });

    /// <summary>A hundred events of each of two sources.</summary>
    private static void Tell(LivenessSink sink, int day, bool isNew)
    {
        for (var number = 0; number < 200; number++)
        {
            var source = number % 2 == 0 ? "igate" : "kiosk";
            var at = new DateTimeOffset(2026, 11, day, 1, number % 60, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
            var channel = isNew && source == "igate" ? "" : ",\"channel\":\"online\"";
            var line = $"{{\"source\":\"{source}\",\"case\":\"c{day}-{number}\",\"at\":\"{InstantText.ToLocalSeconds(at)}\",\"status\":2{channel}}}";
            sink.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, (day * 200) + number), at);
        }

        sink.Flush();
    }
}
