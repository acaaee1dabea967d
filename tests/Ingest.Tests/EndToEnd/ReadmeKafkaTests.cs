namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>README's commands for Kafka, with a real broker in the place of the one on the usual port.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ReadmeKafkaTests(OneBroker broker)
{
    [Fact]
    public async Task CommandLinesWithKafka_RunInOrderInAnEmptyFolder()
    {
        var node = broker.OrSkip();
        await ReadmeTests.RunAsync(
            block => block.Contains(ReadmeTests.Broker), line =>
                line.Replace(ReadmeTests.Broker, node.Bootstrap));
    }
}
