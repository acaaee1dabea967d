using System.Buffers;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads the <c>dead_letters</c> section. <c>file: none</c> switches the file off.</summary>
public static class DeadLetterSettingsYaml
{
    private const string None = "none";
    private const int LeastBytes = 1 << 20;
    private const int LongestTopic = 249; // Kafka's own bound, as is the alphabet
    private static readonly SearchValues<char> TopicCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is wrong with letters going to the topic that is read.</summary>
    public const string SameTopic = "must be another topic than the one that is read: each letter would be rejected and give another letter";

    internal static DeadLetterSettings Read(YamlSection? section, string readTopic)
    {
        var letters = new DeadLetterSettings();
        if (section is null)
        {
            return letters;
        }

        var file = section.Text("file");
        letters = letters with
        {
            ToFile = file != None,
            File = file == None ? null : file,
            MaxBytes = section.Integer("max_bytes", LeastBytes, int.MaxValue) ?? letters.MaxBytes,
            Topic = ReadTopic(section, readTopic),
        };
        section.Close();
        return letters;
    }

    private static string? ReadTopic(YamlSection section, string readTopic)
    {
        if (section.Text("topic") is not { } topic)
        {
            return null;
        }

        if (topic.Length > LongestTopic || topic is "." or ".." || topic.AsSpan().ContainsAnyExcept(TopicCharacters))
        {
            section.Report("topic", $"must be a Kafka topic: 1 to {LongestTopic} of a-z, A-Z, 0-9, '.', '_' and '-', not '{topic}'");
        }
        else if (topic == readTopic)
        {
            section.Report("topic", $"'{topic}' {SameTopic}");
        }

        return topic;
    }
}
