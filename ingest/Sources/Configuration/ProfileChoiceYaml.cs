using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads one entry of the settings' <c>profiles</c>.</summary>
internal static class ProfileChoiceYaml
{
    private const int MaxSourceBytes = 32;

    public static ProfileChoice Read(YamlSection section)
    {
        var choice = new ProfileChoice(section.Text("topic"), section.Text("source"), section.RequiredText("profile") ?? "");
        if (choice.Topic is null == choice.Source is null)
        {
            section.Report("topic", "give either topic, a Kafka topic whose records are all of this form, or source, what the records' key 'source' says");
        }

        if (choice.Source is { } source && Encoding.UTF8.GetByteCount(source) > MaxSourceBytes)
        {
            section.Report("source", $"must have 1 to {MaxSourceBytes} bytes");
        }

        section.Close();
        return choice;
    }
}
