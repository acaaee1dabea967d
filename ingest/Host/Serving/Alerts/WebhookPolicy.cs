using System.Net;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>How hard a webhook is tried. Pure decisions; <see cref="WebhookDelivery"/> carries them out.</summary>
public sealed record WebhookPolicy
{
    public static readonly WebhookPolicy Default = new();

    /// <summary>Tries of one message in a row while the receiver is broken; after them the next has its turn, and it waits at the end.</summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>Failures in a row after which it is said that alerts do not arrive.</summary>
    public int SaidAfter { get; init; } = 3;

    /// <summary>The pause after the first failure; each further pause is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a message waits that the receiver refused: what is wrong is in its address or its rules, and somebody has to see to it.</summary>
    public TimeSpan RefusedPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a failed attempt, counted from 1.</summary>
    public TimeSpan PauseAfter(int attempt) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempt - 1, 20)));

    /// <summary>True when the receiver is overloaded or broken, and not refusing: a try soon may go better.</summary>
    public static bool IsBroken(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests;
}
