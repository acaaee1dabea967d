using KpiStream.Ingest.Tests.Host.Serving.Alerts;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>Kafka → <c>serve</c> with a settings file → a commune below target → somebody is told.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class WebhookAlertTests(OneBroker broker, ITestOutputHelper output)
{
    private const string PhoHien = "11953";
    private const string Other = "11977";
    private static readonly TimeSpan FiresWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public Task CommuneBelowTarget_FiresAtOnceWithoutHoldAndResolves() => RunAsync(holdMinutes: 0);

    [Fact]
    [Trait("Category", "Long")]
    public Task CommuneBelowTarget_FiresAfterItsHoldAndResolves() => RunAsync(holdMinutes: 1);

    [Fact]
    public async Task KilledWhileFiring_IsNotToldAgainAndResolvesUnderTheSameId()
    {
        var node = broker.OrSkip();
        await using var receiver = await WebhookReceiver.StartAsync(_ => 204);
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 2);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), Settings(node.Bootstrap, topic.Name, receiver.Url, holdMinutes: 0));
        await PutAsync(topic, PhoHien, "bad", 25, online: 5);
        JsonNode fired;
        JsonNode before;
        await using (var first = await ServeProcess.StartAsync(folder, "--state", "state"))
        {
            fired = await NextAsync(receiver);
            before = await first.GetAsync("/api/v1/alerts");
            await UntilKeptAsync(folder.File("state/alerts.json"));
            await UntilSettledAsync(first);
            await first.KillAsync();
            await OnePostTests.MustBeExplainedAsync(folder, (string)before[0]!["id"]!, "--state", "state");
        }

        await using var second = await ServeProcess.StartAsync(folder, "--state", "state");
        var after = await second.UntilAsync("/api/v1/alerts", static list => list.AsArray().Count > 0, FiresWithin);
        Assert.Equal((string)before[0]!["since"]!, (string)after[0]!["since"]!);
        await PutAsync(topic, PhoHien, "good", 100, online: 100);
        var resolved = await NextAsync(receiver);
        Assert.Equal(("resolved", (string)fired["id"]!), ((string)resolved["state"]!, (string)resolved["id"]!));
    }

    /// <summary>Until it says that the alert fires and that nobody has to be told.</summary>
    private static async Task UntilKeptAsync(string path)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(FiresWithin);
        while (!File.Exists(path) || await File.ReadAllTextAsync(path) is not { } text || !text.Contains($"\"unit\":\"{PhoHien}\"")
            || !text.Contains("\"waiting\":[]"))
        {
            await tick.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Until it has noted that the receiver took the message: killed before, it rightly comes again.</summary>
    private static async Task UntilSettledAsync(ServeProcess serve)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await serve.Http.GetStringAsync("/metrics")).Contains("kpistream_alert_messages_sent_total{channel=\"webhook\"} 1"))
        {
            await tick.WaitForNextTickAsync();
        }
    }

    private async Task RunAsync(int holdMinutes)
    {
        var node = broker.OrSkip();
        await using var receiver = await WebhookReceiver.StartAsync(_ => 204);
        using var folder = new TemporaryFolder();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 2);
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), Settings(node.Bootstrap, topic.Name, receiver.Url, holdMinutes));
        await using var serve = await ServeProcess.StartAsync(folder);

        // Twenty-five cases, five of them fully online: even the upper end of the interval (39 %) is below 70 %. The other commune has nineteen, too few.
        await PutAsync(topic, PhoHien, "bad", 25, online: 5);
        await PutAsync(topic, Other, "few", 19, online: 0);
        var alerts = await serve.UntilAsync(
            "/api/v1/alerts", list => list.AsArray().Any(alert => (string)alert!["state"]! == "firing"), FiresWithin + TimeSpan.FromMinutes(holdMinutes));
        Assert.Equal(PhoHien, (string)Assert.Single(alerts.AsArray())!["unit"]!);
        var fired = await NextAsync(receiver);
        Assert.Equal(("firing", PhoHien, "fully_online"), ((string)fired["state"]!, (string)fired["unit"]!, (string)fired["figure"]!));
        Assert.InRange((long)fired["denominator"]!, 20, 25); // without a hold it may fire before the last five have come
        Assert.Equal((5, 0.7), ((long)fired["numerator"]!, (double)fired["threshold"]!));
        Assert.True(At(fired, "firing_since") - At(fired, "pending_since") >= TimeSpan.FromMinutes(holdMinutes));
        Assert.Contains("Phố Hiến", (string)fired["text"]!);

        await PutAsync(topic, PhoHien, "good", 100, online: 100);
        var resolved = await NextAsync(receiver);
        Assert.Equal(("resolved", PhoHien), ((string)resolved["state"]!, (string)resolved["unit"]!));
        Assert.Equal((string)fired["id"]!, (string)resolved["id"]!);
    }

    /// <summary>
    /// Judged over hours, for of a longer window only settled days count. Nothing comes while a hold of a minute runs: the source must not be called stale
    /// within it, for then nothing is judged.
    /// </summary>
    private static string Settings(string bootstrap, string topic, Uri webhook, int holdMinutes) => $"""
        kafka:
          bootstrap: {bootstrap}
          topic: {topic}
        stale_after: 5m
        alerts:
          low_volume: none
          below_target:
            - figure: fully_online
              period: 24h
              min_count: 20
              hold_minutes: {holdMinutes}
          webhook:
            url: {webhook}
        """;

    private async Task<JsonNode> NextAsync(WebhookReceiver receiver)
    {
        var body = (await receiver.NextAsync()).Body;
        output.WriteLine(body);
        return JsonNode.Parse(body)!;
    }

    private static DateTimeOffset At(JsonNode message, string key) => DateTimeOffset.Parse((string)message[key]!);

    private static async Task PutAsync(KafkaTopic topic, string unit, string name, int cases, int online)
    {
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < cases; i++)
        {
            await topic.PutAsync(i % 2, CaseLines.Accepted($"{name}-{i}", unit, now));
            await topic.PutAsync(i % 2, i < online ? CaseLines.DoneOnline($"{name}-{i}", now) : CaseLines.DoneAtTheCounter($"{name}-{i}", now));
        }
    }
}
