using KpiStream.Ingest.Tests.Host.Serving.Alerts;

namespace KpiStream.Ingest.Tests.Host.Serving.Metrics;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task ACollectorThatTakesMetrics_IsSentThoseOfThePage_AndRefusingThemIsSaidOnce()
    {
        await using var hook = await WebhookReceiver.StartAsync(static _ => 200);
        await using var collector = await WebhookReceiver.StartAsync(static number => number < 3 ? 503 : 200);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kpistream.yaml"), $"state_dir: state\nalerts: {{webhook: {{url: \"{hook.Url}\"}}}}\n"
            + $"metrics: {{otlp: {{endpoint: \"{collector.Url}\", interval: 1s}}}}\n");
        await using var server = await LogServer.StartAsync(folder, "--checkpoint-every", "1s", "--self-check", "1s");
        await server.PostAsync(EventForms.Body("json", [.. Streams.Generate(GenerateProfile.Ordinary, 500, 87)]));

        // Everything but what only a topic, or a source whose clock is ahead, has.
        var expected = MetricsPage.KnownFamilies.Where(static family => !family.StartsWith("kpistream_source_")).ToList();
        var page = await MetricsPage.UntilAsync(server.Serve, page => !expected.Except(page.Families).Any());
        WebhookReceiver.Received export;
        do
        {
            export = await collector.NextAsync();
            Assert.Equal("application/x-protobuf", export.ContentType);
        }
        while (!page.Types.Keys.All(name => export.Body.Contains(name)));

        Assert.Equal(0, (await server.Serve.TerminateAsync()).ExitCode);
        var said = server.Serve.Said.Where(static line => line.Contains(" WARN The collector at ")).ToList();
        Assert.Contains(" does not take metrics (", said[0]);
        Assert.EndsWith("); check metrics.otlp in the settings and the collector.", said[0]);
        Assert.EndsWith(" takes metrics again.", said[1]);
    }
}
