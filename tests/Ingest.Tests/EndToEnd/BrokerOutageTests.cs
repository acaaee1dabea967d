using KpiStream.Ingest.Tests.Host.Wallboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary><c>serve</c> while its broker is away: the wall says so, and resumes by itself afterwards with right figures.</summary>
[Collection(OneBroker.OfSources)]
[Trait("Category", "Kafka")]
[Trait("Category", "Browser")]
public sealed class BrokerOutageTests(WallboardBrowser browser) : IClassFixture<WallboardBrowser>
{
    private const string PhoHien = "11953";
    private static readonly TimeSpan LossNoticedWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReturnNoticedWithin = KpiStreamProcess.Limit;

    [Fact]
    [Fault("broker lost", "the only broker is killed under `serve`", "the board says so, its figures are marked old, nothing is judged")]
    [Fault("broker restarted", "the killed broker is started again and the topic grows",
        "the board resumes by itself; its figures are those of a replay of the topic")]
    public async Task BrokerKilledAndRestarted_BoardSaysItAndGoesOnWithRightFigures()
    {
        var broker = await OneBroker.MortalAsync();
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, partitions: 2);
        await PutAsync(topic, 0, 20);
        await using var serve = await ServeProcess.OverTopicAsync(folder, broker.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        var live = await LivePage.OpenAsync(browser, serve.Url, []);
        await PutAsync(topic, 20, 30);
        await live.UntilHandledAsync(30, ReturnNoticedWithin);
        await ExpectFeedAsync(live, "live", ReturnNoticedWithin);
        await topic.AddPartitionsAsync(3);

        await broker.KillAsync(1);
        await ExpectFeedAsync(live, "stale", LossNoticedWithin);
        await Expect(live.Page.Locator(".banner").First).ToContainTextAsync("mất kết nối Kafka");
        await Expect(live.Page.Locator("#hero-state")).ToHaveTextAsync("Số liệu cũ, không đánh giá");
        var board = await serve.GetAsync("/api/v1/board");
        Assert.True((bool)board["stale"]!);
        Assert.Equal("mất kết nối Kafka, đang thử lại", (string)board["sourceState"]!);
        Assert.All(await FiguresAsync(serve, "year"), figure => Assert.Equal("no_data", (string)figure["state"]!));
        Assert.Equal(200, await serve.StatusOfAsync("/health/live"));

        await broker.RestartAsync(1);
        await PutAsync(topic, 30, 50); // without new events it rightly stays stale: the last ones may be too long ago by now
        await ExpectFeedAsync(live, "live", ReturnNoticedWithin);

        // Added partitions are looked for every 30 s.
        await topic.PutAsync(2, CaseLines.Accepted("late-partition", PhoHien, DateTimeOffset.UtcNow));
        await topic.PutAsync(2, CaseLines.DoneOnline("late-partition", DateTimeOffset.UtcNow));
        await live.UntilHandledAsync(51, ReturnNoticedWithin);
        Assert.True(await live.IsSameDocumentAsync(), "the page was loaded again");
        await CompareAsync(serve, folder, broker, topic);
        Assert.Equal(0, (await serve.TerminateAsync()).ExitCode);
    }

    [Fact]
    [Fault("broker down at start", "`serve` is started over a broker that is not there",
        "it lives, is not ready, says so on the board and shows no figure; SIGTERM ends it with 0 within 10 s")]
    public async Task BrokerAway_LiveButNotReadyAndSigtermStillEndsWell()
    {
        using var folder = new TemporaryFolder();
        await using var serve = await ServeProcess.OverTopicAsync(folder, "127.0.0.1:1", "cases");
        await serve.UntilAsync("/api/v1/board", board => ((string)board["sourceState"]!)
            .Contains("kết nối Kafka"), LossNoticedWithin);
        Assert.Equal(200, await serve.StatusOfAsync("/health/live"));
        Assert.Equal(503, await serve.StatusOfAsync("/health/ready"));
        var board = await serve.GetAsync("/api/v1/board");
        Assert.True((bool)board["stale"]!);
        Assert.False((bool)board["caughtUp"]!);
        Assert.Equal("no_data", (string)board["headline"]!["fully_online"]!["s"]!);
        var (exit, took) = await serve.TerminateAsync();
        Assert.Equal(0, exit);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static Task ExpectFeedAsync(LivePage live, string state, TimeSpan within) =>
        Expect(live.Page.Locator("body")).ToHaveAttributeAsync("data-feed", state, new() { Timeout = (float)within.TotalMilliseconds });

    private static async Task<IEnumerable<System.Text.Json.Nodes.JsonNode>> FiguresAsync(ServeProcess serve, string period) =>
        (await serve.GetAsync($"/api/v1/figures?unit={PhoHien}&period={period}")).AsArray().Select(figure => figure!);

    private static async Task PutAsync(KafkaTopic topic, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var now = DateTimeOffset.UtcNow;
            await topic.PutAsync(i % 2, CaseLines.Accepted($"outage-{i}", PhoHien, now));
            await topic.PutAsync((i + 1) % 2, CaseLines.DoneOnline($"outage-{i}", now));
        }
    }

    private static async Task CompareAsync(ServeProcess serve, TemporaryFolder folder, KafkaBroker broker, KafkaTopic topic)
    {
        var replayed = await CountedFigures.OfAsync(folder, "replay", $"kafka:{topic.Name}", "year", "--bootstrap", broker.Bootstrap,
            "--rulebook", ServedExport.AllFigures(folder));
        var served = await FiguresAsync(serve, "year");
        var rows = replayed.Csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(','))
            .Select(row => (row[0], long.Parse(row[5]), row[6].Length > 0 ? long.Parse(row[6]) : (long?)null));
        Assert.Equal(rows, served.Where(figure => (long)figure["denominator"]! > 0)
            .Select(figure => ((string)figure["kpi"]!, (long)figure["denominator"]!, (long?)figure["numerator"]))
                .OrderBy(row => row.Item1));
    }
}
