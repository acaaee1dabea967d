using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>
/// A message about one alert as the first form of the webhook has it, and as earlier versions kept it in <c>alerts.json</c>. Instants are local, to the
/// millisecond.
/// </summary>
public record AlertMessage
{
    /// <summary>How messages are written and read: Vietnamese stays readable, and nothing may be missing.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The same for every message about the same alert, so that a receiver can join firing and resolved, and drop a repeat.</summary>
    public required string Id { get; init; }

    /// <summary>The whole of it on one line, in the receiver's language.</summary>
    public required string Text { get; init; }

    /// <summary><c>pending</c>, <c>firing</c>, <c>acknowledged</c>, <c>resolved</c>, or <c>inactive</c> for a test.</summary>
    public required string State { get; init; }

    /// <summary>The state before.</summary>
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

    /// <summary>Null for a volume.</summary>
    public required long? Numerator { get; init; }

    /// <summary>The count below which volume is low, or the target ratio (0–1); null when none is in force.</summary>
    public required double? Threshold { get; init; }

    public required string PendingSince { get; init; }

    public required string? FiringSince { get; init; }

    public required string? ResolvedAt { get; init; }
}
