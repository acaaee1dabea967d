using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Tests.Simulation;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>
/// A province whose cases are known, and a server that is told of them late, in pieces, or not at all: engine, cut, publisher and alerts are the real ones.
/// What an alert says is compared with what was true.
/// </summary>
internal sealed class MissingScene : IAsyncDisposable
{
    /// <summary>Before offices close: at night silence is no sign of anything.</summary>
    public static readonly DateTimeOffset Evening = new(2026, 11, 26, 8, 30, 0, TimeSpan.Zero);

    public static readonly string[] Units = ["11953", "11977", "12091", "11980"];

    /// <summary>How long a source may say nothing before its data is stale; what was true so long ago may still be believed.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    private static readonly Period Hour = Period.TryParse("1h")!;

    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;
    private readonly MemoryFiles files = new();
    private readonly List<(string Unit, bool IsGood, DateTimeOffset At)> facts = [];
    private readonly List<(long At, Dictionary<(string Unit, bool IsVolume), (long Of, long Good)> Counts)> truths = [];
    private readonly Dictionary<string, AlertState> states = [];
    private readonly IReadOnlyList<AlertRule> rules =
    [
        new BelowTargetRule { Figure = "fully_online", Over = Hour, MinCount = 20, HoldMillis = 720_000, ClearHoldMillis = 720_000 },
        new LowVolumeRule
        {
            Figure = "handled",
            FewerThan = 100,
            Since = new DateOnly(2026, 11, 20),
            HoldMillis = 720_000,
            ClearHoldMillis = 720_000,
            Scope = new AlertScope { Codes = Units },
        },
    ];

    private StreamEngine engine = null!;
    private LivenessSink watch = null!;
    private BarrierSink source = null!;
    private AlertService alerts = null!;
    private BoardPublisher publisher = null!;
    private int told;

    public MissingScene() => Start();

    public SimulatedClock Time { get; } = new(new DateTimeOffset(2026, 11, 26, 0, 30, 0, TimeSpan.Zero)); // a Thursday, 7:30 local

    public bool IsBroken { get; set; }

    /// <summary>Facts that the server was not told of yet.</summary>
    public int Untold => facts.Count - told;

    /// <summary>Changes of state of business alerts that mattered, and which of them nothing justified.</summary>
    public int Changes { get; private set; }

    public List<string> False { get; } = [];

    public async ValueTask DisposeAsync()
    {
        publisher.Dispose();
        alerts.Keeper!.Complete();
        await alerts.Keeper.RunAsync();
        alerts.Keeper.Dispose();
        alerts.Dispose();
        await engine.DisposeAsync();
    }

    /// <summary>Something happens in the world.</summary>
    public void Happen(string unit, bool isGood) => facts.Add((unit, isGood, Time.GetUtcNow()));

