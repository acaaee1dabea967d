using KpiStream.Ingest.Tests.Host;
using KpiStream.Ingest.Tests.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>README's commands for Kafka, with a real broker in the place of the one on the usual port.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ReadmeKafkaTests(OneBroker broker, ITestOutputHelper output)
{
    [Fact]
    public async Task CommandLinesWithKafka_RunInOrderInAnEmptyFolder()
    {
        if (broker.OrSay(output) is { } node)
        {
            await ReadmeTests.RunAsync(
                block => block.Contains(ReadmeTests.Broker, StringComparison.Ordinal), line =>
                    line.Replace(ReadmeTests.Broker, node.Bootstrap, StringComparison.Ordinal));
        }
    }
}
