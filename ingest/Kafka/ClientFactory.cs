using System.Diagnostics.CodeAnalysis;

namespace KpiStream.Ingest.Kafka;

/// <summary>Makes a client of settings that it may not like.</summary>
internal static class ClientFactory
{
    /// <summary>Makes a consumer or a producer; false when it refuses its settings.</summary>
    /// <param name="make">Builds it.</param>
    /// <param name="client">To be disposed of by the caller.</param>
    /// <param name="error">What it does not like, in its own words; otherwise empty.</param>
    public static bool TryMake<TClient>(Func<TClient> make, [NotNullWhen(true)] out TClient? client, out string error)
        where TClient : class, IClient
    {
        try
        {
            client = make();
            error = "";
            return true;
        }
        catch (Exception refusal) when (refusal is InvalidOperationException or ArgumentException or KafkaException)
        {
            // The client's only way of saying that it does not know a property or a value.
            client = null;
            error = refusal.Message;
            return false;
        }
    }
}
