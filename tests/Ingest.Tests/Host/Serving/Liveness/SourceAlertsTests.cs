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
        var readings = Read(loaded, second, after, reading, now);
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

    /// <summary>Days by source came later than what they are days of.</summary>
    [Fact]
    public void ACheckpointWithoutDaysOfSources_CountsFromNow()
    {
        var saved = JsonSerializer.Deserialize<SavedStream>("""{"Sources":{"igate":{"source":40,"channel":39}},"Days":{"20000":40}}""")!;
        var source = Assert.Single(saved.ToCounts().Sources);
        Assert.Equal((40, 39, 0), (source.Events, source.Counts[(int)CaseKey.Channel], source.Days.Count));
    }

    private static List<AlertReading> Read(LoadedSettings loaded, StreamEngine engine, LivenessSink watch, EngineReading reading, long now) =>
    [
        .. SourceAlerts.Of(
            [.. SourceRules.All.OfType<DroppedKeysRule>()], watch, SourcesReading.None, default, default, new BoardPlan
            {
                Rules = engine.Rules,
                Directory = loaded.Units,
                Top = BoardPlan.TopOf(loaded.Units),
                Period = Day,
                LowVolume = AlertSettings.DefaultLowVolume,
                StaleAfterSeconds = 600,
                Demo = false,
            }, reading.CountStated, reading.StatedKeys, reading.Days, now),
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
