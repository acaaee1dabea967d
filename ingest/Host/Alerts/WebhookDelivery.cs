using System.Net.Http.Headers;
using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Host.Alerts;

/// <summary>
/// Posts alert messages one after another, in their order, retrying with growing pauses. <see cref="Offer"/> never waits.
/// At least once: an answer that is lost is followed by a repeat with the same id. What is waiting outlives a restart where an <see cref="AlertKeeper"/> keeps it.
/// </summary>
public sealed partial class WebhookDelivery : IDisposable
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    private readonly WebhookSettings settings;
    private readonly WebhookPolicy policy;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly MessageQueue queue;
    private readonly HttpClient client;
    private long delivered;
    private long dropped;
    private long failed;
    private long retried;

    public WebhookDelivery(WebhookSettings settings, WebhookPolicy policy, TimeProvider time, ILogger log)
    {
        this.settings = settings;
        this.policy = policy;
        this.time = time;
        this.log = log;
        queue = new MessageQueue(policy.MaxWaiting);

        // A redirect would carry the secret header to an address nobody configured.
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Messages the receiver took.</summary>
    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Messages dropped because too many were waiting.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Messages given up: refused, or tried too often.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Attempts that failed and were followed by another.</summary>
    public long Retried => Interlocked.Read(ref retried);

    /// <summary>Messages that the receiver has not taken and that are not given up, in their order. Any thread may look.</summary>
    public IReadOnlyList<AlertMessage> Waiting => queue.Messages;

    /// <summary>Called when a message is taken, or given up. Must not wait. Set before <see cref="RunAsync"/>.</summary>
    public Action Settled { get; set; } = static () => { };

    /// <summary>Puts a message into the queue; never waits, and drops the oldest when full.</summary>
    public void Offer(AlertMessage message)
    {
        if (!queue.Add(message))
        {
            Interlocked.Increment(ref dropped);
        }
    }

    /// <summary>Delivers until told to stop. Run once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await DeliverAsync(await queue.TakeAsync(stop), stop);
                queue.Settle();
                Settled();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop: what is waiting stays where it is.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        queue.Dispose();
    }

    private async Task DeliverAsync(AlertMessage message, CancellationToken stop)
    {
        var body = message.ToJson();
        for (var attempt = 1; ; attempt++)
        {
            var (isDone, trouble, mayRetry) = await TryPostAsync(body, stop);
            if (isDone)
            {
                Interlocked.Increment(ref delivered);
                return;
            }

            if (!mayRetry || attempt >= policy.MaxAttempts)
            {
                Interlocked.Increment(ref failed);
                LogGivenUp(settings.ToString(), attempt, trouble);
                return;
            }

            Interlocked.Increment(ref retried);
            await Task.Delay(policy.PauseAfter(attempt), time, stop);
        }
    }

    private async Task<(bool IsDone, string Trouble, bool MayRetry)> TryPostAsync(byte[] body, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(policy.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = JsonType;
        if (settings.HeaderName is { } name)
        {
            request.Headers.TryAddWithoutValidation(name, settings.HeaderValue);
        }

        try
        {
            // The answer's body is of no interest and is not read.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (response.IsSuccessStatusCode, $"HTTP {(int)response.StatusCode}", WebhookPolicy.IsWorthRetrying(response.StatusCode));
        }
        catch (HttpRequestException trouble)
        {
            return (false, trouble.HttpRequestError.ToString(), true);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, "no answer in time", true);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook at {Receiver} did not take an alert after {Attempts} attempts: {Trouble}. Check alerts.webhook in the settings.")]
    private partial void LogGivenUp(string receiver, int attempts, string trouble);
}
