using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>Posts messages in the form of PagerDuty's Events API v2, which other services take too: trigger, acknowledge, resolve.</summary>
internal sealed class PagerDutyChannel(ChannelSettings settings, ChannelSecrets secrets, AddressPolicy addresses, TimeProvider time) : IAlertChannel
{
    private const int LongestKey = 255;
    private const int LongestSummary = 1_024;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly HttpClient client = OutboundHttp.Create(addresses, secrets.Authorities);

    public string Name => settings.Name;

    public string Address => settings.ToString();

    public Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop)
    {
        var body = EventOf(messages[0].Message).ToJsonString(DeliveryMessage.Json);
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = JsonType } },
        };
        return HttpAnswer.SendAsync(client, request, time, stop);
    }

    /// <summary>Whether it can be reached: it says nothing of itself, and of a routing key only when an event comes.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, settings.Url);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return new ProbeResult(SendOutcome.Taken, "answers");
        }
        catch (HttpRequestException error)
        {
            var (outcome, problem, _, _) = HttpAnswer.OfError(error);
            return new ProbeResult(outcome, problem);
        }
    }

    public void Dispose() => client.Dispose();

    private JsonObject EventOf(DeliveryMessage message)
    {
        var posted = new JsonObject
        {
            ["routing_key"] = secrets.Secret[0],
            ["event_action"] = message.State switch { DeliveryState.Resolved => "resolve", DeliveryState.Acknowledged => "acknowledge", _ => "trigger" },
            ["dedup_key"] = KeyOf(message.Key),
        };
        if (message.State is DeliveryState.Firing or DeliveryState.Test)
        {
            posted["payload"] = PayloadOf(message);
            posted["client"] = "KpiStream";
            if (message.Link is { } link)
            {
                posted["client_url"] = link;
                posted["links"] = new JsonArray(new JsonObject { ["href"] = link, ["text"] = message.Text(settings.Language).Subject });
            }
        }

        return posted;
    }

    private JsonObject PayloadOf(DeliveryMessage message)
    {
        var text = message.Text(settings.Language);
        var details = new JsonObject { ["number"] = message.Number, ["count"] = message.Count };
        foreach (var (label, value) in text.Facts)
        {
            details[label] = value;
        }

        for (var i = 0; i < text.Worst.Count; i++)
        {
            details[$"{i + 1}"] = text.Worst[i];
        }

        details[settings.Language == MessageLanguage.Vi ? "Việc cần làm" : "What to do"] = string.Join(' ', text.Advice);
        return new JsonObject
        {
            ["summary"] = Cut(text.Line, LongestSummary),
            ["source"] = message is { Count: 1, Alerts: [{ UnitName.Length: > 0 } only] } ? only.UnitName : "KpiStream",
            ["severity"] = message.Grade switch { AlertGrade.Critical => "critical", AlertGrade.Alarm => "error", AlertGrade.Watch => "warning", _ => "info" },
            ["timestamp"] = InstantText.ToLocalMillis(message.Since),
            ["component"] = message.Cause,
            ["group"] = AlertRule.TextOf(message.Kind),
            ["class"] = message.Alerts is [{ Rule: var rule }, ..] ? rule : "test",
            ["custom_details"] = details,
        };
    }

    /// <summary>A longer key is cut and told from others by its hash.</summary>
    private static string KeyOf(string key) =>
        key.Length <= LongestKey ? key : $"{Cut(key, LongestKey - 33)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]}";

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
