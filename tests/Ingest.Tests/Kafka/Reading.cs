namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Reads a topic in a test, with a limit on everything.</summary>
internal static class Reading
{
    // A test ends long before on an idle machine; starting a broker on a busy one takes most of a minute.
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>A replay from start to end.</summary>
    public static async Task<(SourceEnd End, CollectingSink Sink, KafkaSource Source)> ReplayAsync(
        KafkaConnection connection, Func<KafkaSourceOptions, KafkaSourceOptions>? change = null)
    {
        var options = new KafkaSourceOptions(connection) { GiveUpAfter = TimeSpan.FromSeconds(20) };
        var source = new KafkaSource(change is null ? options : change(options));
        var sink = new CollectingSink();
        var end = await source.RunAsync(sink, CancellationToken.None).WaitAsync(Limit);
        return (end, sink, source);
    }

    public static KafkaConnection With(this KafkaConnection connection, params (string Name, string Value)[] properties) =>
        connection with { Properties = properties.ToDictionary(static pair => pair.Name, static pair => pair.Value) };
}
