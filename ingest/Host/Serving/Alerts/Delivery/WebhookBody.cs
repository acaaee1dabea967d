using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// What a webhook receives: one JSON object per message. The keys of the first form are about the worst of the alerts; those behind them are about all. Keys
/// are added and never taken away.
/// </summary>
public sealed record WebhookBody : AlertMessage
{
    /// <summary>Without an order, keys of a base come behind those of what derives from it.</summary>
    private const int Behind = 1;

    private static readonly JsonSerializerOptions Form =
        new(DeliveryMessage.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>Grows with every message of an <see cref="AlertMessage.Id"/>.</summary>
    [JsonPropertyOrder(Behind)]
    public required long Number { get; init; }

    [JsonPropertyOrder(Behind)]
    public required AlertGrade Grade { get; init; }

    [JsonPropertyOrder(Behind)]
    public required AlertKind Kind { get; init; }

    [JsonPropertyOrder(Behind)]
    public required string Cause { get; init; }

    /// <summary>How many alerts it is about.</summary>
    [JsonPropertyOrder(Behind)]
    public required int Count { get; init; }

    /// <summary>The worst of them, at most five.</summary>
    [JsonPropertyOrder(Behind)]
    public required IReadOnlyList<DeliveredAlert> Alerts { get; init; }

    /// <summary>The board's address where one reads on; null where it has none.</summary>
    [JsonPropertyOrder(Behind)]
    public required string? Link { get; init; }

    [JsonPropertyOrder(Behind)]
    public required MessageText Vi { get; init; }

    [JsonPropertyOrder(Behind)]
    public required MessageText En { get; init; }

    public static byte[] Of(DeliveryMessage message, MessageLanguage language)
    {
        var worst = message.Alerts is [var first, ..] ? first : null;
        var since = InstantText.ToLocalMillis(message.Since);
        return JsonSerializer.SerializeToUtf8Bytes(new WebhookBody
        {
            Id = message.Key,
            Text = message.Text(language).Line,
            State = message.State == DeliveryState.Test ? "inactive" : JsonNamingPolicy.SnakeCaseLower.ConvertName(message.State.ToString()),
            Previous = message.State switch { DeliveryState.Firing => "pending", DeliveryState.Test => "inactive", _ => "firing" },
            At = InstantText.ToLocalMillis(message.At),
            Severity = message.Grade == AlertGrade.Critical ? "critical" : "warning",
            Rule = worst?.Rule ?? "test",
            Figure = worst?.Figure ?? "",
            FigureName = worst?.FigureName ?? "",
            Period = worst?.Period ?? "",
            Unit = worst?.Unit ?? "",
            UnitName = worst?.UnitName ?? "",
            Denominator = worst?.Denominator ?? 0,
            Numerator = worst?.Numerator,
            Threshold = worst?.Threshold,
            PendingSince = worst is null ? since : InstantText.ToLocalMillis(worst.PendingSince),
            FiringSince = message.State == DeliveryState.Test ? null : since,
            ResolvedAt = message.EndedAt is { } ended ? InstantText.ToLocalMillis(ended) : null,
            Number = message.Number,
            Grade = message.Grade,
            Kind = message.Kind,
            Cause = message.Cause,
            Count = message.Count,
            Alerts = message.Alerts,
            Link = message.Link,
            Vi = message.Vi,
            En = message.En,
        }, Form);
    }
}
