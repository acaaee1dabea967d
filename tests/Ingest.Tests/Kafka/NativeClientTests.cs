using System.Diagnostics;
using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class NativeClientTests(OneBroker fixture, ITestOutputHelper output)
{
    /// <summary>Nothing of the system's is needed, and our own calls have not loaded a second copy.</summary>
    [Fact]
    public void ThisProcess_HasTheOneClientThatCameWithIt()
    {
        output.WriteLine(NativeClient.State.Message);
        Assert.True(NativeClient.State.Loaded, NativeClient.State.Message);
        Assert.StartsWith("librdkafka 2.", NativeClient.State.Message);
        using var process = Process.GetCurrentProcess();
        var client = Assert.Single(process.Modules.Cast<ProcessModule>(), static module => module.ModuleName.Contains("librdkafka"));
        Assert.StartsWith(AppContext.BaseDirectory, client.FileName);
    }

    [Theory]
    [InlineData(KafkaDrain.Batched)]
    [InlineData(KafkaDrain.Stock)]
    public async Task EveryKindOfRecord_IsReplayedByEitherDrain(KafkaDrain drain)
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var topic = await fixture.TopicAsync(2);
        topic.Put(0, ["a", "b"]);
        await topic.PutAsync(0, null);
        topic.PutInTransaction(1, commit: true, "c");
        topic.PutInTransaction(1, commit: false, "x");
        var sink = new CollectingSink();
        var source = new KafkaSource(new KafkaSourceOptions(topic.Connection) { Drain = drain });

        var end = await source.RunAsync(sink, CancellationToken.None);

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(["a", "b", "c"], sink.Texts);
        Assert.Equal(1, source.Tombstones);
        Assert.InRange(sink.Records.Min(static record => record.Arrival), before, before + 600_000);
    }
}
