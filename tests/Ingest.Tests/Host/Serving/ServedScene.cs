using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Host.Wallboard;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving;

/// <summary>
/// All that <c>serve --log</c> answers, in this process and without its loops: over an empty log, with a few cases of two communes folded and one frame
/// published. Shared by the tests of a class.
/// </summary>
public sealed class ServedScene : IAsyncLifetime
{
    /// <summary>Two communes of the province.</summary>
    public const string PhoHien = "11953", SonNam = "11977";

    private readonly TemporaryFolder folder = new();
    private readonly OperatorLog log = new(TextWriter.Null, TimeProvider.System);
    private readonly List<IAsyncDisposable> owned = [];
    private readonly List<IDisposable> held = [];

    public HttpClient Http { get; private set; } = null!;

    internal StreamEngine Engine { get; private set; } = null!;

    internal LiveBoards Boards { get; private set; } = null!;

    internal AlertService Alerts { get; private set; } = null!;

    internal AlertFiles Judged { get; private set; } = null!;

    /// <summary>The clock by which files are looked at again.</summary>
    internal FakeTimeProvider FileTime { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>What units add to the calendar: nothing at the start.</summary>
    internal string UnitCalendars => folder.File("unit-calendars.csv");

    /// <summary>Every address there is.</summary>
    internal IReadOnlyList<RouteEndpoint> Routes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var loaded = SettingsFile.Load(null, [])!;
        await File.WriteAllTextAsync(UnitCalendars, "unit,from,to,kind,certainty,reason\n");
        loaded = loaded with
        {
            Settings = loaded.Settings with
            {
                Http = loaded.Settings.Http with { Port = 0 },
                Log = new LogSettings(folder.Path),
                UnitCalendars = UnitCalendars,
            },
        };
        var live = LiveSource.OverLog(loaded.Settings.Log!, loaded.Settings, PseudonymKey.Fixed, log.Warn);
        var setup = new ServeSetup
        {
            Loaded = loaded,
            Live = live,
            Key = PseudonymKey.Fixed,
            Posters = new ApiKeys(["key"]),
            BoardPeriod = Period.TryParse("30d")!,
            State = null,
            SelfChecks = null,
            MapPages = static pages => pages.MapWallboard(),
        };
        Engine = Hold(new StreamEngine(setup.EngineOptions(TimeProvider.System)));
        var source = Keep(new SourceService(live, new StartedState(Engine, null), new DeadLetterService([], new LetterAllowance(log.Warn, TimeProvider.System)),
            checkpoints: null, acceptGap: true, log.Warn, TimeProvider.System));
        var plan = setup.Board(Engine);
        Boards = new LiveBoards(plan, TimeProvider.System);
        await MapAsync(setup, source, plan);
        await FoldAsync(plan);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        held.ForEach(static one => one.Dispose());
        foreach (var one in Enumerable.Reverse(owned))
        {
            await one.DisposeAsync();
        }

        folder.Dispose();
    }

    private async Task MapAsync(ServeSetup setup, SourceService source, BoardPlan plan)
    {
        var live = setup.Live;
        var alerts = Alerts = AlertService.Open(
            setup.Loaded, setup.Rules.Rules, new AlertText(setup.Loaded.Rulebook, setup.Loaded.Units), null, log, TimeProvider.System);
        var publisher = Keep(new BoardPublisher(plan, Engine, source.Watch, live.Health, setup.Rules.Rules, alerts, Boards, TimeProvider.System, log.Warn));
        Hold(live.Commit!);
        var connections = new ConnectionLimit(static () => 2_000);
        var counts = new HttpCounts(connections);
        var web = Hold(new WebService(setup.Loaded.Settings, connections, counts, log));
        var work = new BackgroundWork(log.Error);
        var letters = Hold(DeadLetterService.Open(setup.Loaded.Settings, isDemo: true, log.Warn, TimeProvider.System));
        var metrics = Keep(new ServeMetrics([source.Intake], letters, publisher, Boards, null, null, plan, TimeProvider.System, work).Start());
        Judged = new AlertFiles(setup.Loaded, setup.Rules, live.RulesOver, Engine.Options.Sliding, [], log, FileTime);
        Judged.NoteIn(alerts, null);
        new ServeRoutes(
            setup, Engine, source, alerts, null, metrics, Boards, new BoardViews(Boards, null, plan, TimeProvider.System), null, plan, work,
            KeptRejections.Open(live.Rejections!, source.Intake, log.Warn), new BoardRegistry(plan.Top.Code, TimeProvider.System), null, Judged,
            new VolumeSources(Engine), TimeProvider.System)
            .MapTo(web.App, connections, counts);
        await web.StartAsync(CancellationToken.None);
        Routes = [.. ((IEndpointRouteBuilder)web.App).DataSources.SelectMany(static one => one.Endpoints).OfType<RouteEndpoint>()];
        Http = new HttpClient { BaseAddress = new Uri(web.App.Urls.First()) };
    }

    private async Task FoldAsync(BoardPlan plan)
    {
        var intake = Engine.OpenIntake("test"); // The source's own takes records of the log.
        var at = DateTimeOffset.UtcNow.AddDays(-2);
        for (var number = 0; number < 40; number++)
        {
            var unit = number % 2 == 0 ? PhoHien : SonNam;
            Accept(intake, CaseLines.Accepted($"H31-{number}", unit, at));
            Accept(intake, number % 4 == 0 ? CaseLines.DoneOnline($"H31-{number}", at.AddHours(1))
                : CaseLines.DoneAtTheCounter($"H31-{number}", at.AddHours(1)));
        }

        Accept(intake, CaseLines.Accepted("H31-x", "=cmd|'x'", at));
        intake.Flush();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var reading = await EngineReading.TakeAsync(Engine, [plan.Period, plan.LowVolume.Period, .. plan.Spans], now, null, CancellationToken.None);
        Boards.Publish(1, board => new BoardMoment(
            now, now, Stale: false, CaughtUp: true, "đang đọc", reading.Of(board.Period)!, reading.Of(plan.LowVolume.Period)!, reading.Gauges, [],
            new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], [])));
    }

    private static void Accept(Intake intake, string line) =>
        intake.Accept(Encoding.UTF8.GetBytes(line), new SourcePosition(0, 1), DecodeLimits.UnknownArrival);

    private T Hold<T>(T one)
        where T : IAsyncDisposable
    {
        owned.Add(one);
        return one;
    }

    private T Keep<T>(T one)
        where T : IDisposable
    {
        held.Add(one);
        return one;
    }
}
