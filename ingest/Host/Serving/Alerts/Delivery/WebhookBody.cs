using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// What a webhook receives: one JSON object per message. The keys up to <c>resolved_at</c> are those of the first form, about the worst of the alerts; those
/// behind them are about all. Keys are added and never taken away. Instants are local, to the millisecond.
/// </summary>
public sealed record WebhookBody
{
    private static readonly JsonSerializerOptions Form =
        new(DeliveryMessage.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>The deduplication key.</summary>
    public required string Id { get; init; }

    /// <summary>The whole of it on one line, in the channel's language.</summary>
    public required string Text { get; init; }

    /// <summary><c>firing</c>, <c>acknowledged</c>, <c>resolved</c>, or <c>inactive</c> for a test.</summary>
    public required string State { get; init; }

    /// <summary>The state before, as the first form has it.</summary>
    public required string Previous { get; init; }

    public required string At { get; init; }

    /// <summary><c>warning</c>, or <c>critical</c> when figures are wrong and not only bad.</summary>
    public required string Severity { get; init; }

    public required string Rule { get; init; }

    public required string Figure { get; init; }

    public required string FigureName { get; init; }

    public required string Period { get; init; }

    public required string Unit { get; init; }

    public required string UnitName { get; init; }

    public required long Denominator { get; init; }

    public required long? Numerator { get; init; }

    public required double? Threshold { get; init; }

    public required string PendingSince { get; init; }

    public required string? FiringSince { get; init; }

    public required string? ResolvedAt { get; init; }

    /// <summary>Grows with every message of an <see cref="Id"/>.</summary>
    public required long Number { get; init; }

    public required AlertGrade Grade { get; init; }

    public required AlertKind Kind { get; init; }

    public required string Cause { get; init; }

    /// <summary>How many alerts it is about.</summary>
    public required int Count { get; init; }

    /// <summary>The worst of them, at most five.</summary>
    public required IReadOnlyList<DeliveredAlert> Alerts { get; init; }

    /// <summary>The board's address where one reads on; null where it has none.</summary>
    public required string? Link { get; init; }

    public required MessageText Vi { get; init; }

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
