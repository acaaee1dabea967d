using System.Diagnostics;
using System.Globalization;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Tests.Support.Kafka;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Ingest.Tests.Kafka;

[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
public class NativeClientTests(OneBroker fixture, ITestOutputHelper output)
{
    [Fact]
    public void ThisProcess_HasAClient()
    {
        output.WriteLine(NativeClient.State.Message);
        Assert.True(NativeClient.State.Loaded, NativeClient.State.Message);
        Assert.StartsWith("librdkafka ", NativeClient.State.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KafkaDrain.Batched)]
    [InlineData(KafkaDrain.Stock)]
    public async Task SystemsClient_Replays(KafkaDrain drain)
    {
        if (fixture.OrSay(output) is { } broker)
        {
            await AssertReplays(broker, "", drain);
        }
    }

    [Theory]
    [InlineData(KafkaDrain.Batched)]
    [InlineData(KafkaDrain.Stock)]
    public async Task RecentClient_Replays(KafkaDrain drain)
    {
        if (fixture.OrSay(output) is not { } broker)
        {
            return;
        }

        if (KafkaBroker.FindRecentClient() is not { } recent)
        {
            NotRun.Say(output, "no recent native client: shared/librdkafka/librdkafka.so.1 not found");
            return;
        }

        await AssertReplays(broker, recent, drain);
    }

    [Fact]
    public async Task NamedClientIsNotThere_SaysWhatToDo()
    {
        var said = await RunAsync("no-such-library.so", "127.0.0.1:1", "cases", KafkaDrain.Batched);

        Assert.Contains("Unavailable", said, StringComparison.Ordinal);
        Assert.Contains("'no-such-library.so'", said, StringComparison.Ordinal);
        Assert.Contains("apt-get install librdkafka1", said, StringComparison.Ordinal);
    }

    private async Task AssertReplays(KafkaBroker broker, string library, KafkaDrain drain)
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 2);
        topic.Put(0, ["a", "b"]);
        await topic.PutAsync(0, null);
        topic.PutInTransaction(1, commit: true, "c");
        topic.PutInTransaction(1, commit: false, "x");
        var said = await RunAsync(library, broker.Bootstrap, topic.Name, drain);

        Assert.Matches(@"librdkafka \d+\.\d+\.\d+", said);
        Assert.Contains("Finished", said, StringComparison.Ordinal);
        Assert.Contains("a b c", said, StringComparison.Ordinal);
        Assert.Contains("tombstones 1 since ", said, StringComparison.Ordinal);
        Assert.InRange(long.Parse(said[(said.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), before, before + 600_000);
    }

    private async Task<string> RunAsync(string library, string bootstrap, string topic, KafkaDrain drain)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in (string[])[typeof(NativeSmoke).Assembly.Location, NativeSmoke.Word, bootstrap, topic, drain.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        // An empty value is as good as none.
        start.Environment[NativeClient.PathVariable] = library;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Reading.Limit);
        var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        output.WriteLine(said);
        return said;
    }
}
