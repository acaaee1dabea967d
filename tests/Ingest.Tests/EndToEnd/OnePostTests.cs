using KpiStream.Ingest.Host.Plans;
using KpiStream.Ingest.Tests.Host.Serving.Alerts;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>One post with many communes below target: nothing flickers, somebody is told once, and all of it outlives a kill.</summary>
public sealed class OnePostTests
{
    private const int Communes = 12;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OneBatch_IsOneMessage_NoAlertFlickers_AndAKillForgetsNothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 204);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $$"""
            alerts:
              low_volume: none
              below_target:
                - {figure: fully_online, period: 24h, min_count: 20, hold: 0}
              webhook: {url: "{{receiver.Url}}"}
            """);
        var communes = Shipped.Units("hungyen").Rows.Where(static row => row.IsCommune && row.ValidTo is null).Select(static row => row.Code).ToList();
        var (bad, good) = (communes.Take(Communes).ToList(), communes.Skip(Communes).Take(Communes).ToList());
        string id;
        await using (var server = await LogServer.StartAsync(folder, "--state", "state"))
        {
            await server.PostAsync(Batch("begin", [communes[^1]], 1, 1));
            await server.Serve.UntilAsync("/api/v1/board", static board => (bool)board["caughtUp"]!, Limit);

            // Of the communes that are well in the end, the batch begins with everything that speaks against them.
            Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(Batch("one", [.. bad, .. good], 25, 0) + Batch("two", good, 0, 200))).Status);
            var fired = JsonNode.Parse((await receiver.NextAsync()).Body)!;
            Assert.Equal("firing", (string)fired["state"]!);
            Assert.StartsWith($"CẢNH BÁO: {Communes} đơn vị: tỷ lệ dưới chỉ tiêu", (string)fired["text"]!);
            id = (string)fired["id"]!;
            var alerts = RatiosOf(await server.Serve.GetAsync("/api/v1/alerts"));
            Assert.Equal(bad.Order(), alerts.Select(static alert => (string)alert["unit"]!).Order());
            foreach (var alert in alerts)
            {
                var history = (await server.Serve.GetAsync((string)alert["history"]!))["history"]!.AsArray();
                Assert.Equal(("firing", "inactive"), Assert.Single(history) is { } only ? ((string)only["what"]!, (string)only["from"]!) : default);
            }

            await AcknowledgeAsync(server, (string)alerts[0]["id"]!);
            await server.Serve.KillAsync();
            await MustBeExplainedAsync(folder, (string)alerts[0]["id"]!, "--log", "log", "--state", "state");
        }

        await using var next = await LogServer.StartAsync(folder, "--state", "state");
        var after = await next.Serve.UntilAsync("/api/v1/alerts", static list => RatiosOf(list).Count == Communes, Limit);
        Assert.Contains(RatiosOf(after), static alert => (string?)alert["acknowledged"]?["note"] == "đã gọi");
        await next.PostAsync(Batch("three", bad, 0, 400));
        JsonNode over;
        do
        {
            over = JsonNode.Parse((await receiver.NextAsync()).Body)!;
        }
        while ((string)over["id"]! != id);
        Assert.Equal("resolved", (string)over["state"]!);
    }

    /// <summary><c>alerts explain</c> with the options of <c>serve</c> finds what it decided to be what its log says.</summary>
    internal static async Task MustBeExplainedAsync(TemporaryFolder folder, string alert, params string[] options)
    {
        var explained = await KpiStreamProcess.RunInAsync(folder.Path, ["alerts", "explain", alert, .. options]);
        Assert.True(explained.ExitCode == ExitCode.Ok, $"{explained.Text}\n{explained.Errors}");
        Assert.Matches("inactive -> firing  equal\n(.*\n)*equal: all 1 decisions", explained.Text);
    }

    /// <summary>Without what is said of the source, which may begin to be judged at any moment.</summary>
    private static List<JsonNode> RatiosOf(JsonNode list) =>
        [.. list.AsArray().Select(static alert => alert!).Where(static alert => (string)alert["kind"]! == "ratio")];

    private static async Task AcknowledgeAsync(LogServer server, string id)
    {
        using var body = new StringContent("""{"by": "An", "note": "đã gọi"}""", Encoding.UTF8, "application/json");
        using var answer = await server.Serve.Http.PostAsync($"/api/v1/alerts/{id}/acknowledge", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string Batch(string name, IReadOnlyList<string> units, int counter, int online)
    {
        var (lines, now) = (new StringBuilder(), DateTimeOffset.UtcNow);
        foreach (var unit in units)
        {
            for (var number = 0; number < counter + online; number++)
            {
                var code = $"{name}-{unit}-{number}";
                lines.Append(CaseLines.Accepted(code, unit, now)).Append('\n')
                    .Append(number < counter ? CaseLines.DoneAtTheCounter(code, now) : CaseLines.DoneOnline(code, now)).Append('\n');
            }
        }

        return lines.ToString();
    }
}
