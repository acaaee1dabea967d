using System.Diagnostics.Metrics;
using System.Net.Sockets;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Host.Serving.Access;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// One life of <c>serve</c>, until told to stop: a host whose services are its activities. They start in the order web server, source, keeping and telling
/// alerts, board, self-check, segments, and stop in the reverse order.
/// </summary>
internal sealed class ServeRun(ServeSetup setup, OperatorLog log, TimeProvider time)
{
    /// <summary>How long stopping may take before it is done the hard way.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly LiveSource live = setup.Live;

    /// <summary>Runs until stopped; the exit code says why it ended.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var options = setup.EngineOptions(time);
        var problems = new List<ConfigProblem>();
        ChannelSecrets.Check(setup.Loaded.Settings, problems);
        if (problems.Count > 0)
        {
            problems.ForEach(problem => log.Error($"{problem}"));
            return ExitCode.Configuration;
        }

        if (setup.State is not { } state || live.Source.CannotResume is not null)
        {
            return await RunAsync(new StartedState(new StreamEngine(options), null), null, null, stop);
        }

        try
        {
            using var files = StateFiles.Open(state.Folder, log.Warn);
            var store = new CheckpointStore(files);
            live.Gaps.KeepIn(new StateNote(files, GapRegister.FileName));
            var start = new CheckpointLoader(
                store, options, [live.Source.StateName], _ => time.GetUtcNow().ToUnixTimeMilliseconds(), log.Info)
            {
                FindGap = new GapFinder([live.Source]).FindAsync,
            };
            return await start.OpenAsync() is { } started ? await RunAsync(
                started, store, files, stop)
                : ExitCode.Configuration;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error($"The state cannot be used: {error.Message} Check the folder given with --state.");
            return ExitCode.Unavailable;
        }
    }

    private async Task<int> RunAsync(StartedState started, CheckpointStore? store, StateFiles? files, CancellationToken stop)
    {
        await using var engine = started.Engine;
        setup.Opened(engine);
        if (started.Head is { Sources: [var counted, ..] })
        {
            live.ContinueBehind(counted.Intake.LastOffset);
        }

        await using var letters = DeadLetterService.Open(setup.Loaded.Settings, live.IsDemo, log.Warn, time);
        var checkpoints = store is null ? null : new CheckpointService(engine, store, setup.State!.Every, time, log.Warn);
        using var source = new SourceService(live, started, letters, checkpoints, setup.State?.AcceptGap ?? true, log.Warn, time);
        var text = new AlertText(setup.Loaded.Rulebook, setup.Loaded.Units);
        var plan = setup.Board(engine);
        var registry = new BoardRegistry(plan.Top.Code, time);
        using var registryKeeper = files is null ? null : new BoardRegistryService(registry, new StateNote(files, StateNote.Boards), time, log.Warn);
        registryKeeper?.Recall();
        await using var delivery = AlertDelivery.Open(setup.Loaded, files, setup.State?.Folder, DeliveryPolicy.Default, time, log);
        var shares = new VolumeSources(engine);
        using var alerts = AlertsOf(registry, text, files, delivery is null ? null : new SourcedOutlet(delivery, shares, time));
        using var keeper = alerts.Keeper;
        using var checks = SelfChecksOf(engine, source, text);
        var boards = new LiveBoards(plan, time);
        var judged = new AlertFiles(setup.Loaded, setup.Rules, live.RulesOver, engine.Options.Sliding, SourceRules.All, log, time);
        var texts = files is null ? null : new KeptTexts(setup.State!.Folder, log.Warn);
        using var publisher = PublisherOf(plan, engine, source, judged, alerts, boards, checks, registry, texts);
        using var segments = live is { Segments: { } watch, Commit: { } writer } ? new SegmentService(watch, writer, live.FindGaps, time) : null;

        // Let go of after the server, which brings its posts to an end first.
        await using var commit = live.Commit;
        var connections = new ConnectionLimit(OpenFileLimit.Connections);
        var counts = new HttpCounts(connections);
        using var access = AccessControl.Create(setup.Access, counts, plan, log.Warn, time);
        judged.NoteIn(alerts, access is null ? null : access.Note);
        using var views = new BoardViews(boards, access?.Register, plan, time);
        await using var web = new WebService(setup.Loaded.Settings, connections, counts, log, access);
        var work = new BackgroundWork(log.Error);
        using var metrics = new ServeMetrics([source.Intake], letters, publisher, boards, checkpoints?.Counts, checks, plan, time, work)
        {
            More = [.. MetricsOf(engine, source, counts), meter => RulesMetrics.AddTo(meter, judged)],
            BoardReaders = () => boards.Readers + views.Readers,
            Channels = delivery?.Channels ?? [],
        }.Start();
        using var otlp = OtlpExport.Start(setup.Loaded.Settings.Otlp, log.Warn);
        var kept = live.Rejections is { } note ? KeptRejections.Open(note, source.Intake, log.Warn) : null;
        new ServeRoutes(setup, engine, source, alerts, checks, metrics, boards, views, access, plan, work, kept, registry, delivery, judged, shares, time)
            .MapTo(web.App, connections, counts);
        (string Name, BackgroundService? Service)[] loops =
        [
            ("keeping alerts", keeper), .. ChannelsOf(delivery), ("the board", publisher), ("the self-check", checks),
            ("the look at the log's files", segments), ("access", access), ("boards of tokens", access is null ? null : views),
            ("the list of wallboards", registryKeeper),
        ];
        using var host = HostOf([web, source, .. loops.Select(loop => loop.Service).OfType<BackgroundService>()]);
        if (!await TryStartAsync(host, web))
        {
            return ExitCode.Unavailable;
        }

        setup.Started();
        WatchOver(work, engine, letters, checkpoints);
        work.Add("writing alert messages", delivery?.Writing);
        Array.ForEach(loops, loop => work.Add(loop.Name, loop.Service?.ExecuteTask));

        await EndOfAsync(host, source, publisher, stop);
        await host.StopAsync(CancellationToken.None);
        return await ConcludeAsync(source, [source.ExecuteTask!, .. loops.Select(loop => loop.Service?.ExecuteTask).OfType<Task>()]);
    }

    private IReadOnlyList<Action<Meter>> MetricsOf(StreamEngine engine, SourceService source, HttpCounts counts) =>
    [
        meter => CodeMetrics.AddTo(meter, engine), live.AddMetrics, counts.AddTo, meter => ArrivalMetrics.AddTo(meter, source.Watch),
        meter => LatencyMetrics.AddTo(meter, source.Watch.Latencies),
    ];

    private static IEnumerable<(string Name, BackgroundService? Service)> ChannelsOf(AlertDelivery? delivery) =>
        delivery?.Channels.Select(static channel => ($"alerts over {channel.Name}", (BackgroundService?)channel)) ?? [];

    /// <summary>A host that starts the services in this order, stops them in the reverse one, and lives on when one of them fails: readiness says it.</summary>
    private static IHost HostOf(IEnumerable<IHostedService> services)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = StopPatience;
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        foreach (var service in services)
        {
            builder.Services.AddSingleton(service);
        }

        return builder.Build();
    }

    private static async Task<bool> TryStartAsync(IHost host, WebService web)
    {
        try
        {
            await host.StartAsync(CancellationToken.None);
            return true;
        }
        catch (Exception error) when (error is IOException or SocketException && !web.IsListening)
        {
            return false;
        }
    }

    /// <summary>Watches what has threads or tasks of its own from the beginning.</summary>
    private void WatchOver(BackgroundWork work, StreamEngine engine, DeadLetterService letters, CheckpointService? checkpoints)
    {
        foreach (var (destination, writing) in letters.Work)
        {
            work.Add($"dead letters to the {destination}", writing);
        }

        work.Add("the engine", engine.Finished);
        work.Add("writing the log", live.Commit?.Writing);
        work.Add("checkpoints", checkpoints?.Broken);
    }

    private AlertService AlertsOf(BoardRegistry registry, AlertText text, StateFiles? files, INotificationOutlet? outlet)
    {
        var (folder, note) = files is null ? default : (setup.State!.Folder, new StateNote(files, AlertKeeper.FileName));
        return AlertService.Open(
            setup.Loaded, [.. setup.Rules.Rules, .. SourceRules.All, .. registry.Rules], text, note, log, time, folder, outlet);
    }

    private BoardPublisher PublisherOf(
        BoardPlan plan, StreamEngine engine, SourceService source, AlertFiles judged, AlertService alerts, LiveBoards boards, SelfCheckService? checks,
        BoardRegistry registry, KeptTexts? texts) =>
        new(plan, engine, source.Watch, live.Health, judged.Rules, alerts, boards, time, log.Warn, checks, registry, source.Cuts)
        {
            Published = setup.Published,
            LookAgain = () =>
            {
                judged.LookAgain();
                texts?.Keep(judged.Rules.Current, judged.Calendars.Current);
            },
            Editions = () => (judged.Rules.Current.Hash, AlertTick.BasisOf(setup.Loaded.Rulebook, setup.Loaded.Units, judged.Calendars.Current)),
            Retired = () => judged.Rules.Retired,
            Calendars = () => judged.Calendars.Current,
            Basis = now => AlertBasis.Of(judged.Rules, judged.Calendars, judged.CommonCalendar, now),
        };

    private SelfCheckService? SelfChecksOf(StreamEngine engine, SourceService source, AlertText text) =>
        setup.SelfChecks is not { } policy || live.Recount is not { } counted ? null : new SelfCheckService(
            new SelfCheck(engine, source.Cuts, counted, policy, time), new UnitDayChoice(engine, policy.Seed), policy.Every,
            () => source.Watch.IsCaughtUp && live.Gaps.HasLooked,
            text, log.Warn, time);

    /// <summary>Waits for a signal, the end of the source or a failure of the board.</summary>
    private static async Task EndOfAsync(IHost host, SourceService source, BoardPublisher publisher, CancellationToken stop)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var byCommand = stop.Register(() => told.TrySetResult());
        await using var byHost = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => told.TrySetResult());
        await Task.WhenAny(source.ExecuteTask!, publisher.ExecuteTask!, told.Task);
    }

    private async Task<int> ConcludeAsync(SourceService source, IReadOnlyList<Task> all)
    {
        if (all.Any(static task => !task.IsCompleted))
        {
            log.Error($"The source did not stop within {StopPatience.TotalSeconds:0} s and was left behind.");
            return ExitCode.CheckFailed;
        }

        // What has failed ends the run with its exception. A service that was stopped before it began is no failure.
        await Task.WhenAll(all.Where(static task => !task.IsCanceled));
        return source.End is { Kind: not SourceEndKind.Stopped } end ? SourceOpening.ExitCodeOf(end) : ExitCode.Ok;
    }
}
