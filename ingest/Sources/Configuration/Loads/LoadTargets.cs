namespace KpiStream.Ingest.Sources.Configuration.Loads;

/// <summary>What a load may be sent to.</summary>
public static class LoadTargets
{
    public const string Engine = "engine";

    public const string KafkaPrefix = "kafka:";

    public const string Known = "engine, kafka:TOPIC with --bootstrap, or the address of a server with a log, like http://localhost:8080";

    public static bool IsKafka(string target) => target.StartsWith(KafkaPrefix) && target.Length > KafkaPrefix.Length;

    public static bool IsWeb(string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    public static bool IsKnown(string target) => target == Engine || IsKafka(target) || IsWeb(target);

    /// <summary>Why a target is refused, and what can be given.</summary>
    public static string Refusal(string target) => $"'{target}' is no target; give {Known}";
}
