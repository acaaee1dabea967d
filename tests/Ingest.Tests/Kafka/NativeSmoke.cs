using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Tests.Support;

namespace KpiStream.Ingest.Tests.Kafka;

/// <summary>
/// What this test program does when it is run by itself: replays a topic and says with which native client. A process loads one
/// client once, so trying another takes another process.
/// </summary>
public static class NativeSmoke
{
    public const string Word = "native-smoke";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Word, var bootstrap, var topic, var drain])
        {
            await Console.Error.WriteLineAsync($"usage: {Word} BOOTSTRAP TOPIC DRAIN (the tests themselves are run by dotnet test)");
            return 2;
        }

        var sink = new CollectingSink();
        var source = new KafkaSource(new KafkaSourceOptions(new KafkaConnection(bootstrap, topic)) { Drain = Enum.Parse<KafkaDrain>(drain) });
        var end = await source.RunAsync(sink, CancellationToken.None);
        var arrivals = sink.Records.Min(static record => record.Arrival);
        Console.WriteLine($"{NativeClient.State.Message}\n{end.Kind} {end.Message}\n{string.Join(' ', sink.Texts)}\ntombstones {source.Tombstones} since {arrivals}");
        return 0;
    }
}
