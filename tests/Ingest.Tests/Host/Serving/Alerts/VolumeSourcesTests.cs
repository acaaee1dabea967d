using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>Whose cases an alert about volume counts, from the events to the message.</summary>
public sealed class VolumeSourcesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task AMessageAboutFewCases_SaysOfWhichSourcesTheyAre_InTheOrderOffered()
    {
        var rulebook = Shipped.Rulebook();
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = rulebook, Directory = Shipped.Units("hungyen"), Shards = 2 });
        var intake = engine.OpenIntake("log");
        for (var number = 0; number < 12; number++)
        {
            // Three of them have moved to another system since.
            Tell(intake, number, "igate", "2026-11-25T09:00:00+07:00");
            if (number < 3)
            {
                Tell(intake, number, "botp", "2026-11-26T08:00:00+07:00");
            }
        }

        Tell(intake, 99, "igate", "2026-11-19T09:00:00+07:00"); // before the stretch
        intake.Flush();
        var alert = FewCases();
        var plain = alert with { Rule = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20 } };

        var got = new Recorded();
        var outlet = new SourcedOutlet(got, new VolumeSources(engine), TimeProvider.System);
        await Task.WhenAll(outlet.OfferAsync([Told(plain, 1)]), outlet.OfferAsync([Told(alert, 2)]), outlet.OfferAsync([Told(plain, 3)]));
        Assert.Equal([1, 2, 3], got.Told.Select(static told => told.Order));
        Assert.Equal([null, 2, null], got.Told.Select(static told => told.Alerts[0].Sources?.Count));
        Assert.Equal([new SourceShare("igate", 9), new SourceShare("botp", 3)], got.Told[1].Alerts[0].Sources!);

        var writer = new NotificationWriter(rulebook, Shipped.Units("hungyen"), null);
        var message = writer.Write(got.Told[1], got.Told[1].Alerts);
        Assert.Contains(new MessageFact("Hồ sơ theo nguồn", "igate 9 (75,0 %), botp 3 (25,0 %)"), message.Vi.Facts);
        Assert.Contains(new MessageFact("Cases by source", "igate 9 (75.0 %), botp 3 (25.0 %)"), message.En.Facts);
        var several = got.Told[1] with { Alerts = [.. got.Told[1].Alerts, alert with { Unit = "11977" }], Count = 2 };
        Assert.EndsWith("12 cases; igate 9 (75.0 %), botp 3 (25.0 %)", writer.Write(several, several.Alerts).En.Worst[0]);
    }

    [Fact]
    public async Task AnEngineThatIsBusy_IsWaitedForTenSeconds_ThenTheMessageGoesWithoutSources()
    {
        await using var engine = new StreamEngine(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 1 });
        using var release = new ManualResetEventSlim();
        var busy = engine.AskShardAsync(0, _ =>
        {
            release.Wait();
            return 0;
        });
        var (got, time) = (new Recorded(), new FakeTimeProvider(Now));
        var offered = new SourcedOutlet(got, new VolumeSources(engine), time).OfferAsync([Told(FewCases(), 1)]);

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(got.Told);
        time.Advance(TimeSpan.FromSeconds(1));
        await offered;
        Assert.Null(Assert.Single(got.Told).Alerts[0].Sources);
        release.Set();
        await busy;
    }

    private static Alert FewCases()
    {
        var rule = new LowVolumeRule { Figure = "arisen", FewerThan = 50, Since = new DateOnly(2026, 11, 20) };
        var reading = new AlertReading(rule, "11953", 12, null, null, HasData: true);
        var at = Now.ToUnixTimeMilliseconds();
        return new Alert(rule, "11953", AlertState.Firing, at, at, null, reading, IsMissing: false) { Evidence = rule.Evidence(reading, at) };
    }

    private static AlertNotification Told(Alert alert, long order) => new()
    {
        Key = alert.Cause,
        Order = order,
        Reason = NotificationReason.Fired,
        State = AlertState.Firing,
        Grade = alert.Rule.Grade,
        Cause = alert.Cause,
        Alerts = [alert],
        Count = 1,
        Most = 1,
        Since = alert.PendingSince,
        At = alert.PendingSince,
    };

    private static void Tell(Intake intake, int number, string source, string at) => intake.Accept(
        Encoding.UTF8.GetBytes($"{{\"source\":\"{source}\",\"case\":\"c{number}\",\"at\":\"{at}\",\"status\":1,\"receiving\":\"11953\""
            + (source == "igate" ? $",\"filed\":\"{at}\"" : "") + "}"),
        new SourcePosition(0, number + 1), Now.ToUnixTimeMilliseconds());

    private sealed class Recorded : INotificationOutlet
    {
        public List<AlertNotification> Told { get; } = [];

        public Task OfferAsync(IReadOnlyList<AlertNotification> notifications)
        {
            Told.AddRange(notifications);
            return Task.CompletedTask;
        }
    }
}
