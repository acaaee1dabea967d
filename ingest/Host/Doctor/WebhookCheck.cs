using System.Net;
using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The receiver of alerts: its name resolves, it can be reached and it answers. No alert is sent unless a test alert was asked for.</summary>
internal static class WebhookCheck
{
    /// <summary>The option that asks for a test alert.</summary>
    public const string TestOption = "--send-test-alert";

    private const string Check = "webhook";

    public static async Task<Finding> LookAsync(WebhookSettings webhook, bool sendsTest, TimeProvider time, CancellationToken stop)
    {
        using var client = WebhookDelivery.CreateClient();
        client.Timeout = WebhookPolicy.Default.Timeout;
        using var request = webhook.Request(sendsTest ? HttpMethod.Post : HttpMethod.Head);
        request.Content = sendsTest ? WebhookDelivery.ContentOf(AlertMessage.Test(time.GetUtcNow())) : null;
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return sendsTest ? OfTest(webhook, response.StatusCode) : Of(webhook, response.StatusCode);
        }
        catch (HttpRequestException error)
        {
            return Dead(webhook, error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its name cannot be resolved",
                HttpRequestError.ConnectionError => "it cannot be reached",
                HttpRequestError.SecureConnectionError => "no secure connection to it can be made; check its certificate",
                var other => $"it gives no proper answer ({other})",
            });
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Dead(webhook, $"it does not answer within {WebhookPolicy.Default.Timeout.TotalSeconds:0} s");
        }
    }

    private static Finding Of(WebhookSettings webhook, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            Finding.Warning(Check, $"{webhook} answers and refuses (HTTP {(int)status}): check alerts.webhook.header in the settings."),
        HttpStatusCode.NotFound or HttpStatusCode.Gone =>
            Finding.Warning(Check, $"{webhook} answers HTTP {(int)status}: check the path of alerts.webhook.url, or try it with {TestOption}."),
        HttpStatusCode.NotImplemented or < HttpStatusCode.MultipleChoices or HttpStatusCode.MethodNotAllowed =>
            Finding.Ok(Check, $"{webhook} answers; whether it takes alerts is tried by {TestOption}"),
        < HttpStatusCode.BadRequest =>
            Finding.Warning(Check, $"{webhook} answers HTTP {(int)status} and leads elsewhere, where no alert is sent: give the address that takes them."),
        _ => Finding.Warning(Check, $"{webhook} answers HTTP {(int)status} to a question without an alert: see to it, or try it with {TestOption}."),
    };

    private static Finding OfTest(WebhookSettings webhook, HttpStatusCode status) => (int)status is >= 200 and < 300
        ? Finding.Ok(Check, $"{webhook} took a test alert (HTTP {(int)status})")
        : Finding.Problem(Check, $"{webhook} does not take alerts (HTTP {(int)status} to a test alert): check alerts.webhook in the settings and the "
            + "receiver.", ExitCode.Unavailable);

    private static Finding Dead(WebhookSettings webhook, string why) =>
        Finding.Problem(Check, $"alerts do not reach {webhook}: {why}. Check alerts.webhook.url in the settings, the network and the receiver.",
            ExitCode.Unavailable);
}
