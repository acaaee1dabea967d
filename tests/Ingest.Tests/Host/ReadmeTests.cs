using System.Text.RegularExpressions;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>What README.md tells a reader to type works, and what it points to is there.</summary>
public sealed partial class ReadmeTests
{
    private const string ThroughDotnet = "dotnet run ";
    private const string Program = "kpistream ";
    private const string UntilReady = "curl -fsS -o ready --retry 100 --retry-connrefused --retry-delay 1 http://localhost:8080/health/ready; rm ready";

    /// <summary>The broker of README's commands.</summary>
    internal const string Broker = "localhost:9092";

    [Fact]
    public void EveryCommandLine_IsUnderstoodByTheProgram()
    {
        var commands = Commands(Readme()).Select(line => (Line: line, Arguments: ArgumentsOf(line))).Where(command => command.Arguments is not null).ToList();
        Assert.Contains(commands, command => command.Arguments is ["serve", "--demo", ..]);
        foreach (var (line, arguments) in commands)
        {
            var errors = CommandTree.Parse(arguments!).Errors.Select(error => error.Message);
            Assert.True(!errors.Any(), $"README.md: '{line}': {string.Join(' ', errors)}");
        }
    }

    [Fact]
    public void TestsCommand_IsNamedAndExecutable()
    {
        Assert.Contains(Commands(Readme()), line => line.StartsWith("tests/run"));
        var script = RepositoryRoot.File("tests/run");
        Assert.True(File.Exists(script), "tests/run is missing");
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), "tests/run is not executable");
        }
    }

    [Fact]
    public void Links_PointToWhatIsThere()
    {
        foreach (var target in Link().Matches(Readme()).Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://")))
        {
            var path = RepositoryRoot.File(target);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"README.md points to {target}, which is not there");
        }
    }

    [Fact]
    public void Length_StaysUnderOneHundredAndFiftyLines() => Assert.InRange(Readme().Count(character => character == '\n'), 1, 149);

    [Fact]
    public async Task CommandLinesWithoutKafka_RunAsTheyStandInOrderInAnEmptyFolder() =>
        await RunAsync(block => !block.Contains(Broker), line => line);

    [Fact]
    public async Task Demo_ShowsABoardThatCatchesUpAndStopsWhenTold()
    {
        await using var program = KpiStreamProcess.Start("serve", "--demo", "--port", "0");
        var address = await program.UntilSaidAsync(said => Address().Match(said) is { Success: true } found ? found.Value : null);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var client = new HttpClient { BaseAddress = new Uri(address) };

        using var page = await client.GetAsync("/board", limit.Token);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        await UntilCaughtUpAsync(client, limit.Token);

        program.Signal("TERM");
        var result = await program.ExitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.DoesNotContain("   at ", result.Errors);
    }

    /// <summary>Reads the stream of frames, each of them whole or a difference, until one says that all that was there has been read.</summary>
    private static async Task UntilCaughtUpAsync(HttpClient client, CancellationToken cancel)
    {
        using var reader = new StreamReader(await client.GetStreamAsync("/api/v1/stream", cancel));
        var isDemo = false;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data:"))
            {
                continue;
            }

            using var frame = JsonDocument.Parse(line["data:".Length..]);
            isDemo |= IsTrue(frame, "demo");
            if (isDemo && IsTrue(frame, "caughtUp"))
            {
                return;
            }
        }

        Assert.Fail("the stream ended before the demo had caught up");
    }

    private static bool IsTrue(JsonDocument frame, string member) =>
        frame.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Runs shell blocks in order, as one script: <c>serve</c> in the background until the end of its block, on a port that is free here.</summary>
    /// <param name="isWanted">Which blocks.</param>
    /// <param name="change">What has to be another on this machine.</param>
    internal static async Task RunAsync(Func<string, bool> isWanted, Func<string, string> change)
    {
        using var folder = new TemporaryFolder();
        var port = FreePorts.Take();
        var script = new StringBuilder($$"""
            set -eE -o pipefail
            cd '{{folder.Path}}'
            trap 'echo "failed: $BASH_COMMAND" >&2; [ -z "${server:-}" ] || kill $server' ERR
            program='{{KpiStreamProcess.Assembly}}'
            run='{{KpiStreamProcess.Runtime}}'
            kpistream() { if [ "$1" = serve ]; then exec "$run" "$program" "$@"; else "$run" "$program" "$@"; fi; }

            """);
        foreach (var block in ShellBlock().Matches(Readme()).Select(block => block.Groups["lines"].Value).Where(isWanted))
        {
            var serves = false;
            foreach (var line in block.Split('\n').Select(line => change(Comment().Replace(line, "")))
                .Where(line => !line.StartsWith(ThroughDotnet) && !line.StartsWith("tests/run")))
            {
                var isServe = line.StartsWith($"{Program}serve");
                script.AppendLine(isServe ? $"{line} --port {port} & server=$!\n{UntilReady}" : line);
                serves |= isServe;
            }

            script.AppendLine(serves ? "kill $server; wait $server; unset server" : "");
        }

        var result = await KpiStreamProcess.ShellAsync(script.Replace("localhost:8080", $"localhost:{port}").ToString());
        Assert.True(result.ExitCode == 0, $"exit {result.ExitCode}\n{result.Errors}\n{result.Text}");
        Assert.DoesNotContain("   at ", result.Errors);
    }

    private static string Readme()
    {
        var path = RepositoryRoot.File("README.md");
        Assert.True(File.Exists(path), "README.md is missing: the root needs one, with its commands in ```sh blocks");
        return File.ReadAllText(path);
    }

    /// <summary>The lines of the shell blocks, one per program in a pipe, without comments.</summary>
    private static IEnumerable<string> Commands(string readme) =>
        from block in ShellBlock().Matches(readme)
        from line in block.Groups["lines"].Value.Split('\n').Select(line => line.Split(" > ")[0])
        from command in Comment().Replace(line, "").Split(["|", "&&"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select command;

    /// <summary>What the program would be given; null when the line runs something else.</summary>
    private static string[]? ArgumentsOf(string command)
    {
        if (command.StartsWith(Program))
        {
            return Words(command[Program.Length..]);
        }

        if (!command.StartsWith(ThroughDotnet) || !command.Contains("--project ingest/Host"))
        {
            return null;
        }

        var dashes = command.IndexOf(" -- ");
        return dashes < 0 ? [] : Words(command[(dashes + " -- ".Length)..]);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"http://localhost:\d+(?=/board)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Address();
}
