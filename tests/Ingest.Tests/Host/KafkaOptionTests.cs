namespace KpiStream.Ingest.Tests.Host;

/// <summary>What is wrong with the way to Kafka is said before anything is tried.</summary>
public sealed class KafkaOptionTests
{
    [Theory]
    [InlineData("--bootstrap '127.0.0.1:99999' has no port from 1 to 65535", "replay", "kafka:cases", "--bootstrap", "127.0.0.1:99999")]
    [InlineData("--bootstrap is empty", "replay", "kafka:cases", "--bootstrap", "")]
    [InlineData("did you mean 'security.protocol'?", "serve", "--kafka", "securty.protocol=ssl")]
    public async Task MistakeOnTheCommandLine_IsUsage(string said, params string[] arguments)
    {
        var result = await CommandRun.OfAsync(arguments);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(said, result.Errors);
    }

    [Fact]
    public async Task MistakesInTheSettings_AreConfiguration_AndAllNamed()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), "kafka:\n  properties:\n    securty.protocol: SASL_SSL\n    acks: perhaps\n");
        var result = await KpiStreamProcess.RunInAsync(folder.Path, "check-config");

        Assert.Equal(ExitCode.Configuration, result.ExitCode);
        Assert.Contains("kpistream.yaml:3: kafka.properties.securty.protocol: the Kafka client has no property 'securty.protocol'; did you mean "
            + "'security.protocol'?", result.Errors);
        Assert.Contains("kpistream.yaml:4: kafka.properties.acks: the Kafka client does not take that value for 'acks'", result.Errors);
        Assert.Equal("", result.Text);
    }
}
