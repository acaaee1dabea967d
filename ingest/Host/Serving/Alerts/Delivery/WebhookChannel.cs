using System.Net;
using System.Net.Http.Headers;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>Posts each message as a JSON object (<see cref="WebhookBody"/>), signed where there is a secret (<see cref="WebhookSignature"/>).</summary>
internal sealed class WebhookChannel(ChannelSettings settings, ChannelSecrets secrets, AddressPolicy addresses, TimeProvider time) : IAlertChannel
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    private readonly HttpClient client = OutboundHttp.Create(addresses, secrets.Authorities);

    public string Name => settings.Name;

    public string Address => settings.ToString();

    public Task<SendResult> SendAsync(IReadOnlyList<Outbound> messages, CancellationToken stop)
    {
        var message = messages[0].Message;
        var body = WebhookBody.Of(message, settings.Language);
        var request = Request(HttpMethod.Post);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = JsonType } };
        request.Headers.TryAddWithoutValidation(WebhookSignature.KeyHeader, HeaderForm(message.Key));
        request.Headers.TryAddWithoutValidation(WebhookSignature.NumberHeader, $"{message.Number}");
        WebhookSignature.Sign(request, secrets.Secret, body, time.GetUtcNow());
        return HttpAnswer.SendAsync(client, request, time, stop);
    }

    /// <summary>Asks for the address without a message; many receivers answer that with a refusal of the method, which says that they are there.</summary>
    public async Task<ProbeResult> ProbeAsync(CancellationToken stop)
    {
        HttpStatusCode status;
        try
        {
            using var request = Request(HttpMethod.Head);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            status = response.StatusCode;
        }
        catch (HttpRequestException error)
        {
            var (outcome, problem, _, _) = HttpAnswer.OfError(error);
            return new ProbeResult(outcome, problem);
        }

        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new(SendOutcome.Misconfigured, $"answers and refuses (HTTP {(int)status}): check its header in the settings"),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(SendOutcome.Misconfigured, $"answers HTTP {(int)status}: check the path of its url"),
            HttpStatusCode.NotImplemented or < HttpStatusCode.MultipleChoices or HttpStatusCode.MethodNotAllowed => new(SendOutcome.Taken, "answers"),
            < HttpStatusCode.BadRequest =>
                new(SendOutcome.Misconfigured, $"answers HTTP {(int)status} and leads elsewhere, where no message is sent: give the address that takes them"),
            _ => new(SendOutcome.Misconfigured, $"answers HTTP {(int)status} to a question without a message"),
        };
    }

    public void Dispose() => client.Dispose();

    /// <summary>A unit code of the stream may hold anything, and a header only ASCII.</summary>
    private static string HeaderForm(string key) => Uri.EscapeDataString(key).Replace("%2F", "/").Replace("%3A", ":");

    private HttpRequestMessage Request(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, settings.Url);
        if (secrets.Header is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
