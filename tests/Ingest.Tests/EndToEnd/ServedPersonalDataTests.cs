using System.Text;
using System.Text.Json.Nodes;
using KpiStream.Ingest.Tests.Kafka;
using KpiStream.Tests.Support;
using KpiStream.Tests.Support.Canaries;
using KpiStream.Tests.Support.Kafka;
using KpiStream.Tests.Support.Program;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Planted citizens on a topic, JSON and MessagePack, valid and malformed, appear in no answer, page, stream, log line or file of <c>serve</c>.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class ServedPersonalDataTests(OneBroker broker, ITestOutputHelper output)
{
    private static readonly int Events = LongRuns.Scale(20_000);

    private static readonly string[] Addresses =
    [
        "/", "/board", "/board?unit=11956", "/api/v1/board", "/api/v1/alerts", "/api/v1/units", "/api/v1/units?q=", "/api/v1/figures?period=30d", "/api/v1/figures?period=day&on=2025-07-16",
        "/api/v1/figures?period=month&on=2025-07-16", "/api/v1/figures?kpi=fully_online&unit=11956&period=since:2025-07-01", "/api/v1/explain", "/health/live", "/health/ready", "/metrics",
        "/openapi.json",
    ];

    [Fact]
    public async Task PlantedCitizens_AppearInNothingThatIsServed()
    {
        if (broker.OrSay(output) is not { } node)
        {
            return;
        }

        using var work = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 2);
        topic.Put(0, Enumerable.Range(1, Events / 2).Select(CanaryRecords.Json));
        topic.Put(1, Enumerable.Range(1, Events / 2).Select(CanaryRecords.Packed));
        await using var serve = await ServeProcess.OverTopicAsync(work, node.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        var frame = await serve.UntilAsync("/api/v1/board", board => (long)board["trust"]!["events"]! >= Events, KpiStreamProgram.Limit);

        var answers = await AnswersAsync(serve);
        answers.Add(string.Join('\n', (await EventFeed.ReadAsync(serve.Http, messages => messages.Count >= 2)).Select(message => message.Body.ToJsonString())));
        await serve.TerminateAsync();
        output.WriteLine($"{answers.Sum(answer => answer.Length)} characters of answers; trust {frame["trust"]!.ToJsonString()}");
        Assert.InRange(answers.Sum(answer => answer.Length), 100_000, int.MaxValue);
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(string.Join('\n', answers))));
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(serve.ToString())));
        Assert.Empty(CanarySearch.InFiles(work.Path));
        AssertBothKinds(frame["trust"]!);
    }

    /// <summary>Whatever is answered, headers included; an address that is not there yet answers too.</summary>
    private static async Task<List<string>> AnswersAsync(ServeProcess serve)
    {
        var answers = new List<string>();
        foreach (var address in Addresses)
        {
            using var answer = await serve.Http.GetAsync(address);
            answers.Add($"{address} {(int)answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}\n{await answer.Content.ReadAsStringAsync()}");
        }

        return answers;
    }

    /// <summary>Half of each partition is valid and says the same as the other's, so a quarter of all are duplicates, a quarter changed something, and half were rejected.</summary>
    private static void AssertBothKinds(JsonNode trust)
    {
        Assert.Equal(Events, (long)trust["events"]!);
        Assert.InRange((long)trust["duplicates"]!, Events * 2 / 9, Events * 2 / 7);
    }
}
