using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Kafka.Native;

/// <summary>Asks the native client whether it knows a property and takes its value, without making a client.</summary>
public static unsafe class ClientPropertyCheck
{
    private const int Unknown = -2;
    private const int MostReason = 512;

    // Of the package and not of the native client.
    private const string PackagePrefix = "dotnet.";

    /// <summary>What is wrong with a property, in one sentence without its end and without the value, which may be a secret; null when nothing is.</summary>
    public static string? FindMistake(string name, string value)
    {
        if (name.StartsWith(PackagePrefix) || !NativeClient.State.Loaded)
        {
            return null;
        }

        return TrySet(name, value) switch
        {
            0 => null,
            Unknown => $"the Kafka client has no property '{name}'{(Suggestion.Nearest(name, Names()).TrimEnd() is { Length: > 0 } meant ? $"; {meant}" : "")}",
            _ => $"the Kafka client does not take that value for '{name}'",
        };
    }

    private static int TrySet(string name, string value)
    {
        var properties = Librdkafka.NewProperties();
        var reason = stackalloc byte[MostReason];
        var result = Librdkafka.SetProperty(properties, name, value, reason, MostReason);
        Librdkafka.ReleaseProperties(properties);
        return result;
    }

    // The package's typed settings are made from the native client's list: SslCaLocation is ssl.ca.location.
    private static IReadOnlyList<string> Names() =>
        [.. typeof(ConsumerConfig).GetProperties().Concat(typeof(ProducerConfig).GetProperties()).Select(static property => Dotted(property.Name))
            .Distinct()];

    private static string Dotted(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "." : "").Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
