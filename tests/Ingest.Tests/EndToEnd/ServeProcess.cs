using System.Collections.Concurrent;
using System.Diagnostics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>One life of <c>kpistream serve</c> on a free port, as its users see it.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private const string Address = " INFO Wallboard: ";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task errors;

    private ServeProcess(Process process)
    {
        this.process = process;
        errors = Task.WhenAll(ReadAsync(process.StandardError), ReadAsync(process.StandardOutput));
    }

    public HttpClient Http { get; private set; } = new();

    public int ProcessId => process.Id;

    public Uri Url => Http.BaseAddress!;

    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>Starts it and waits until it listens.</summary>
    public static Task<ServeProcess> StartAsync(TemporaryFolder folder, params string[] arguments) =>
        StartUnderAsync([KpiStreamProcess.Runtime], folder, arguments);

    /// <summary>Starts it by way of another program and waits until it listens.</summary>
    public static async Task<ServeProcess> StartUnderAsync(IReadOnlyList<string> launcher, TemporaryFolder folder, params string[] arguments)
    {
        var serve = new ServeProcess(Process.Start(KpiStreamProcess.Command(launcher, folder.Path, ["serve", "--port", "0", .. arguments]))!);
        var first = await Task.WhenAny(serve.listening.Task, serve.errors).WaitAsync(KpiStreamProcess.Limit);
        if (first != serve.listening.Task)
        {
            throw new InvalidOperationException($"serve ended before it listened: {serve}");
        }

        serve.Http = new HttpClient { BaseAddress = await serve.listening.Task, Timeout = KpiStreamProcess.Limit };
        return serve;
    }

    /// <summary>Over a topic; the demo has no need of more than <c>--demo</c>.</summary>
    public static Task<ServeProcess> OverTopicAsync(TemporaryFolder folder, string bootstrap, string topic, params string[] more) =>
        StartAsync(folder, ["--bootstrap", bootstrap, "--topic", topic, .. more]);

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    /// <summary>Asks until the answer is the one waited for; the last answer.</summary>
    /// <param name="isIt">Whether this is it.</param>
    /// <param name="within">How long it may take.</param>
    public async Task<JsonNode> UntilAsync(string path, Func<JsonNode, bool> isIt, TimeSpan within)
    {
        var asked = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(Tick);
        while (asked.Elapsed < within)
        {
            using var answer = await AskAsync(path);
            if (answer.IsSuccessStatusCode && JsonNode.Parse(await answer.Content.ReadAsStringAsync()) is { } node && isIt(node))
            {
                return node;
            }

            await tick.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{path} did not become what was waited for within {within}: {await Http.GetStringAsync(path)}\n{this}");
    }

    /// <summary>Asks; when it has ended instead of answering, the failure has what it said.</summary>
    private async Task<HttpResponseMessage> AskAsync(string path)
    {
        try
        {
            return await Http.GetAsync(path);
        }
        catch (HttpRequestException gone) when (process.WaitForExit(TimeSpan.FromSeconds(2)))
        {
            throw new InvalidOperationException($"serve ended with {process.ExitCode}: {this}", gone);
        }
    }

    public async Task UntilReadyAsync()
    {
        var asked = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(Tick);
        while (await StatusOfAsync("/health/ready") != 200)
        {
            if (asked.Elapsed > KpiStreamProcess.Limit)
            {
                throw new TimeoutException($"not ready: {this}");
            }

            await tick.WaitForNextTickAsync();
        }
    }

    public async Task<int> StatusOfAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        return (int)answer.StatusCode;
    }

    public async Task SignalAsync(string name)
    {
        using var signal = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await signal.WaitForExitAsync();
    }

    /// <summary>Asks it to stop as a service manager does; the exit code and how long it took. All it has said is known then.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var asked = Stopwatch.StartNew();
        await SignalAsync("TERM");
        await process.WaitForExitAsync().WaitAsync(KpiStreamProcess.Limit);
        var took = asked.Elapsed;
        await errors.WaitAsync(KpiStreamProcess.Limit);
        return (process.ExitCode, took);
    }

    /// <summary>Kills it as a power cut would: nothing of it runs any more when this is done.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(KpiStreamProcess.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await errors;
        Http.Dispose();
        process.Dispose();
    }

    public override string ToString() => string.Join('\n', Said);

    private async Task ReadAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            Said.Enqueue(line);
            if (line.IndexOf(Address) is >= 0 and var start)
            {
                listening.TrySetResult(new Uri(new Uri(line[(start + Address.Length)..].Split(' ')[0]).GetLeftPart(UriPartial.Authority)));
            }
        }
    }
}
