using Confluent.Kafka;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Tests.Kafka;

public sealed class ClientPropertiesTests
{
    [Theory]
    [InlineData("2097152")]
    [InlineData("8388608")]
    [InlineData("20000000")]
    public void GreatestMessageIsConfigured_FetchesHaveRoomForIt(string greatest)
    {
        var connection = new KafkaConnection("127.0.0.1:1", "cases") { Properties = new Dictionary<string, string> { ["message.max.bytes"] = greatest } };

        Assert.Null(ClientProperties.ForReader(connection, out var properties));

        using var client = new ConsumerBuilder<Ignore, Ignore>(properties).SetLogHandler(static (_, _) => { }).Build();
        Assert.Equal(greatest, properties["fetch.max.bytes"]);
    }

    [Fact]
    public void FetchIsConfigured_IsLeftAsItIs()
    {
        var configured = new Dictionary<string, string> { ["fetch.max.bytes"] = "4000000", ["message.max.bytes"] = "3000000" };

        Assert.Null(ClientProperties.ForReader(new KafkaConnection("127.0.0.1:1", "cases") { Properties = configured }, out var properties));

        Assert.Equal("4000000", properties["fetch.max.bytes"]);
    }
}
