using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Runs.Explanations;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Tests.Simulation;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.Runs.Explanations;

/// <summary>
/// A server in this process, with everything by which alerts are judged and kept, on a clock of its own; and the log that it reads, in two parts.
/// </summary>
internal sealed class ServedProvince : IAsyncDisposable
{
    public const long EveryMillis = 300_000;

    public static readonly string[] Units = ["11953", "11977", "12091", "11980"];

    private readonly MemoryFiles files = new();
    private readonly TemporaryFolder folder;
    private readonly int staleAfter;
    private StreamEngine engine = null!;
    private LivenessSink watch = null!;
    private BarrierSink source = null!;
    private AlertService alerts = null!;
    private BoardPublisher publisher = null!;
    private Task keeping = Task.CompletedTask;

    /// <param name="staleAfter">See <see cref="BoardPlan.StaleAfterSeconds"/>; of less than a tick, nothing is judged in the first day's office hours.</param>
    public ServedProvince(TemporaryFolder folder, AlertRuleSet rules, int staleAfter = 600)
    {
        (this.folder, this.staleAfter) = (folder, staleAfter);
        Loaded = Loaded with { AlertRules = AlertRuleSet.Empty };
        Rules = rules;
        Start();
    }

    public SimulatedClock Time { get; } = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero)); // a Tuesday, 7:00 local

    public LoadedSettings Loaded { get; } = SettingsFile.Load(null, [])!;

    /// <summary>The rules in force; may be changed while it runs.</summary>
    public AlertRuleSet Rules { get; set; }

    /// <summary>The working days of units; may be changed while it runs.</summary>
    public UnitCalendars Calendars { get; set; } = new(Shipped.Calendar);

    public List<(byte[] Line, SourcePosition Position, long Arrival)> Log { get; } = [];

    /// <summary>The source of the events about a unit.</summary>
    public Func<string, string> SourceOf { get; set; } = static _ => "s";

    public IReadOnlyList<Alert> Alerts => alerts.Alerts;

    public string StateFolder => folder.Path;

    /// <summary>What is kept of alerts now.</summary>
    public byte[] Kept => new StateNote(files, AlertKeeper.FileName).TryRead(out var line) ? line : [];

    private long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A case is done, well or badly.</summary>
    public void Happen(string unit, bool isGood)
    {
        var when = InstantText.ToLocalSeconds(Now);
        var how = isGood ? "\"fee\":0,\"result\":\"electronic\",\"signed\":true,\"returned\":\"online\",\"presence\":\"none\""
            : "\"result\":\"paper\",\"returned\":\"counter\",\"presence\":\"visit\"";
        var part = Log.Count % 3 == 0 ? 1 : 0;
        var line = Encoding.UTF8.GetBytes($"{{\"source\":\"{SourceOf(unit)}\",\"case\":\"c{Log.Count}\",\"at\":\"{when}\",\"status\":10,"
            + $"\"receiving\":\"{unit}\",\"handling\":\"{unit}\",\"channel\":\"online\",\"accepted\":\"{when}\",\"ended\":\"{when}\",{how}}}");
        Log.Add((line, new SourcePosition(part, Log.Count(one => one.Position.Partition == part) + 1), Now));
        source.Accept(line, Log[^1].Position, Now);
    }

    /// <summary>The next tick comes, with whatever has come in.</summary>
    public async Task TickAsync(bool isWhole = true)
    {
        Time.Pass(TimeSpan.FromMilliseconds(AlertTicks.After(Now, EveryMillis) + 100 - Now));
        await FrameAsync(isWhole);
    }

    public async Task FrameAsync(bool isWhole = true)
    {
        Poll();
        var frame = publisher.PublishAsync(CancellationToken.None);
        while (!frame.IsCompleted)
        {
            if (isWhole)
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
    }

    /// <summary>Killed, with what was kept last, or earlier; another process reads the log again.</summary>
    public async Task KillAsync(byte[]? kept = null)
    {
        await StopAsync();
        if (kept is { Length: > 0 })
        {
            new StateNote(files, AlertKeeper.FileName).Write(kept);
        }

        Start();
        foreach (var (line, position, arrival) in Log)
        {
            source.Accept(line, position, arrival);
        }

        Poll();
    }

    /// <summary>Stops, and everything is on disk.</summary>
    public async Task StopAsync()
    {
        publisher.Dispose();
        alerts.Keeper!.Complete();
        await keeping;
        alerts.Keeper.Dispose();
        alerts.Dispose();
        await engine.DisposeAsync();
    }

    /// <summary>The alerts of units in the history, by id, in the order in which they began.</summary>
    public IReadOnlyList<string> Ids => [.. File.ReadLines(Path.Combine(StateFolder, AlertHistory.FileName))
        .Select(static line => JsonDocument.Parse(line).RootElement).Where(static one => one.GetProperty("kind").GetString() is not "source")
        .Select(static one => one.GetProperty("id").GetString()!).Distinct()];

    /// <summary>Judges an alert again over a log.</summary>
    public Task<Explanation?> ExplainAsync(string id, IReadOnlyList<(byte[] Line, SourcePosition Position, long Arrival)> log) =>
        new ExplainRun(new ExplainPlan(id, StateFolder, Loaded, _ => new ListedSource(log))).RunAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => new(StopAsync());

    private void Poll()
    {
        source.Flush();
        source.ReportLag(0, 0);
        source.ReportLag(1, 0);
    }

    private void Start()
    {
        engine = new StreamEngine(new EngineOptions
        {
            Rulebook = Loaded.Rulebook,
            Directory = Loaded.Units,
            Sliding = [.. Rules.Rules.Select(static rule => rule.Period).Where(static period => period.Kind == PeriodKind.Sliding)
                .DistinctBy(static period => period.Seconds)],
            WallClock = () => Now,
            Shards = 2,
        });
        var plan = new BoardPlan
        {
            Rules = engine.Rules,
            Directory = Loaded.Units,
            Top = BoardPlan.TopOf(Loaded.Units),
            Period = Period.TryParse("day")!,
            LowVolume = AlertSettings.DefaultLowVolume,
            StaleAfterSeconds = staleAfter,
            Demo = false,
        };
        watch = new LivenessSink(engine.OpenIntake("test"), static () => 2, Time);
        source = new BarrierSink(watch, engine, new StreamBounds(), Time);
        alerts = AlertService.Open(
            Loaded, [.. Rules.Rules, .. SourceRules.All], new AlertText(Loaded.Rulebook, Loaded.Units), new StateNote(files, AlertKeeper.FileName),
            new OperatorLog(TextWriter.Null, Time), Time, StateFolder);
        keeping = alerts.Keeper!.RunAsync();
        var texts = new KeptTexts(StateFolder, static _ => { });
        publisher = new BoardPublisher(
            plan, engine, watch, static () => default, new CurrentRules(() => [.. Rules.Rules, .. SourceRules.All]), alerts, new LiveBoards(plan, Time), Time,
            static _ => { }, cuts: source)
        {
            Every = EveryMillis,
            LookAgain = () => texts.Keep(Rules, Calendars),
            Calendars = () => Calendars,
            Editions = () => (Rules.Hash, AlertTick.BasisOf(Loaded.Rulebook, Loaded.Units, Calendars)),
        };
    }

    private sealed class CurrentRules(Func<IReadOnlyList<AlertRule>> rules) : IReadOnlyList<AlertRule>
    {
        public int Count => rules().Count;

        public AlertRule this[int index] => rules()[index];

        public IEnumerator<AlertRule> GetEnumerator() => rules().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>A log, one part after the other.</summary>
    private sealed class ListedSource(IReadOnlyList<(byte[] Line, SourcePosition Position, long Arrival)> log) : IRecordSource
    {
        public string Name => "test";

        public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
        {
            foreach (var (line, position, arrival) in log.OrderBy(static one => one.Position.Partition).TakeWhile(_ => !stop.IsCancellationRequested))
            {
                sink.Accept(line, position, arrival);
            }

            return Task.FromResult(SourceEnd.Finished);
        }
    }
}
