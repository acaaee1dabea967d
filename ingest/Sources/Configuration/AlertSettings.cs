using KpiStream.Engine.Alerts;
using KpiStream.Engine.Windowing;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>What rings, and whom it tells.</summary>
public sealed record AlertSettings
{
    /// <summary>Communes where fewer than 50 cases had arisen by 15 July 2025 (letter of July 2025), at once.</summary>
    public static readonly LowVolumeRule DefaultLowVolume =
        new() { Figure = "arisen", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = new DateOnly(2025, 7, 15) };

    /// <summary>The fully-online ratio of 30 days below its target for 10 minutes, from 20 cases on.</summary>
    public static readonly BelowTargetRule DefaultBelowTarget =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, HoldMillis = 10 * 60_000 };

    /// <summary>Null when the rule is switched off.</summary>
    public LowVolumeRule? LowVolume { get; init; } = DefaultLowVolume;

    public IReadOnlyList<BelowTargetRule> BelowTarget { get; init; } = [DefaultBelowTarget];

    /// <summary>Null when nobody is told.</summary>
    public WebhookSettings? Webhook { get; init; }

    public IReadOnlyList<AlertRule> Rules => LowVolume is null ? [.. BelowTarget] : [LowVolume, .. BelowTarget];
}

/// <summary>Where alerts are posted.</summary>
/// <param name="Url">http or https.</param>
/// <param name="HeaderName">A header sent along, as for authentication; null for none.</param>
/// <param name="HeaderValue">Its value, a secret.</param>
public sealed record WebhookSettings(Uri Url, string? HeaderName, string? HeaderValue)
{
    /// <summary>A request to it, with its header.</summary>
    public HttpRequestMessage Request(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, Url);
        if (HeaderName is { } name)
        {
            request.Headers.TryAddWithoutValidation(name, HeaderValue);
        }

        return request;
    }

    /// <summary>Without path, query and header, any of which may hold a secret.</summary>
    public override string ToString() => $"{Url.Scheme}://{Url.Authority}";
}
