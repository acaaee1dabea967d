using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>Checks the settings' Kafka properties by the client's own list of them, which the reader of the settings does not have.</summary>
internal static class KafkaSettingsCheck
{
    /// <summary>Adds what is wrong to the problems.</summary>
    /// <returns>True when nothing is.</returns>
    public static bool Check(KafkaSettings kafka, string file, ICollection<ConfigProblem> problems)
    {
        var before = problems.Count;
        foreach (var (name, value) in kafka.Properties)
        {
            if (ClientPropertyCheck.FindMistake(name, value) is { } mistake)
            {
                problems.Add(new ConfigProblem(file, kafka.PropertyLines.GetValueOrDefault(name), $"kafka.properties.{name}", mistake));
            }
        }

        return problems.Count == before;
    }
}