    /// <summary>The server is told of some facts.</summary>
    public void Tell(int most)
    {
        for (var end = Math.Min(facts.Count, told + most); told < end; told++)
        {
            var (unit, isGood, at) = facts[told];
            var when = InstantText.ToLocalSeconds(at.ToUnixTimeMilliseconds());
            var how = isGood ? "\"fee\":0,\"result\":\"electronic\",\"signed\":true,\"returned\":\"online\",\"presence\":\"none\""
                : "\"result\":\"paper\",\"returned\":\"counter\",\"presence\":\"visit\"";
            var line = $"{{\"source\":\"s\",\"case\":\"c{told}\",\"at\":\"{when}\",\"status\":10,\"receiving\":\"{unit}\",\"handling\":\"{unit}\","
                + $"\"channel\":\"online\",\"accepted\":\"{when}\",\"ended\":\"{when}\",{how}}}";
            source.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, told + 1), at.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>The source's own loop comes round.</summary>
    public void Poll(long remaining)
    {
        source.Flush();
        source.ReportLag(0, remaining);
    }

    /// <summary>A frame, while the source runs dry or does not.</summary>
    public async Task FrameAsync(bool isDry)
    {
        var now = Time.GetUtcNow().ToUnixTimeMilliseconds();
        truths.Add((now, Count()));
        truths.RemoveAll(truth => now - truth.At > 3 * Stale.TotalMilliseconds);
        var frame = publisher.PublishAsync(CancellationToken.None);
        while (!frame.IsCompleted)
        {
            if (isDry)
            {
                source.Flush();
            }
            else
            {
                Time.TryPassToNext();
            }

            await Task.Yield();
        }

        await frame;
        Compare(now);
    }

    /// <summary>The process is killed, and another begins: it reads the past again.</summary>
    public async Task RestartAsync()
    {
        await DisposeAsync();
        Start();
        told = 0;
    }

    private void Start()
    {
        engine = new StreamEngine(new EngineOptions
        {
            Rulebook = loaded.Rulebook,
            Directory = loaded.Units,
            Sliding = [Hour],
            WallClock = () => Time.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        var plan = new BoardPlan
        {
            Rules = engine.Rules,
            Directory = loaded.Units,
            Top = BoardPlan.TopOf(loaded.Units),
            Period = Hour,
            LowVolume = (LowVolumeRule)rules[1],
            StaleAfterSeconds = (int)Stale.TotalSeconds,
            Demo = false,
        };
        watch = new LivenessSink(engine.OpenIntake("test"), static () => 1, Time);
        source = new BarrierSink(watch, engine, new StreamBounds(), Time);
        alerts = AlertService.Open(loaded, rules, new AlertText(loaded.Rulebook, loaded.Units), new StateNote(files, AlertKeeper.FileName),
            new OperatorLog(TextWriter.Null, Time), Time);
        publisher = new BoardPublisher(
            plan, engine, watch, () => new SourceHealth(IsBroken, IsBroken ? "mất kết nối" : ""), rules, alerts, new LiveBoards(plan, Time), Time,
            static _ => { }, cuts: source)
        {
            Every = 200,
        };
    }

    private void Compare(long now)
    {
        foreach (var alert in alerts.Alerts)
        {
            var before = states.GetValueOrDefault(alert.Id);
            states[alert.Id] = alert.State;
            var isNews = before != alert.State && ((alert.State == AlertState.Firing && before != AlertState.Resolving) || alert.State == AlertState.Resolved);
            if (!isNews)
            {
                continue;
            }

            Changes++;
            var against = alert.State == AlertState.Firing ? Judgement.Clear : Judgement.Met;
            if (truths.Where(truth => now - truth.At <= Stale.TotalMilliseconds + 180_000).All(truth => TruthOf(alert, truth.Counts, truth.At) == against))
            {
                False.Add($"{Time.GetUtcNow():HH:mm:ss} {alert.Rule.Id} {alert.Unit} {before} -> {alert.State} with {Untold} untold");
            }
        }
    }

    /// <summary>What is true now: of the hour for ratios, of all days for volumes.</summary>
    private Dictionary<(string Unit, bool IsVolume), (long Of, long Good)> Count()
    {
        var since = Time.GetUtcNow().AddHours(-1);
        return facts.GroupBy(static fact => fact.Unit).SelectMany(unit => (bool[])[false, true], static (unit, isVolume) => (unit, isVolume)).ToDictionary(
            static one => (one.unit.Key, one.isVolume),
            one => ((long)one.unit.Count(fact => one.isVolume || fact.At > since),
                (long)one.unit.Count(fact => fact.IsGood && (one.isVolume || fact.At > since))));
    }

    private static Judgement TruthOf(Alert alert, Dictionary<(string Unit, bool IsVolume), (long Of, long Good)> counts, long at)
    {
        var isVolume = alert.Rule.Kind == AlertKind.LowVolume;
        var (of, good) = counts.GetValueOrDefault((alert.Unit, isVolume));
        return alert.Rule.Judge(alert.Reading with { Denominator = of, Numerator = isVolume ? null : good, Unobserved = 0, HasData = true }, at);
    }
}
