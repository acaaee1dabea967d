using System.Diagnostics.Metrics;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.Serving;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using KpiStream.Ingest.Host.Serving.Boards;
using KpiStream.Ingest.Host.Serving.Http;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.Metrics;
using KpiStream.Ingest.Host.Serving.Posting;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Tests.Host.Serving.Alerts;
using KpiStream.Ingest.Tests.Host.Serving.SelfChecks;
using KpiStream.Ingest.Tests.Sources.Checkpoints;
using KpiStream.Ingest.Tests.Sources.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

namespace KpiStream.Ingest.Tests.Host.Serving;

/// <summary>Each activity of <c>serve</c> alone: started, at work and stopped by what a host calls.</summary>
public sealed class ServeServicesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter said = new();
    private readonly OperatorLog log;
    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;

    public ServeServicesTests() => log = new OperatorLog(said, TimeProvider.System);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ASourceThatIsStopped_HasCountedWhatCame_AndLeavesACheckpoint()
    {
        var live = LiveSource.OverLog(new LogSettings(folder.Path), loaded.Settings, PseudonymKey.Fixed, log.Warn);
        await using var commit = live.Commit!;
        var files = new MemoryFiles();
        await using (var engine = Engine(live.Codes))
        {
            var checkpoints = new CheckpointService(engine, new CheckpointStore(files), TimeSpan.FromDays(1), TimeProvider.System, log.Warn);
            using var source = SourceOf(live, new StartedState(engine, null), checkpoints);
            await source.StartAsync(CancellationToken.None);
            await PostAsync(live, engine.Options);
            await UntilAsync(() => source.Intake.Counts.Accepted == 1 && source.Watch.IsCaughtUp);
            await source.StopAsync(CancellationToken.None);
            Assert.Equal(SourceEnd.Stopped, source.End);
            Assert.Equal((1, 0), (checkpoints.Counts.Written, checkpoints.Counts.Failed));
        }

        var again = new CheckpointLoader(new CheckpointStore(files), Options(live.Codes), ["log"], _ => null, log.Info);
        var started = await again.OpenAsync();
        await using var restarted = started!.Engine;
        using var next = SourceOf(live, started, checkpoints: null);
        Assert.Equal(1, next.Intake.Counts.Accepted);
    }

    [Fact]
    public async Task ASourceThatIsStoppedBeforeItBegan_IsNoFailure()
    {
        var live = LiveSource.OverLog(new LogSettings(folder.Path), loaded.Settings, PseudonymKey.Fixed, log.Warn);
        await using var commit = live.Commit!;
        await using var engine = Engine(live.Codes);
        using var source = SourceOf(live, new StartedState(engine, null), checkpoints: null);
        await source.StartAsync(CancellationToken.None);
        await source.StopAsync(CancellationToken.None);
        Assert.False(source.ExecuteTask!.IsFaulted);
        Assert.True(source.End is null || source.End == SourceEnd.Stopped);
    }

    [Fact]
    public async Task ALogThatLacksEventsAtAStart_SaysItWhereverLostDataAreSaid()
    {
        using var scene = new LogScene(30, 7);
        using (var written = EventLog.Open(scene.Folder, scene.Options(2_000, PseudonymKey.Fixed.Id)))
        {
            for (var number = 0; number < 30; number++)
            {
                scene.Append(written, number, 1);
                written.Commit();
            }
        }

        File.Delete(LogFolder.PathOf(scene.Folder, 2));
        var lost = Assert.Single(SegmentNumbers.FindMissing(new LogFiles(scene.Folder), CancellationToken.None));
        var live = LiveSource.OverLog(new LogSettings(scene.Folder), loaded.Settings, PseudonymKey.Fixed, log.Warn);
        await using var commit = live.Commit!;
        using var segments = new SegmentService(live.Segments!, commit, live.FindGaps, TimeProvider.System);
        await segments.StartAsync(CancellationToken.None);
        await UntilAsync(() => live.Gaps.Open.Count > 0);
        await segments.StopAsync(CancellationToken.None);
        var health = live.Health();
        Assert.Equal((false, $"nhật ký đã mất {lost.To - lost.From} sự kiện, số liệu có thể thiếu"), (health.IsBroken, health.Text));
        var ready = Readiness.Of("", isCaughtUp: true, health, hasDifference: false, undelivered: "");
        Assert.Contains($"ready, but events {lost.From} to {lost.To - 1} of log:{scene.Folder} are missing", ready.Text);
        using var meter = new Meter(nameof(ServeServicesTests));
        using var page = new PrometheusExporter(meter);
        live.AddMetrics(meter);
        Assert.Contains($"acknowledged=\"false\"}} {lost.To - lost.From}", page.Read());
    }

    [Fact]
    public async Task ALogThatLostItsEnd_NumbersNewEventsBehindIt_AndSaysWhatIsMissing_AtEveryStart()
    {
        using var scene = new LogScene(5, 8);
        using (var written = EventLog.Open(scene.Folder, scene.Options(keyId: PseudonymKey.Fixed.Id)))
        {
            scene.Append(written, 0, 5);
            written.Commit();
        }

        for (var start = 1; start <= 3; start++)
        {
            var live = LiveSource.OverLog(new LogSettings(scene.Folder), loaded.Settings, PseudonymKey.Fixed, log.Warn);
            await using var commit = live.Commit!;
            live.ContinueBehind(start < 3 ? 10 : 11);
            live.FindGaps(CancellationToken.None);
            Assert.True(live.Gaps.HasLooked);
            var gap = Assert.Single(live.Gaps.Open);
            Assert.Equal((6, 11), (gap.From, gap.To));
            Assert.Equal(start < 3 ? start : 2, System.Text.RegularExpressions.Regex.Count(said.ToString(), "events 6 to 10 are in the checkpoint"));
            if (start == 2)
            {
                await PostAsync(live, Options(live.Codes));
            }
        }

        var (_, records) = await scene.ReadAsync();
        Assert.Equal([1, 2, 3, 4, 5, 11], records.Select(record => record.Position.Offset));
    }

    [Fact]
    public async Task ThePublisher_ShowsAFirstFrame_AndStops()
    {
        var live = LiveSource.OverLog(new LogSettings(folder.Path), loaded.Settings, PseudonymKey.Fixed, log.Warn);
        await using var commit = live.Commit!;
        await using var engine = Engine(live.Codes);
        using var source = SourceOf(live, new StartedState(engine, null), checkpoints: null);
        var text = new AlertText(loaded.Rulebook, loaded.Units);
        var plan = new ServeSetup
        {
            Loaded = loaded,
            Live = live,
            Key = PseudonymKey.Fixed,
            Posters = null,
            BoardPeriod = Period.TryParse("30d")!,
            State = null,
            SelfChecks = null,
            MapPages = static _ => { },
        }.Board(engine);
        var boards = new LiveBoards(plan, TimeProvider.System);
        using var publisher = new BoardPublisher(
            plan, engine, source.Watch, live.Health, loaded.AlertRules.Rules,
            AlertService.Open(loaded, loaded.AlertRules.Rules, text, null, log, TimeProvider.System), boards,
            TimeProvider.System, log.Warn);
        await publisher.StartAsync(CancellationToken.None);
        await UntilAsync(() => boards.Main.Current is not null);
        Assert.False(boards.Main.Current!.CaughtUp);
        await publisher.StopAsync(CancellationToken.None);
        Assert.True(publisher.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AKeeperThatIsStopped_HasKeptTheNewest()
    {
        var files = new MemoryFiles();
        var alert = new RememberedAlert("below_target:fully_online:30d", "11953", 1_752_000_000_000, 1_752_000_060_000, null, 60_000, 25, 5, 0.7);
        using (var keeper = new AlertKeeper(new StateNote(files, AlertKeeper.FileName), null, log.Warn))
        {
            await keeper.StartAsync(CancellationToken.None);
            _ = keeper.Keep(new RememberedLife([], [], []));
            await UntilAsync(() => files.Calls > 0);
            _ = keeper.Keep(new RememberedLife([alert], [], []));
            await keeper.StopAsync(CancellationToken.None);
        }

        using var next = new AlertKeeper(new StateNote(files, AlertKeeper.FileName), null, log.Warn);
        Assert.Equal([alert], next.Recall().Alerts);
    }

    [Fact]
    public async Task TheSelfCheck_CountsADayAgain_AndStops()
    {
        await using var scene = new SelfCheckScene(500, 6_911);
        scene.Feed(500);
        await scene.TickAsync(TimeSpan.FromDays(60));
        await scene.Service.StartAsync(CancellationToken.None);
        await UntilAsync(() =>
        {
            scene.Cuts.Flush();
            return scene.Service.Last is not null;
        });
        await scene.Service.StopAsync(CancellationToken.None);
        Assert.Equal((SelfCheckVerdict.Equal, ""), (scene.Service.Last!.Verdict, scene.Service.Last.Error));
        Assert.True(scene.Service.Last.Figures.Count > 0);
        Assert.True(scene.Service.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AChannel_DeliversWhatIsOffered_AndKeepsTheRestWhenItIsStopped()
    {
        await using var receiver = await HttpReceiver.StartAsync(static number => number == 1 ? 204 : 503);
        await using var outbox = AlertOutbox.Open(new MemoryFiles(), null, [new OutboxLane("hook", TimeProvider.System)], TimeProvider.System, static _ => { });
        using var channel = new ChannelDelivery(
            Samples.Open(Samples.Webhook(receiver.Url)), outbox, DeliveryPolicy.Default, TimeProvider.System, NullLogger.Instance);
        await outbox.OfferAsync([(Samples.Message("a"), ["hook"]), (Samples.Message("b"), ["hook"])]);
        await channel.StartAsync(CancellationToken.None);
        await UntilAsync(() => channel is { Counts.Sent: 1, Retried: > 0 });
        await channel.StopAsync(CancellationToken.None);
        Assert.Equal("b", Assert.Single(outbox.Lane("hook").Waiting).Message.Key);
        Assert.True(channel.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task TheLookAtSegments_SaysWhichIsMissing_AndStops()
    {
        var live = LiveSource.OverLog(new LogSettings(folder.Path), loaded.Settings, PseudonymKey.Fixed, log.Warn);
        await using var commit = live.Commit!;
        await PostAsync(live, Options(live.Codes));
        live.Segments!.Check();
        File.Move(LogFolder.PathOf(folder.Path, 1), Path.Combine(folder.Path, "elsewhere"));
        using var segments = new SegmentService(live.Segments, commit, live.FindGaps, TimeProvider.System);
        await segments.StartAsync(CancellationToken.None);
        await UntilAsync(() => live.Segments.Missing == 1);
        await segments.StopAsync(CancellationToken.None);
        Assert.Contains("events-00000001", live.Segments.Failure);
        Assert.True(segments.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task TheWebServer_AnswersUntilItIsStopped()
    {
        await using var web = Web(0);
        web.App.MapGet("/x", static () => "y");
        await web.StartAsync(CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(web.App.Urls.First()) };
        Assert.Equal("y", await http.GetStringAsync("/x"));
        Assert.Contains(" INFO Wallboard: http://localhost:", said.ToString());
        await web.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/x"));
    }

    [Fact]
    public async Task APortThatIsTaken_IsSaid_AndStartsNothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var web = Web(port);
        await Assert.ThrowsAnyAsync<IOException>(() => web.StartAsync(CancellationToken.None));
        Assert.False(web.IsListening);
        var line = Assert.Single(said.ToString().TrimEnd().Split('\n'));
        Assert.Contains($" ERROR Cannot listen on port {port}: ", line);
    }

    private static EngineOptions Options(CodeBook codes) =>
        new() { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Codes = codes, Sliding = [Period.TryParse("30d")!] };

    private static StreamEngine Engine(CodeBook codes) => new(Options(codes));

    private static async Task PostAsync(LiveSource live, EngineOptions options)
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(-1);
        var decoder = new EventDecoder(live.Codes, PseudonymKey.Fixed, options.Limits);
        var line = Encoding.UTF8.GetBytes(CaseLines.Accepted("H31-1", "11953", now));
        Assert.True(decoder.Decode(line, now.ToUnixTimeMilliseconds(), out var decoded).IsAccepted);
        Assert.True(live.Commit!.TryWrite([decoded], now.ToUnixTimeMilliseconds(), out var done));
        await done;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(KpiStreamProcess.Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private SourceService SourceOf(LiveSource live, StartedState started, CheckpointService? checkpoints) =>
        new(live, started, new DeadLetterService([], new LetterAllowance(log.Warn, TimeProvider.System)), checkpoints, true, log.Warn, TimeProvider.System);

    private WebService Web(int port)
    {
        var settings = loaded.Settings with { Http = loaded.Settings.Http with { Port = port } };
        var connections = new ConnectionLimit(static () => 8);
        return new WebService(settings, connections, new HttpCounts(connections), log);
    }
}
