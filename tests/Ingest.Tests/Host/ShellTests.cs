using System.Diagnostics;
using System.Globalization;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>The program as a citizen of the shell: pipes, signals, help, and a pace.</summary>
public sealed class ShellTests : IDisposable
{
    /// <summary>What a Linux pipe holds before its writer has to wait for a reader.</summary>
    private const int PipeBytes = 65_536;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("serve", "--demo")]
    [InlineData("replay", "--export")]
    [InlineData("recount", "--rollup")]
    [InlineData("generate", "--profile")]
    [InlineData("record", "--until")]
    [InlineData("convert", "--pseudonymised")]
    [InlineData("check-config", "--config")]
    public async Task Help_IsAResultAndNamesTheOptions(string command, string option)
    {
        var result = await KpiStreamProcess.RunAsync(command, "--help");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.Contains(option, result.Text);
        Assert.Contains(command, (await KpiStreamProcess.RunAsync("--help")).Text);
    }

    [Fact]
    public async Task Summary_IsTheResultAndNothingIsOnStandardError()
    {
        var result = await KpiStreamProcess.RunAsync("replay", GoldenFiles.PathOf("ordinary.ndjson"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("fingerprint", result.Text);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task GenerateIntoReplay_CountsEveryEvent()
    {
        var result = await KpiStreamProcess.ShellAsync(
            "set -o pipefail; kpistream generate --events 5000 --seed 9 --profile mixed | kpistream replay - --json");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.Contains("\"events\": 5000", result.Text);
    }

    [Fact]
    public async Task ReaderThatLeaves_EndsTheWriterQuietly()
    {
        // Without an end of its own when nobody reads, generating this many would take the better part of an hour.
        var generate = await KpiStreamProcess.ShellAsync("kpistream generate --events 1000000000 | head -n 3; exit ${PIPESTATUS[0]}");
        Assert.Equal((0, ""), (generate.ExitCode, generate.Errors));
        Assert.Equal(3, generate.Text.Count(character => character == '\n'));

        var golden = GoldenFiles.PathOf("ordinary.ndjson");
        var replay = await KpiStreamProcess.ShellAsync(
            $"kpistream replay '{golden}' --periods {CountRun.AllPeriods} --export - | head -n 1; exit ${{PIPESTATUS[0]}}");
        Assert.Equal((0, "kpi,unit,period,from,to,denominator,numerator,unobserved\n", ""), (replay.ExitCode, replay.Text, replay.Errors));
    }

    [Fact]
    public async Task OutputsIntoOneFile_FollowEachOther()
    {
        var both = folder.File("both.ndjson");
        var result = await KpiStreamProcess.ShellAsync($"{{ kpistream generate --events 10; kpistream generate --events 5; }} >'{both}'");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(15, (await File.ReadAllLinesAsync(both)).Length);
    }

    [Fact]
    public async Task SixtyTimesThePace_TwoMinutesTakeTwoSeconds()
    {
        var file = folder.Write("two-minutes.ndjson", Enumerable.Range(0, 13).Select(step => Event(TimeSpan.FromSeconds(10 * step))));
        var began = Stopwatch.GetTimestamp();
        var paced = await CountRun.OfAsync(folder, "replay", file, "--speed", "60x");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 2, 30);
        Assert.True(paced.Report.GetProperty("read_s").GetDouble() >= 2);

        var atOnce = await CountRun.OfAsync(folder, "replay", file);
        Assert.Equal(atOnce.Csv, paced.Csv);
        Assert.Equal(atOnce.Fingerprint, paced.Fingerprint);
    }

    [Theory]
    [InlineData("replay", "1x", "INT")]
    [InlineData("replay", "max", "INT")]
    [InlineData("replay", "max", "TERM")]
    [InlineData("recount", null, "INT")]
    public async Task Signal_EndsTheRunPromptlyWithAMessageAndWithoutFigures(string command, string? speed, string signal)
    {
        var export = folder.File("figures.csv");
        string[] paced = speed is null ? [] : ["--speed", speed];
        await using var program = KpiStreamProcess.Start([command, "-", "--export", export, .. paced]);

        // One byte more than a pipe holds: when it is written, the program reads, and at 1x it waits an hour for the second event.
        var text = new byte[PipeBytes + 1];
        Array.Fill(text, (byte)'\n');
        byte[] events = [.. Event(TimeSpan.Zero), (byte)'\n', .. Event(TimeSpan.FromHours(1))];
        events.CopyTo(text, 0);
        await program.Input.WriteAsync(text);
        program.Signal(signal);

        var result = await program.ExitAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("kpistream: stopped before the end of the source; no figures were written.\n", result.Errors);
        Assert.Empty(result.Output);
        Assert.False(File.Exists(export));
    }

    private static byte[] Event(TimeSpan later) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"source\":\"hy\",\"case\":\"H31-{later.TotalSeconds}\",\"status\":2,\"receiving\":\"12850\",\"at\":\""
            + $"{new DateTimeOffset(2025, 7, 16, 10, 0, 0, TimeSpan.FromHours(7)) + later:yyyy-MM-dd'T'HH:mm:sszzz}\"}}"));
}
