using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Host;

/// <summary><c>generate</c> to brokers that do not answer, told to stop.</summary>
public sealed class GenerateStopTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ToABrokerThatDoesNotAnswer_TheSignalEndsItPromptly(bool listens)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        if (!listens)
        {
            silent.Stop();
        }

        using var folder = new TemporaryFolder();
        await using var program = KpiStreamProcess.StartIn(
            folder.Path, "generate", "--events", "100", "--out", "kafka:cases", "--bootstrap", $"127.0.0.1:{port}", "--kafka", "debug=broker");
        await program.UntilSaidAsync(said => said.Contains($"{port}") ? said : null);
        var told = Stopwatch.StartNew();
        program.Signal("TERM");
        var end = await program.ExitAsync();
        output.WriteLine($"{told.Elapsed.TotalSeconds:0.0} s: {end.Errors}");
        Assert.Equal(1, end.ExitCode);
        Assert.Contains("Stopped before anything was produced", end.Errors);
        Assert.InRange(told.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
