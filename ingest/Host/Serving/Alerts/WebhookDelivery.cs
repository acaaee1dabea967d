using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// Posts alert messages one after another, in their order, until the receiver has taken them: none is given up. <see cref="Offer"/> never waits, and a newer
/// message takes the place of an older one about the same rule and unit. At least once: an answer that is lost is followed by a repeat with the same id.
/// What is waiting outlives a restart where an <see cref="AlertKeeper"/> keeps it.
/// </summary>
public sealed partial class WebhookDelivery : BackgroundService
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json", "utf-8");

    private readonly WebhookSettings settings;
    private readonly WebhookPolicy policy;
    private readonly ILogger log;
    private readonly MessageQueue queue;
    private readonly HttpClient client;
    private readonly ResiliencePipeline<PostOutcome> retries;
    private readonly ResiliencePipeline patience;
    private long delivered;
    private long refused;
    private long replaced;
    private long retried;
    private readonly StandingError failure = new();

    public WebhookDelivery(WebhookSettings settings, WebhookPolicy policy, TimeProvider time, ILogger log)
    {
        this.settings = settings;
        this.policy = policy;
        this.log = log;
        queue = new MessageQueue(time);
        patience = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(policy.Timeout).Build();
        retries = new ResiliencePipelineBuilder<PostOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<PostOutcome>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome is { Exception: null, Result.IsDone: false }),
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(policy.PauseAfter(attempt.AttemptNumber + 1)),
                OnRetry = attempt => PutBack(attempt.Outcome.Result, attempt.AttemptNumber + 1),
            })
            .Build();

        client = CreateClient();
        client.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>A client that follows no redirect: it would carry the secret header to an address nobody configured.</summary>
    internal static HttpClient CreateClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false });

    internal static HttpContent ContentOf(AlertMessage message) => new ByteArrayContent(message.ToJson()) { Headers = { ContentType = JsonType } };

    public long Delivered => Interlocked.Read(ref delivered);

    /// <summary>Attempts that the receiver refused (HTTP 3xx and 4xx but 408, 425 and 429); the message is tried again after a long pause.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Messages that a newer one about the same rule and unit took the place of before they were delivered.</summary>
    public long Replaced => Interlocked.Read(ref replaced);

    /// <summary>What is wrong with the receiver, in a few words; empty while nothing is.</summary>
    public string Error => failure.Text;

    /// <summary>For readiness: what is wrong with the receiver, and what waits for it; empty while nothing is.</summary>
    public string Undelivered =>
        Error is { Length: > 0 } problem ? $"{WaitingCount} alerts are not delivered: the webhook at {settings} does not take them ({problem}); check "
            + $"alerts.webhook and the receiver" : "";

    public int WaitingCount => queue.Count;

    /// <summary>How long the longest waiting has waited.</summary>
    public TimeSpan OldestAge => queue.OldestAge;

    /// <summary>Attempts that failed because the receiver was broken or could not be reached.</summary>
    public long Retried => Interlocked.Read(ref retried);

    /// <summary>Messages that the receiver has not taken, in their order. Any thread may look.</summary>
    public IReadOnlyList<AlertMessage> Waiting => queue.Messages;

    /// <summary>Called when a message is taken. Must not wait. Set before <see cref="RunAsync"/>.</summary>
    public Action Settled { get; set; } = static () => { };

    /// <summary>Puts a message into the queue; never waits.</summary>
    public void Offer(AlertMessage message)
    {
        if (!queue.Add(message))
        {
            Interlocked.Increment(ref replaced);
        }
    }

    /// <summary>Delivers until told to stop. Run once.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await retries.ExecuteAsync(TryNextAsync, stop);
                Interlocked.Increment(ref delivered);
                queue.Settle();
                Settled();
                if (failure.Ends())
                {
                    LogRecovered(settings.ToString(), queue.Count);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop: what is waiting stays where it is.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        client.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async ValueTask<PostOutcome> TryNextAsync(CancellationToken stop)
    {
        var message = await queue.TakeAsync(stop);
        return await TryPostAsync(ContentOf(message), stop);
    }

    /// <summary>What becomes of a message that was not taken, before the pause that follows.</summary>
    /// <param name="outcome">Why.</param>
    /// <param name="failures">Failures in a row, of whatever message.</param>
    private ValueTask PutBack(PostOutcome outcome, int failures)
    {
        var (_, problem, isBroken) = outcome;
        Interlocked.Increment(ref isBroken ? ref retried : ref refused);
        if ((!isBroken || failures >= policy.SaidAfter) && failure.Begins(problem))
        {
            LogError(settings.ToString(), problem, queue.Count);
        }

        // A broken receiver is tried again with the same message; after too many tries, or when it refuses just this one, the others get their turn.
        queue.PutBack(!isBroken ? policy.RefusedPause : failures % policy.MaxAttempts == 0 ? policy.LongestPause : TimeSpan.Zero);
        return ValueTask.CompletedTask;
    }

    private async Task<PostOutcome> TryPostAsync(HttpContent content, CancellationToken stop)
    {
        using var request = settings.Request(HttpMethod.Post);
        request.Content = content;
        try
        {
            // The answer's body is of no interest and is not read.
            using var response = await patience.ExecuteAsync(
                async limit => await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), stop);
            return new PostOutcome(response.IsSuccessStatusCode, $"HTTP {(int)response.StatusCode}", WebhookPolicy.IsBroken(response.StatusCode));
        }
        catch (HttpRequestException error)
        {
            return new PostOutcome(false, error.HttpRequestError.ToString(), true);
        }
        catch (TimeoutRejectedException)
        {
            return new PostOutcome(false, "no answer in time", true);
        }
    }

    private readonly record struct PostOutcome(bool IsDone, string Problem, bool IsBroken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook at {Receiver} does not take alerts: {Problem}. {Waiting} wait and are tried again; "
        + "check alerts.webhook in the settings and the receiver.")]
    private partial void LogError(string receiver, string problem, int waiting);

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook at {Receiver} takes alerts again; {Waiting} wait.")]
    private partial void LogRecovered(string receiver, int waiting);
}
