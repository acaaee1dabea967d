using System.Text.Json.Nodes;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>
/// Messages that were given up, whole and with the reason, one JSON object a line (<c>alerts-undelivered.ndjson</c> in the state folder), the newest within a
/// size. Owned by the thread that writes the outbox. Alerts name no persons.
/// </summary>
internal sealed class UndeliveredFile(string path, TimeProvider time) : IDisposable
{
    public const string FileName = "alerts-undelivered.ndjson";

    private const long MostBytes = 8 << 20;

    private readonly RollingFile file = new(path, MostBytes, time, [.. "{\"given_up_at\":\""u8]);

    public void Write(string channel, string reason, DeliveryMessage message, DateTimeOffset now)
    {
        var line = new JsonObject
        {
            ["given_up_at"] = InstantText.ToLocalMillis(now.ToUnixTimeMilliseconds()),
            ["channel"] = channel,
            ["reason"] = reason,
            ["message"] = JsonSerializer.SerializeToNode(message, DeliveryMessage.Json),
        };
        file.TryWrite([.. Encoding.UTF8.GetBytes(line.ToJsonString(DeliveryMessage.Json)), (byte)'\n']);
    }

    public void Dispose() => file.Dispose();
}
