using System.Net;

namespace KpiStream.Ingest.Host.Alerts;

/// <summary>How hard a webhook is tried. Pure decisions; <see cref="WebhookDelivery"/> carries them out.</summary>
public sealed record WebhookPolicy
{
    public static readonly WebhookPolicy Default = new();

    /// <summary>Messages waiting at once; when one more comes, the oldest is dropped and counted. 1,000 of about 1 KB each.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Tries per message: with the pauses below about two minutes, after which the next message has its turn.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>The pause after the first failure; each further pause is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a failed attempt, counted from 1.</summary>
    public TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt - 1, 20)));

    /// <summary>True when a later try may go better: the receiver is overloaded or broken, not refusing.</summary>
    public static bool IsWorthRetrying(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
}
