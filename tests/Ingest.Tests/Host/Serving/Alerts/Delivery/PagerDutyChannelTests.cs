using System.Globalization;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts.Delivery;
using Microsoft.AspNetCore.Http;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>Against a server that judges events as PagerDuty's documentation of the Events API v2 does: 202 for a sound one, 400 for any other.</summary>
public sealed class PagerDutyChannelTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private static readonly string[] Actions = ["trigger", "acknowledge", "resolve"];
    private static readonly string[] Severities = ["critical", "error", "warning", "info"];
    private static readonly string[] OfPayload = ["summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"];
    private static readonly string[] OfEvent = ["routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url"];

    [Fact]
    public async Task EachState_IsAnEventOfTheForm_UnderTheSameKey()
    {
        await using var server = await StartAsync();
        using var channel = Open(server);
        foreach (var state in new[] { DeliveryState.Firing, DeliveryState.Acknowledged, DeliveryState.Resolved, DeliveryState.Test })
        {
            Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(Samples.Message("ratio:fully_online", 1, state))], CancellationToken.None));
        }

        var events = (await server.NextAsync(4)).Select(static got => got.Json).ToList();
        Assert.Equal(["trigger", "acknowledge", "resolve", "trigger"], events.Select(static one => (string)one["event_action"]!));
        Assert.All(events, static one => Assert.Equal("ratio:fully_online", (string)one["dedup_key"]!));
        Assert.Equal(("error", "phường Phố Hiến"), ((string)events[0]["payload"]!["severity"]!, (string)events[0]["payload"]!["source"]!));
        Assert.Equal("phường Phố Hiến", (string)events[0]["payload"]!["custom_details"]!["Đơn vị"]!);
    }

    [Theory]
    [InlineData(AlertGrade.Report, "info")]
    [InlineData(AlertGrade.Watch, "warning")]
    [InlineData(AlertGrade.Alarm, "error")]
    [InlineData(AlertGrade.Critical, "critical")]
    public async Task LongTexts_AreCutToTheForm_AndGradesMapped(AlertGrade grade, string severity)
    {
        await using var server = await StartAsync();
        using var channel = Open(server);
        var message = Samples.Message(new string('k', 300), grade: grade);
        message = message with { Vi = message.Vi with { Line = string.Concat(Enumerable.Repeat("🙂", 600)) } };
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(message)], CancellationToken.None));
        Assert.Equal(SendResult.Taken, await channel.SendAsync([new Outbound(message with { Key = new string('k', 299) + "l" })], CancellationToken.None));
        var (one, other) = (await server.NextAsync(), await server.NextAsync());
        Assert.NotEqual((string)one.Json["dedup_key"]!, (string)other.Json["dedup_key"]!);
        Assert.Equal(severity, (string)one.Json["payload"]!["severity"]!);
    }

    [Fact]
    public async Task AnAcknowledgement_IsSentAtOnce_AndToNobodyElse()
    {
        await using var pager = await StartAsync();
        await using var hook = await HttpReceiver.StartAsync(static _ => 200);
        var rule = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, Grade = AlertGrade.Critical };
        var settings = Settings.Default with
        {
            Alerts = Samples.Local with { Channels = [SettingsOf(pager), Samples.Webhook(hook.Url)] },
        };
        var loaded = new LoadedSettings(settings, Shipped.Rulebook(), Shipped.Units("hungyen"), ProfileSet.Empty);
        var log = new OperatorLog(TextWriter.Null, TimeProvider.System);
        await using var delivery = AlertDelivery.Open(loaded, null, null, DeliveryPolicy.Default, TimeProvider.System, log)!;
        using var service = AlertService.Open(
            loaded, [rule], new AlertText(loaded.Rulebook, loaded.Units), null, log, TimeProvider.System, outlet: delivery);
        await Task.WhenAll(delivery.Channels.Select(static channel => channel.StartAsync(CancellationToken.None)));

        var now = Samples.Morning;
        IReadOnlyList<AlertReading> bad = [new AlertReading(rule, "11953", 100, 5, 0.7, HasData: true)];
        service.Evaluate(bad, now);
        Assert.Equal("trigger", (string)(await pager.NextAsync()).Json["event_action"]!);
        await hook.NextAsync();
        Assert.NotNull(await service.AcknowledgeAsync(service.Alerts[0].Id, new Acknowledgement("An", now, "")));
        service.Evaluate(bad, now += 1_000);
        Assert.Equal("acknowledge", (string)(await pager.NextAsync()).Json["event_action"]!);
        service.Evaluate(bad, now += 1_000);
        service.Evaluate([bad[0] with { Numerator = 90 }], now + 1_000);
        Assert.Equal("resolve", (string)(await pager.NextAsync()).Json["event_action"]!);
        Assert.Equal("resolved", (string)(await hook.NextAsync()).Json["state"]!);
        await Task.WhenAll(delivery.Channels.Select(static channel => channel.StopAsync(CancellationToken.None)));
    }

    /// <summary>The server does refuse: a channel with a key of the wrong length gets 400.</summary>
    [Fact]
    public async Task AWrongRoutingKey_IsRejectedWithAReason()
    {
        await using var server = await StartAsync();
        using var channel = Open(server, "short");
        var result = await channel.SendAsync([new Outbound(Samples.Message("a"))], CancellationToken.None);
        Assert.Equal((SendOutcome.Rejected, "http_400"), (result.Outcome, result.Reason));
    }

    private static IAlertChannel Open(HttpReceiver server, string key = Key) => Samples.Open(SettingsOf(server, key));

    private static ChannelSettings SettingsOf(HttpReceiver server, string key = Key)
    {
        const string variable = "KPISTREAM_TEST_ROUTING_KEY";
        Environment.SetEnvironmentVariable(variable, key);
        return new ChannelSettings { Name = "pager", Type = ChannelType.PagerDuty, Url = server.Url, Secret = new SecretSource { Variable = variable } };
    }

    private static Task<HttpReceiver> StartAsync() => HttpReceiver.StartAsync(static async (context, got, _) =>
    {
        var errors = Errors(got).ToList();
        context.Response.StatusCode = errors.Count == 0 ? 202 : 400;
        await context.Response.WriteAsync(errors.Count == 0 ? """{"status":"success","message":"Event processed"}""" : string.Join(' ', errors));
    });

    private static IEnumerable<string> Errors(HttpReceiver.Received got)
    {
        var posted = got.Json.AsObject();
        if (posted.Any(static one => !OfEvent.Contains(one.Key)))
        {
            yield return "unknown key";
        }

        if (posted["routing_key"] is not JsonValue routing || ((string)routing!).Length != 32)
        {
            yield return "routing_key";
        }

        if ((string?)posted["event_action"] is not { } action || !Actions.Contains(action))
        {
            yield return "event_action";
            yield break;
        }

        if (Length(posted["dedup_key"]) is < 1 or > 255)
        {
            yield return "dedup_key";
        }

        if (action == "trigger")
        {
            foreach (var error in Errors(posted["payload"]?.AsObject()))
            {
                yield return error;
            }
        }

        if (posted["links"] is JsonArray links && links.Any(static link => !Uri.TryCreate((string?)link!["href"], UriKind.Absolute, out _)))
        {
            yield return "links";
        }
    }

    private static IEnumerable<string> Errors(JsonObject? payload)
    {
        if (payload is null)
        {
            yield return "payload";
            yield break;
        }

        if (payload.Any(static one => !OfPayload.Contains(one.Key)))
        {
            yield return "unknown key of payload";
        }

        if (Length(payload["summary"]) is < 1 or > 1_024 || ((string)payload["summary"]!).Any(char.IsControl) || HasHalf((string)payload["summary"]!))
        {
            yield return "summary";
        }

        if (Length(payload["source"]) < 1)
        {
            yield return "source";
        }

        if (!Severities.Contains((string?)payload["severity"]))
        {
            yield return "severity";
        }

        if (!DateTimeOffset.TryParse((string?)payload["timestamp"], CultureInfo.InvariantCulture, out _))
        {
            yield return "timestamp";
        }

        if (payload["custom_details"] is not JsonObject)
        {
            yield return "custom_details";
        }
    }

    private static int Length(JsonNode? text) => ((string?)text)?.Length ?? 0;

    private static bool HasHalf(string text) => text.EnumerateRunes().Any(static rune => rune.Value == 0xFFFD);
}
