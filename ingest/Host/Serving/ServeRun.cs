using System.Net.Sockets;
using KpiStream.Engine.Alerts;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Codecs;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Plans;
using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Sources.Checkpoints;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Logs;
using Microsoft.AspNetCore.Http.Json;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>One life of <c>serve</c>: source → engine → board, API and alerts, until told to stop.</summary>
internal sealed class ServeRun(LoadedSettings loaded, LiveSource live, ApiKeys? posters, Period boardPeriod, StatePlan? state, SelfCheckPolicy? selfChecks,
    Action<IEndpointRouteBuilder> mapPages, OperatorLog log, TimeProvider time)
{
    /// <summary>How long stopping may take before it is done the hard way.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Settings settings = loaded.Settings;
    private volatile bool isListening;

    /// <summary>Runs until stopped; the exit code says why it ended.</summary>
    public async Task<int> RunAsync(PseudonymKey key, CancellationToken stop)
    {
        if (state is null || live.Source is not IResumableSource)
        {
            return await RunAsync(new StartedState(new StreamEngine(EngineOptionsOf(key)), null), null, null, stop);
        }

        try
        {
            using var files = StateFiles.Open(state.Folder, log.Warn);
            var store = new CheckpointStore(files);
            live.Gaps.KeepIn(new StateNote(files, GapRegister.FileName));
            var start = new CheckpointLoader(
                store, EngineOptionsOf(key), [CheckpointIdentity.NameOf(live.Source)], _ => time.GetUtcNow().ToUnixTimeMilliseconds(), log.Info)
            {
                FindGap = new GapFinder([live.Source]).FindAsync,
            };
            return await start.OpenAsync() is { } started ? await RunAsync(started, store, new StateNote(files, AlertKeeper.FileName), stop)
                : ExitCode.Configuration;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error($"The state cannot be used: {error.Message} Check the folder given with --state.");
            return ExitCode.Unavailable;
        }
    }

    private async Task<int> RunAsync(StartedState started, CheckpointStore? store, StateNote? alertNote, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var engine = started.Engine;
        await using var letters = DeadLetterService.Open(settings, live.IsDemo, log.Warn, time);
        var intake = engine.OpenIntake(live.Source.Name, letters, live.Source.Form);
        var watch = new LivenessSink(intake, live.Partitions, time) { Silence = live.Silence, Health = live.Health };
        started.Restore(watch.Intake, 0);
        watch.Arrivals.Restore(watch.Intake.Counts.LatestArrival);
        var checkpoints = store is null ? null : new CheckpointService(engine, store, state!.Every, time, log.Warn);
        var cuts = new BarrierSink(watch, engine, BoundsOf(started), time);
        var board = new LiveBoard();
        var work = new BackgroundWork(log.Error);
        var plan = PlanOf(engine);

        // Let go of after the server, which brings its posts to an end first.
        await using var commit = live.Commit;
        var connections = new ConnectionLimit(OpenFileLimit.Connections);
        var counts = new HttpCounts(connections);
        await using var app = BuildApp(connections);
        app.Use(new RequestGuard(new HostNames(settings.Http.Bind, settings.Http.AllowedHosts), connections, counts, log).AnswerAsync);
        using var webhook = settings.Alerts.Webhook is { } hook ? new WebhookDelivery(hook, WebhookPolicy.Default, time, log) : null;
        var text = new AlertText(loaded.Rulebook, loaded.Units);
        var alerts = new AlertEngine(AlertLimits.Default);
        var keeper = alertNote is null ? null : KeeperOf(alerts, alertNote, webhook);
        var service = new AlertService(alerts, text, new AlertReporter(text, webhook, log), keeper);
        mapPages(app);
        var checks = SelfChecksOf(engine, watch, cuts, text);
        app.MapBoardApi(board, engine, watch, service, checks, plan, () => live.Segments?.Failure is { Length: > 0 } lost ? lost : work.Failure
            ?? "", () => webhook?.Undelivered ?? "", time);
        app.MapGaps(live.Gaps);
        var today = new TodayCounts(started.Head?.Today);
        checkpoints?.Today = () => today.Saved;
        var publisher = new BoardPublisher(plan, engine, watch, live.Health, live.Rules, service, board, time, today, log.Warn, checks);
        var metrics = new ServeMetrics([watch.Intake], letters, publisher, board, checkpoints?.Counts, checks, plan, time, work)
        {
            OfSource = live.WriteMetrics,
            OfCodes = text => CodeMetrics.WriteTo(text, engine),
            Webhook = webhook,
        };
        MapPost(app, engine, watch.Intake, connections, counts);
        app.MapRead("/metrics", () => Results.Text(metrics.Read() + counts.Read() + SegmentMetrics.Read(live.Segments), PrometheusText.ContentType));
        if (!await TryListenAsync(app, ending.Token))
        {
            return ExitCode.Unavailable;
        }

        // Nothing is queued yet, so this takes no time; told to stop right now, the run still ends in order and with 0.
        await engine.MoveToAsync(time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
        var source = RunSourceAsync(started, watch.Intake, cuts, checkpoints, ending.Token);
        var publishing = publisher.RunAsync(ending.Token);
        var delivering = webhook?.RunAsync(ending.Token) ?? Task.CompletedTask;
        var checking = checks?.RunAsync(ending.Token) ?? Task.CompletedTask;
        var looking = live is { Segments: { } segments, Commit: { } writer } ? segments.RunAsync(writer.CheckAsync, time, ending.Token) : Task.CompletedTask;
        var keeping = KeepAsync(keeper, Task.WhenAll(publishing, delivering));
        WatchOver(work, engine, letters, checkpoints);
        work.Add("the board", publishing);
        work.Add("alerts to the webhook", webhook is null ? null : delivering);
        work.Add("the self-check", checks is null ? null : checking);
        work.Add("the look at the log's files", live is { Segments: not null, Commit: not null } ? looking : null);
        work.Add("keeping alerts", keeper is null ? null : keeping);
        await Task.WhenAny(source, publishing, WaitForSignalAsync(app));

        await ending.CancelAsync();
        return await EndAsync(source, Task.WhenAll(publishing, delivering, checking, keeping, looking), app);
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

    /// <summary>Reads the source to its end and leaves a checkpoint of what came in.</summary>
    private async Task<SourceEnd> RunSourceAsync(StartedState started, Intake intake, BarrierSink sink, CheckpointService? checkpoints, CancellationToken stop)
    {
        if (checkpoints is null || live.Source is not IResumableSource source)
        {
            return await live.Source.RunAsync(sink, stop);
        }

        var gate = checkpoints.Over(source, intake, started.PlacesOf(0));
        gate.Inner = sink;
        await checkpoints.PrepareAsync();
        var end = await source.RunAsync(gate, new SourceStart(started.PlacesOf(0), state!.AcceptGap) { Say = log.Warn }, stop);
        gate.Flush();
        await checkpoints.FinishAsync(end.Kind != SourceEndKind.Gap);
        return end;
    }

    /// <summary>What went into the checkpoint that is gone on from: the log's beginning, for a checkpoint does not say where its log began.</summary>
    private StreamBounds BoundsOf(StartedState started)
    {
        var bounds = new StreamBounds();
        if (live.Recount is { } counted && started.Head is { } head)
        {
            foreach (var place in started.PlacesOf(0).Parts)
            {
                var (part, last) = live.Source is LogSource ? (0, head.Sources[0].Intake.ToState().LastOffset) : (place.Part, place.Next - 1);
                bounds.AddBefore(part, counted.FirstPosition, last);
            }
        }

        return bounds;
    }

    /// <summary>Continues with the alerts of the run before: those it knew, of units there still are.</summary>
    private AlertKeeper KeeperOf(AlertEngine alerts, StateNote note, WebhookDelivery? webhook)
    {
        var keeper = new AlertKeeper(note, webhook, log.Warn);
        alerts.Recall(keeper.Recall().Where(alert => loaded.Units.Find(alert.Unit) is not null), live.Rules);
        webhook?.Settled = keeper.Settle;
        return keeper;
    }

    /// <summary>Keeps alerts for as long as they are judged and told.</summary>
    private static async Task KeepAsync(AlertKeeper? keeper, Task others)
    {
        if (keeper is not null)
        {
            var keeping = Task.Run(keeper.RunAsync);
            await others.ContinueWith(_ => keeper.Complete(), TaskScheduler.Default);
            await keeping;
        }
    }

    private SelfCheckService? SelfChecksOf(StreamEngine engine, LivenessSink watch, BarrierSink cuts, AlertText text) =>
        selfChecks is null || live.Recount is null ? null : new SelfCheckService(
        new SelfCheck(engine, cuts, live.Recount, selfChecks, time), new UnitDayChoice(engine, selfChecks.Seed), selfChecks.Every, () => watch.IsCaughtUp,
        text, log.Warn, time);

    private async Task<int> EndAsync(Task<SourceEnd> source, Task others, WebApplication app)
    {
        try
        {
            await Task.WhenAll(source, others).WaitAsync(StopPatience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            log.Error($"The source did not stop within {StopPatience.TotalSeconds:0} s and was left behind.");
            return ExitCode.CheckFailed;
        }

        await app.StopAsync(CancellationToken.None);
        var end = await source;
        return end.Kind == SourceEndKind.Stopped ? ExitCode.Ok : SourceOpening.ExitCodeOf(end);
    }

    private EngineOptions EngineOptionsOf(PseudonymKey key) => new()
    {
        Rulebook = loaded.Rulebook,
        Directory = loaded.Units,
        Catalogue = loaded.Catalogue,
        PseudonymKey = key,
        Codes = live.Codes,
        Profiles = loaded.Profiles.Of(live.IsDemo || live.Commit is not null ? null : settings.Kafka.Topic, new UnitAliases(loaded.Units)),
        Limits = settings.Limits,
        Shards = settings.Shards,
        LateAfter = settings.LateAfterMillis,
        WallClock = () => time.GetUtcNow().ToUnixTimeMilliseconds(),
        Sliding = [.. settings.Windows.Append(boardPeriod).Concat(live.Rules.Select(rule => rule.Period))
            .Where(period => period.Kind == PeriodKind.Sliding).DistinctBy(period => period.Seconds)],
    };

    /// <summary>Batches may come compressed; their limit holds for what is inside.</summary>
    private void MapPost(WebApplication app, StreamEngine engine, Intake intake, ConnectionLimit connections, HttpCounts counts)
    {
        if (settings.Log is { } folder && live.Commit is { } commit && posters is not null)
        {
            app.Use(new PostedBodies(folder, posters, connections, counts, time).ReadAsync);
            new EventPost(folder, commit, intake, new EventDecoders(engine.Options, loaded.Profiles), settings.Limits, posters, time).Map(app);
        }
    }

    private BoardPlan PlanOf(StreamEngine engine) => new()
    {
        Rules = engine.Rules,
        Directory = loaded.Units,
        Top = BoardPlan.TopOf(loaded.Units),
        Period = boardPeriod,
        LowVolume = live.LowVolume,
        Catalogue = loaded.Catalogue,
        StaleAfterSeconds = settings.StaleAfterSeconds,
        Demo = live.IsDemo,
    };

    private WebApplication BuildApp(ConnectionLimit connections)
    {
        var builder = WebServer.CreateBuilder(connections);
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);

        // What keeps it from listening is said in our own sentence.
        builder.Logging.AddFilter("Microsoft", level => level >= LogLevel.Warning && isListening);
        builder.Services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.ConfigureKestrel(kestrel => WebServer.Configure(kestrel, settings));
        return builder.Build();
    }

    private async Task<bool> TryListenAsync(WebApplication app, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
            isListening = true;
            var address = app.Urls.First();
            log.Info($"Wallboard: {address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}/board (Ctrl+C stops)");
            return true;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            log.Error($"Cannot listen on port {settings.Http.Port}: {error.Message} Choose another with --port.");
            return false;
        }
    }

    private static Task WaitForSignalAsync(WebApplication app)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStopping.Register(() => signal.TrySetResult());
        return signal.Task;
    }
}
