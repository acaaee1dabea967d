using System.Net;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>
/// A list of Kafka brokers as an operator writes it: <c>host:port</c> separated by commas, IPv6 addresses in brackets. The client takes anything, and then
/// waits for it.
/// </summary>
public static class BrokerList
{
    private const string Form = "brokers are written host:port, separated by commas, like kafka-1:9092,kafka-2:9092 or [::1]:9092";

    /// <summary>What is wrong with a list, in one sentence without its end; null when nothing is.</summary>
    public static string? FindMistake(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return $"is empty: {Form}";
        }

        return text.Split(',').Select(static broker => MistakeOf(broker.Trim())).FirstOrDefault(static mistake => mistake is not null);
    }

    private static string? MistakeOf(string broker)
    {
        if (broker.Length == 0)
        {
            return $"has an empty place between commas: {Form}";
        }

        var colon = broker.LastIndexOf(':');
        var (host, port) = colon < 0 ? (broker, "") : (broker[..colon], broker[(colon + 1)..]);
        if (host.Contains(':') && !IsBracketed(host))
        {
            return $"'{broker}' is no broker: an IPv6 address stands in brackets, like [::1]:9092";
        }

        if (host.Length == 0 || (!IsBracketed(host) && !IsName(host)))
        {
            return $"'{broker}' has no host: {Form}";
        }

        return colon < 0 ? $"'{broker}' has no port: {Form}"
            : int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= IPEndPoint.MaxPort ? null
            : $"'{broker}' has no port from 1 to {IPEndPoint.MaxPort}";
    }

    private static bool IsBracketed(string host) =>
        host is ['[', .. var address, ']'] && address.Contains(':') && IPAddress.TryParse(address, out _);

    private static bool IsName(string host) => host.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
