using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Tests.Support;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>Replays a topic in a process of its own and says with which native client: a process loads one client once, so trying another takes another process.</summary>
public static class NativeSmoke
{
    public const string Word = "native-smoke";

    public static async Task<int> RunAsync(string bootstrap, string topic, string drain)
    {
        var sink = new CollectingSink();
        var source = new KafkaSource(new KafkaSourceOptions(new KafkaConnection(bootstrap, topic)) { Drain = Enum.Parse<KafkaDrain>(drain) });
        var end = await source.RunAsync(sink, CancellationToken.None);
        var arrivals = sink.Records.Select(static record => record.Arrival).DefaultIfEmpty().Min();
        Console.WriteLine($"{NativeClient.State.Message}\n{end.Kind} {end.Message}\n{string.Join(' ', sink.Texts)}\ntombstones {source.Tombstones} since {arrivals}");
        return 0;
    }
}
