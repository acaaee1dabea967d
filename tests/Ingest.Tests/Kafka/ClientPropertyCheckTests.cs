using KpiStream.Ingest.Kafka.Native;

namespace KpiStream.Ingest.Tests.Kafka;

public sealed class ClientPropertyCheckTests
{
    [Theory]
    [InlineData("securty.protocol", "SASL_SSL", "security.protocol")]
    [InlineData("ssl.ca.locaton", "/tmp/ca.pem", "ssl.ca.location")]
    [InlineData("sasl.mechanisme", "PLAIN", "sasl.mechanism")]
    public void UnknownName_IsRefusedWithTheNearest(string name, string value, string nearest)
    {
        var mistake = ClientPropertyCheck.FindMistake(name, value)!;

        Assert.Contains($"no property '{name}'", mistake);
        Assert.Contains($"did you mean '{nearest}'?", mistake);
    }

    [Fact]
    public void ValueThatIsNotTaken_IsRefused_WithoutShowingIt()
    {
        var mistake = ClientPropertyCheck.FindMistake("security.protocol", "hunter2")!;

        Assert.Contains("'security.protocol'", mistake);
        Assert.DoesNotContain("hunter2", mistake);
    }

    [Theory]
    [InlineData("security.protocol", "SASL_SSL")]
    [InlineData("sasl.username", "kpistream")]
    [InlineData("topic.metadata.refresh.interval.ms", "1000")]
    [InlineData("acks", "all")]
    [InlineData("dotnet.cancellation.delay.max.ms", "100")]
    public void PropertyOfTheClientOrItsTopics_IsTaken(string name, string value) => Assert.Null(ClientPropertyCheck.FindMistake(name, value));
}
