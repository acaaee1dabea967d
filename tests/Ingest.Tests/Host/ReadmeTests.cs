using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using KpiStream.Ingest.Host.Commands;
using KpiStream.Tests.Support;
using KpiStream.Tests.Support.Program;
using Xunit;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>What README.md tells a reader to type works, and what it points to is there.</summary>
public sealed partial class ReadmeTests
{
    private const string ThroughDotnet = "dotnet run ";
    private const string Program = "kpistream ";

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
        Assert.Contains(Commands(Readme()), line => line.StartsWith("tests/run", StringComparison.Ordinal));
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
        foreach (var target in Link().Matches(Readme()).Select(link => link.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)))
        {
            var path = RepositoryRoot.File(target);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"README.md points to {target}, which is not there");
        }
    }

    [Fact]
    public void Length_StaysUnderOneHundredAndFiftyLines() => Assert.InRange(Readme().Count(character => character == '\n'), 1, 149);

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
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Reads the stream of frames, each of them whole or a difference, until one says that all that was there has been read.</summary>
    private static async Task UntilCaughtUpAsync(HttpClient client, CancellationToken cancel)
    {
        using var reader = new StreamReader(await client.GetStreamAsync("/api/v1/stream", cancel));
        var isDemo = false;
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
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

    private static string Readme()
    {
        var path = RepositoryRoot.File("README.md");
        Assert.True(File.Exists(path), "README.md is missing: the root needs one, with its commands in ```sh blocks");
        return File.ReadAllText(path);
    }

    /// <summary>The lines of the shell blocks, one per program in a pipe, without comments.</summary>
    private static IEnumerable<string> Commands(string readme) =>
        from block in ShellBlock().Matches(readme)
        from line in block.Groups["lines"].Value.Split('\n')
        from command in Comment().Replace(line, "").Split(["|", "&&"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select command;

    /// <summary>What the program would be given; null when the line runs something else.</summary>
    private static string[]? ArgumentsOf(string command)
    {
        if (command.StartsWith(Program, StringComparison.Ordinal))
        {
            return Words(command[Program.Length..]);
        }

        if (!command.StartsWith(ThroughDotnet, StringComparison.Ordinal) || !command.Contains("--project ingest/Host", StringComparison.Ordinal))
        {
            return null;
        }

        var dashes = command.IndexOf(" -- ", StringComparison.Ordinal);
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
