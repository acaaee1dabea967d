using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>What a run leaves to the next one about its alerts.</summary>
/// <param name="Alerts">What the alert engine knew.</param>
/// <param name="Waiting">What the webhook of an earlier version had not taken yet, in its order; what is to be delivered is in the outbox now.</param>
public sealed record KeptAlerts(IReadOnlyList<RememberedAlert> Alerts, IReadOnlyList<AlertMessage> Waiting)
{
    private static readonly JsonSerializerOptions Format = new(AlertMessage.Json)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // nothing that a rule states may keep the rest from being kept
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The silences in force; none in files of before there were any.</summary>
    public IReadOnlyList<Silence> Silences { get; init; } = [];

    /// <summary>What was told of each cause; null in files of before alerts were told by cause.</summary>
    public IReadOnlyList<RememberedGroup>? Groups { get; init; }

    /// <summary>The newest tick judged; null in files of before ticks were kept.</summary>
    public long? JudgedAt { get; init; }

    /// <summary>All that the life of alerts needs.</summary>
    [JsonIgnore]
    public RememberedLife Life => new(Alerts, Silences, Groups) { JudgedAt = JudgedAt };

    public static KeptAlerts Of(RememberedLife life) =>
        new(life.Alerts, []) { Silences = life.Silences, Groups = life.Groups, JudgedAt = life.JudgedAt };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <summary>Null when it is no such thing.</summary>
    public static KeptAlerts? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptAlerts>(json, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
