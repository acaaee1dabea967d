using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>What a run leaves to the next one about its alerts.</summary>
/// <param name="Alerts">What the alert engine knew.</param>
/// <param name="Waiting">What the webhook had not taken yet, in its order.</param>
public sealed record KeptAlerts(IReadOnlyList<RememberedAlert> Alerts, IReadOnlyList<AlertMessage> Waiting)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AlertMessage.Json);

    /// <summary>Null when it is no such thing.</summary>
    public static KeptAlerts? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptAlerts>(json, AlertMessage.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
