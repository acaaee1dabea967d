using KpiStream.Ingest.Tests.Host.Serving.Metrics;
using KpiStream.Ingest.Tests.Host.Wallboard;
using static Microsoft.Playwright.Assertions;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary><c>serve --self-check</c> as its users see it: on the board, in metrics, in alerts and in what it says, over a log and over a topic.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
[Trait("Category", "Browser")]
public sealed class ServedSelfCheckTests(OneBroker broker, WallboardBrowser browser, ITestOutputHelper output) : IClassFixture<WallboardBrowser>, IDisposable
{
    private static readonly string[] EverySecond = ["--self-check", "1s"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AnEmbeddedLog_IsEqual_AlsoAfterARestart_AndChangedOnDiskIsAnAlarm()
    {
        var lines = Streams.Generate(GenerateProfile.Hostile, 2_000, seed: 6_920);
        string[] arguments = [.. EverySecond, "--state", "state"];
        await using (var first = await LogServer.StartAsync(folder, arguments))
        {
            await first.PostAsync([.. lines.Take(1_500).SelectMany(line => line.Append((byte)'\n'))]);
            await UntilAsync(first.Serve, "equal");
            await ShowAsync(first.Serve, "equal", "khớp");
            Assert.Equal(0, (await first.Serve.TerminateAsync()).ExitCode);
        }

        await using var server = await LogServer.StartAsync(folder, arguments);
        await server.PostAsync([.. lines.Skip(1_500).SelectMany(line => line.Append((byte)'\n'))]);
        await UntilAsync(server.Serve, "equal");
        Damage(server.Log);
        await UntilAsync(server.Serve, "different", meanwhile: "damaged");
        await server.Serve.UntilAsync("/api/v1/alerts", alerts => alerts.AsArray()
            .Any(one => ((string)one!["rule"]!).StartsWith("self_check:")), KpiStreamProcess.Limit);
        Assert.Contains("differ from a recount", await server.Serve.Http.GetStringAsync("/health/ready"));
        var metrics = await MetricsPage.UntilAsync(server.Serve, page => page.Of("kpistream_self_check_different") == 1);
        Assert.True(metrics.Of("kpistream_self_checks_total", ("result", "different")) >= 1);
        await ShowAsync(server.Serve, "different", "LỆCH");
        var (exit, took) = await server.Serve.TerminateAsync();
        output.WriteLine($"exit {exit} after {took.TotalSeconds:F1} s");
        Assert.Equal(0, exit);
        Assert.Contains(server.Serve.Said, line => line.Contains("Figures shown and log disagree"));
        Assert.Contains(server.Serve.Said, line => line.Contains(" CRIT ")
            && line.Contains("figures differ from the log"));
    }

    [Fact]
    public async Task ATopic_IsEqual_AlsoAfterARestart_AndWhatRetentionTookIsSaidAndNoAlarm()
    {
        var node = broker.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Hostile, 3_000, seed: 6_921);
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, 3);
        topic.PutAcross(3, lines.Take(2_000));
        await topic.PutAsync(1, value: null);
        string[] arguments = [.. EverySecond, "--state", "state"];
        await using (var first = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, arguments))
        {
            await UntilAsync(first, "equal");
            Assert.Equal(0, (await first.TerminateAsync()).ExitCode);
        }

        topic.Put(0, lines.Skip(2_000));
        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name, arguments);
        await UntilAsync(serve, "equal");
        await topic.DeleteBeforeAsync(1, 100);
        await UntilAsync(serve, "incomplete");
        Assert.Equal("ready", await serve.Http.GetStringAsync("/health/ready"));
        Assert.Equal(0, (await serve.TerminateAsync()).ExitCode);
    }

    /// <summary>Waits for a verdict; one that nobody waits for is a failure at once, but for one that may come before.</summary>
    private static async Task UntilAsync(ServeProcess serve, string verdict, string meanwhile = "pending")
    {
        var begun = Of(await serve.UntilAsync("/api/v1/board", _ => true, KpiStreamProcess.Limit));
        var seen = Of(await serve.UntilAsync("/api/v1/board", board => Of(board) == verdict
            || (Of(board) != begun && Of(board) is not "pending" && Of(board) != meanwhile), KpiStreamProcess.Limit));
        Assert.Equal(verdict, seen);
    }

    private static string Of(JsonNode board) => (string)board["trust"]!["selfCheck"]!["verdict"]!;

    private static void Damage(string log)
    {
        foreach (var segment in LogFolder.Segments(log))
        {
            using var file = new FileStream(LogFolder.PathOf(log, segment), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            for (var at = file.Length / 4; at < file.Length * 3 / 4; at += 1_000)
            {
                file.Position = at;
                var bits = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(bits ^ 0x10));
            }
        }
    }

    /// <summary>Looks at the board as people do, on a wall and on a telephone.</summary>
    private async Task ShowAsync(ServeProcess serve, string name, string word)
    {
        var complaints = new List<string>();
        foreach (var (width, height) in ((int, int)[])[(1920, 1080), (390, 844)])
        {
            var page = await browser.OpenAsync(width, height, complaints);
            await page.GotoAsync(new Uri(serve.Url, "/board").ToString());
            var line = page.Locator("#trust .self-check");
            await Expect(line).ToContainTextAsync(word);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            if (Environment.GetEnvironmentVariable("KPISTREAM_PICTURES") is { Length: > 0 } pictures)
            {
                await line.ScrollIntoViewIfNeededAsync();
                await page.ScreenshotAsync(
                    new() { Path = Path.Combine(pictures, $"self-check-{name}-{width}.png") });
            }
        }

        Assert.Empty(complaints);
    }
}
