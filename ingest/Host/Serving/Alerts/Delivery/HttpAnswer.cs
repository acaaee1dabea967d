using System.Net;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>What an HTTP answer says about a message.</summary>
internal static class HttpAnswer
{
    /// <summary>Sends a request and judges what comes back. Of the answer's body nothing is read.</summary>
    public static async Task<SendResult> SendAsync(HttpClient client, HttpRequestMessage request, TimeProvider time, CancellationToken stop)
    {
        try
        {
            using (request)
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                return Judge(response.StatusCode, RetryAfter(response, time));
            }
        }
        catch (HttpRequestException error)
        {
            return OfError(error);
        }
    }

    /// <summary>Of an attempt that came to no answer.</summary>
    public static SendResult OfError(HttpRequestException error) => error.InnerException is RefusedAddressException refused
        ? SendResult.Misconfigured(refused.Message)
        : SendResult.Broken(error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its name cannot be resolved",
            HttpRequestError.ConnectionError => "it cannot be reached",
            HttpRequestError.SecureConnectionError => "no secure connection to it can be made; check its certificate",
            var other => $"it gives no proper answer ({other})",
        });

    /// <summary>
    /// A status is about the receiver (try again), about the address or the credentials (somebody has to see to the settings; nothing is lost meanwhile), or
    /// about the message (no try will go better).
    /// </summary>
    public static SendResult Judge(HttpStatusCode status, TimeSpan? retryAfter = null)
    {
        var (code, problem) = ((int)status, $"HTTP {(int)status}");
        return code switch
        {
            >= 200 and < 300 => SendResult.Taken,
            >= 500 or 408 or 425 or 429 => SendResult.Broken(problem, retryAfter),
            < 400 or 401 or 403 or 404 or 405 or 407 or 410 or 421 or 426 => SendResult.Misconfigured(problem),
            _ => new SendResult(SendOutcome.Rejected, problem, $"http_{code}"),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - time.GetUtcNow() is var pause && pause > TimeSpan.Zero ? pause : TimeSpan.Zero,
        _ => null,
    };
}
