namespace KpiStream.Ingest.Tests.Sources.Configuration;

public sealed class BrokerListTests
{
    [Theory]
    [InlineData("localhost:9092")]
    [InlineData("kafka-1.example.vn:9092, kafka_2:65535")]
    [InlineData("127.0.0.1:1,[::1]:9092")]
    public void ListOfHostsAndPorts_IsTaken(string text) => Assert.Null(BrokerList.FindMistake(text));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("  ", "is empty")]
    [InlineData("127.0.0.1:99999", "no port from 1 to 65535")]
    [InlineData("127.0.0.1:0", "no port from 1 to 65535")]
    [InlineData("kafka:-1", "no port from 1 to 65535")]
    [InlineData("kafka:9092x", "no port from 1 to 65535")]
    [InlineData("kafka:", "no port from 1 to 65535")]
    [InlineData("kafka", "has no port")]
    [InlineData(":9092", "has no host")]
    [InlineData("kafka:9092,", "empty place")]
    [InlineData("kafka:9092,,b:1", "empty place")]
    [InlineData("::1:9092", "stands in brackets")]
    [InlineData("[::1]", "stands in brackets")]
    [InlineData("[kafka]:9092", "has no host")]
    [InlineData("http://kafka:9092", "stands in brackets")]
    [InlineData("a b:9092", "has no host")]
    public void Mistake_IsNamed(string text, string expected) => Assert.Contains(expected, BrokerList.FindMistake(text)!);
}
