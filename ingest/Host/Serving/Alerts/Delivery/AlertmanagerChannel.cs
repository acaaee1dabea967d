using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Posts alerts to Prometheus Alertmanager (API v2). It forgets what is not sent again, so what fires is renewed with an end in the near future; an alert there
/// is its labels, so a message whose grade has changed ends the one before.
/// </summary>
internal sealed class AlertmanagerChannel(ChannelSettings settings, ChannelSecrets secrets, AddressPolicy addresses, TimeProvider time) : IAlertChannel
{
    /// <summary>The number of renewals in a row that may fail before an alert ends there, as Prometheus has it.</summary>
    private const int RenewalsMissed = 4;

    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly HttpClient client = OutboundHttp.Create(addresses, secrets.Authorities);

    public string Name => settings.Name;

    public string Address => settings.ToString();

    public int MostAtOnce => 64;

    public TimeSpan? RenewEvery => settings.ResendEvery;

    public Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var alerts = new JsonArray();
        foreach (var (message, before) in messages)
        {
            if (before is not null && LabelsOf(before).ToJsonString() != LabelsOf(message).ToJsonString())
            {
                alerts.Add(AlertOf(before, ends: now));
            }

            alerts.Add(AlertOf(message, EndOf(message, now)));
        }

        var request = Request(HttpMethod.Post, "api/v2/alerts");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(alerts.ToJsonString(DeliveryMessage.Json))) { Headers = { ContentType = JsonType } };
        return HttpAnswer.SendAsync(client, request, time, stop);
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        try
        {
            using var request = Request(HttpMethod.Get, "api/v2/status");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, stop);
            if (!response.IsSuccessStatusCode)
            {
                return new ProbeResult(SendOutcome.Misconfigured, $"answers HTTP {(int)response.StatusCode} to /api/v2/status: check the path of its url");
            }

            var status = JsonNode.Parse(await response.Content.ReadAsStringAsync(stop));
            return new ProbeResult(SendOutcome.Taken, $"is Alertmanager {status?["versionInfo"]?["version"]}");
        }
        catch (HttpRequestException error)
        {
            var (outcome, problem, _, _) = HttpAnswer.OfError(error);
            return new ProbeResult(outcome, problem);
        }
        catch (JsonException)
        {
            return new ProbeResult(SendOutcome.Misconfigured, "answers, but is no Alertmanager: check its url");
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>What is over ends when it was over, and a test now.</summary>
    private long EndOf(DeliveryMessage message, long now) => message.State switch
    {
        DeliveryState.Resolved => Math.Max(message.EndedAt ?? now, message.Since + 1),
        DeliveryState.Test => now,
        _ => now + (long)(RenewalsMissed * settings.ResendEvery.TotalMilliseconds),
    };

    private JsonObject AlertOf(DeliveryMessage message, long ends)
    {
        var text = message.Text(settings.Language);
        var annotations = new JsonObject
        {
            ["summary"] = text.Line,
            ["description"] = MessagePage.Text(message, settings.Language),
            ["state"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(message.State.ToString()),
            ["number"] = $"{message.Number}",
            ["count"] = $"{message.Count}",
        };
        var alert = new JsonObject
        {
            ["labels"] = LabelsOf(message),
            ["annotations"] = annotations,
            ["startsAt"] = Utc(Math.Min(message.Since, ends - 1)),
            ["endsAt"] = Utc(ends),
        };
        if (message.Link is { } link)
        {
            alert["generatorURL"] = link;
        }

        return alert;
    }

    /// <summary>What routes and silences there look at. An empty value would be no label.</summary>
    private static JsonObject LabelsOf(DeliveryMessage message)
    {
        var labels = new JsonObject
        {
            ["alertname"] = $"KpiStream{(message.State == DeliveryState.Test ? "Test" : message.Kind)}",
            ["key"] = message.Key,
            ["kind"] = AlertRule.TextOf(message.Kind),
            ["grade"] = message.Grade.ToString().ToLowerInvariant(),
            ["severity"] = message.Grade switch { AlertGrade.Critical => "critical", AlertGrade.Alarm => "error", AlertGrade.Watch => "warning", _ => "info" },
            ["cause"] = message.Cause,
        };
        if (message is { Count: 1, Alerts: [{ Unit.Length: > 0 } only] })
        {
            labels["unit"] = only.Unit;
        }

        return labels;
    }

    private static string Utc(long millis) => DateTimeOffset.FromUnixTimeMilliseconds(millis).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri($"{settings.Url!.AbsoluteUri.TrimEnd('/')}/{path}"));
        if (secrets.Header is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
