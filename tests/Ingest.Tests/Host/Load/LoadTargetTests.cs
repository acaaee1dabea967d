using System.Text.Json.Nodes;
using KpiStream.Ingest.Tests.EndToEnd;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>Loads through a real broker and into the log of a running <c>serve</c>: everything arrives, and the figures are those of the recount.</summary>
[Collection(OneBroker.Name)]
public sealed class LoadTargetTests(OneBroker broker) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Category", "Kafka")]
    public async Task LoadThroughATopic_EqualsItsRecountAndATopicWithRecordsIsRefused()
    {
        var node = broker.OrSkip();
        string[] command = ["load", "run", "--generate", "3000", "--rate", "3k/s", "--to", $"kafka:load-{Guid.NewGuid():N}", "--bootstrap", node.Bootstrap,
            "--partitions", "8", "--report", folder.File("r.json")];

        var run = await CommandRun.OfAsync(command);

        AssertRight(run);
        var again = await CommandRun.OfAsync(command);
        Assert.Equal(4, again.ExitCode);
        Assert.Contains("holds records already", again.Errors);
    }

    [Fact]
    public async Task LoadIntoAServersLog_EqualsItsRecountAndALogWithEventsIsRefused()
    {
        await using var server = await LogServer.StartAsync(folder);
        var stranger = await CommandRun.OfAsync("load", "run", "--generate", "10", "--to", server.Serve.Url.ToString());
        Assert.Equal(4, stranger.ExitCode);
        Assert.Contains("takes events only with its API key (401): give --api-key FILE", stranger.Errors);
        await File.WriteAllTextAsync(folder.File("wrong.key"), new string('0', 64));
        var wrong = await CommandRun.OfAsync(
            "load", "run", "--generate", "10", "--to", server.Serve.Url.ToString(), "--api-key", folder.File("wrong.key"));
        Assert.Equal(4, wrong.ExitCode);
        Assert.Contains("does not take the API key (401)", wrong.Errors);
        string[] command = ["load", "run", "--generate", "3000", "--rate", "3k/s", "--to", server.Serve.Url.ToString(),
            "--api-key", folder.File("log/api.key"), "--report", folder.File("r.json")];

        var run = await CommandRun.OfAsync(command);

        AssertRight(run);
        var again = await CommandRun.OfAsync(command);
        Assert.Equal(4, again.ExitCode);
        Assert.Contains("holds 3,000 events already", again.Errors);
    }

    private void AssertRight(ProgramResult run)
    {
        Assert.True(File.Exists(folder.File("r.json")), run.Errors);
        var root = JsonNode.Parse(File.ReadAllText(folder.File("r.json")))!;
        Assert.True((string)root["verdict"]! is "ok" or "void", $"{root["reasons"]}\n{run.Errors}");
        Assert.Equal([3_000, 3_000, 3_000], new[] { "sent", "applied", "received" }.Select(key => (int)root[key]!));
        Assert.Equal("equal", (string)root["answer"]!["verdict"]!);
        Assert.Equal(3_000, (int)root["latencies"]!["received"]!["count"]!);
    }
}
