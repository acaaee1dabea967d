using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts.Delivery;

/// <summary>A real Prometheus Alertmanager, Debian's, on a free loopback port with a folder of its own. Gone with the test.</summary>
internal sealed class Alertmanager : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus-alertmanager";

    private const string Route = "{receiver: duty, group_by: [key], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}";

    private readonly Process process;
    private readonly TemporaryFolder folder;

    private Alertmanager(Process process, TemporaryFolder folder, Uri url)
    {
        (this.process, this.folder, Url) = (process, folder, url);
        Http = new HttpClient { BaseAddress = url };
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    /// <summary>Skips the test where Debian's package is not installed.</summary>
    public static async Task<Alertmanager> StartOrSkipAsync(Uri? webhook = null)
    {
        Assert.SkipUnless(File.Exists(Program), "prometheus-alertmanager is not installed");
        var own = new TemporaryFolder();
        var hook = webhook is null ? "" : $"\n    webhook_configs: [{{url: \"{webhook}\", send_resolved: true}}]";
        await File.WriteAllTextAsync(own.File("alertmanager.yml"), $"""
            route: {Route}
            receivers:
              - name: duty{hook}
            """);
        var port = FreePorts.Take();
        string[] arguments =
        [
            $"--config.file={own.File("alertmanager.yml")}", $"--storage.path={own.File("data")}", $"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=", "--log.level=error",
        ];
        var program = Process.Start(new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        program.BeginErrorReadLine();
        program.BeginOutputReadLine();
        var started = new Alertmanager(program, own, new Uri($"http://127.0.0.1:{port}"));
        await started.UntilAsync("/-/ready", static _ => true);
        return started;
    }

    /// <summary>All alerts that it holds.</summary>
    public Task<string> UntilAlertsAsync(Func<JsonArray, bool> isIt) => UntilAsync("/api/v2/alerts", text => isIt(JsonNode.Parse(text)!.AsArray()));

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Http.Dispose();
        folder.Dispose();
    }

    private async Task<string> UntilAsync(string path, Func<string, bool> isIt)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var since = Stopwatch.StartNew();
        var last = "";
        while (since.Elapsed < KpiStreamProcess.Limit)
        {
            try
            {
                using var answer = await Http.GetAsync(path);
                last = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode && isIt(last))
                {
                    return last;
                }
            }
            catch (HttpRequestException)
            {
                Assert.False(process.HasExited, "Alertmanager has ended");
            }

            await tick.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{path}: {last}");
    }
}
