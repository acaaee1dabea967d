using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Tests.Simulation;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>What one run of the service knew, the next one knows to the second.</summary>
public sealed class AlertServiceTests : IDisposable
{
    private const string PhoHien = "11953", SonNam = "11977";

    private static readonly BelowTargetRule Rule = AlertSettings.DefaultBelowTarget with { HoldMillis = 60_000, ClearHoldMillis = 120_000 };

    private readonly TemporaryFolder folder = new();
    private readonly SimulatedClock time = new(new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero));
    private readonly StringWriter said = new();
    private readonly LoadedSettings loaded = SettingsFile.Load(null, [])!;
    private readonly MemoryFiles files = new();
    private AlertRule judged = Rule;

    public void Dispose() => folder.Dispose();

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Killed in the middle of both holds, and once more while it resolves: every hold continues where it was.</summary>
    [Fact]
    public async Task Holds_ContinueToTheSecond_OverKills()
    {
        var service = Open(files);
        var running = Run(service);
        for (var second = 0; second <= 40; second++)
        {
            Tick(service, PhoHien, good: 5);
        }

        service = await KillAsync(service, running);
        running = Run(service);
        Tick(service, PhoHien, good: 5); // what happened before this reading nobody knows
        for (var second = 1; second < 20; second++)
        {
            Assert.Equal("pending", Tick(service, PhoHien, good: 5));
        }

        Assert.Equal("firing", Tick(service, PhoHien, good: 5));
        var id = Assert.Single(service.Alerts).Id;
        for (var second = 0; second <= 100; second++)
        {
            Assert.Equal("resolving", Tick(service, PhoHien, good: 100));
        }

        service = await KillAsync(service, running);
        running = Run(service);
        for (var second = 0; second < 20; second++)
        {
            Assert.Equal("resolving", Tick(service, PhoHien, good: 100));
        }

        Assert.Equal("resolved", Tick(service, PhoHien, good: 100));
        Assert.Equal(id, Assert.Single(service.Alerts).Id);
        await StopAsync(service, running);
        Assert.Equal(["pending", "firing", "resolving", "resolved"], service.History.Find(id).Select(static entry => entry.What));
        Assert.DoesNotContain("could not", said.ToString());
    }

    [Fact]
    public async Task SilencesNotesAndWhatWasTold_OutliveAKill_OnceAnswered()
    {
        var service = Open(files);
        var running = Run(service);
        for (var second = 0; second <= 80; second++)
        {
            Tick(service, PhoHien, good: 5);
        }

        var silence = new Silence { Id = "ab", Unit = SonNam, Reason = "r", By = "An", From = Now, Until = Now + 3_600_000 };
        Assert.True(await service.TrySilenceAsync(silence));
        var alert = Assert.Single(service.Alerts);
        var note = new Acknowledgement("Bình", Now, "ghi chú");
        Assert.NotNull(await service.AcknowledgeAsync(alert.Id, note));
        var kept = KeptAlerts.TryParse(LineOf(files.AfterPowerCut()))!;
        var group = Assert.Single(kept.Groups!);
        Assert.Equal(("ratio:fully_online", 1L, 1, alert.Id), (group.Key, group.Order, group.SentToday, Assert.Single(group.Told)));

        var next = await KillAsync(service, running);
        Assert.Equal([silence], next.Silences);
        Tick(next, PhoHien, good: 5);
        var after = Assert.Single(next.Alerts);
        Assert.Equal((alert.Id, alert.FiringSince, note), (after.Id, after.FiringSince, after.Acknowledged));
        Assert.Equal(["pending", "firing", "acknowledged"], next.History.Find(alert.Id).Select(static entry => entry.What));
        Assert.Equal(["silenced"], next.History.Find("ab").Select(static entry => entry.What));
        next.Dispose();
    }

    /// <summary>A file as it was written before alerts were told by cause: see alerts-of-november.json.</summary>
    [Fact]
    public async Task AFileOfBefore_IsTakenOver_NobodyIsToldAgain_AndTheEndIsTold()
    {
        var old = await File.ReadAllBytesAsync(Path.Combine(RepositoryRoot.Path, "tests/Ingest.Tests/Host/Serving/Alerts/alerts-of-november.json"));
        new StateNote(files, AlertKeeper.FileName).Write(old.AsSpan().TrimEnd("\n"u8));
        var told = new Told();
        judged = AlertSettings.DefaultBelowTarget;
        using var service = Open(files, told);
        for (var second = 0; second < 30; second++)
        {
            Assert.Equal("firing", Tick(service, PhoHien, good: 5));
        }

        Assert.Empty(told.All);
        Assert.Equal((1_752_000_000_000, 1_752_000_600_000), (service.Alerts[0].PendingSince, service.Alerts[0].FiringSince));
        Assert.Equal("resolved", AlertService.StateOf(service.Alerts[1].State));
        Tick(service, PhoHien, good: 100);
        var end = Assert.Single(told.All);
        Assert.Equal((NotificationReason.Resolved, 1L, PhoHien), (end.Reason, end.Order, Assert.Single(end.Alerts).Unit));
    }

    private static byte[] LineOf(MemoryFiles files) => new StateNote(files, AlertKeeper.FileName).TryRead(out var line) ? line : [];

    [Fact]
    public void AnAlert_IsSaidInBothLanguages_WithItsKindAndFigure()
    {
        var service = Open(files);
        var shown = service.Evaluate([new AlertReading(judged, PhoHien, 100, 10, 0.7, HasData: true)], Now)[0];
        Assert.Equal((AlertKind.Ratio, judged.Figure, "phường Phố Hiến"), (shown.Kind, shown.Figure, shown.UnitName));
        Assert.StartsWith("Tỷ lệ hồ sơ trực tuyến toàn trình ", shown.Text);
        Assert.StartsWith("Cases handled fully online ", shown.TextEn);
        Assert.EndsWith("below the target of 70 %", shown.TextEn);
        service.Dispose();
    }

    private static Task Run(AlertService service) => service.Keeper!.RunAsync();

    private static async Task StopAsync(AlertService service, Task running)
    {
        service.Keeper!.Complete();
        await running;
        service.Dispose();
    }

    /// <summary>A kill once what was handed over is written: an end writes nothing besides.</summary>
    private async Task<AlertService> KillAsync(AlertService service, Task running)
    {
        await StopAsync(service, running);
        return Open(files);
    }

    private AlertService Open(MemoryFiles on, INotificationOutlet? outlet = null) =>
        AlertService.Open(loaded, [judged], new AlertText(loaded.Rulebook, loaded.Units), new StateNote(on, AlertKeeper.FileName),
            new OperatorLog(said, time), time, folder.Path, outlet);

    /// <summary>A second passes, and a unit is judged.</summary>
    /// <returns>The state of its newest alert.</returns>
    private string Tick(AlertService service, string unit, long good)
    {
        time.Pass(TimeSpan.FromSeconds(1));
        return service.Evaluate([new AlertReading(judged, unit, 100, good, 0.7, HasData: true)], Now)[0].State;
    }

    private sealed class Told : INotificationOutlet
    {
        public List<AlertNotification> All { get; } = [];

        public Task OfferAsync(IReadOnlyList<AlertNotification> notifications)
        {
            All.AddRange(notifications);
            return Task.CompletedTask;
        }
    }
}
