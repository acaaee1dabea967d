using System.Diagnostics;
using System.Globalization;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>What is published starts quickly: little is left to compile, and it takes no more than some times of what starting .NET itself does.</summary>
public sealed class StartTests : IDisposable
{
    // 593 on 27 November 2026; built and not published 1,623.
    private const int MostCompiled = 660;

    // 2.0 to 2.8 on 28 November 2026: a replay of two thousand events takes 0.49 s of processor time beside 0.17 s.
    private const double MostOfDotnet = 4;

    private const int Runs = 3;

    private readonly TemporaryFolder folder = new();

    public StartTests() => Assert.SkipUnless(
        KpiStreamProcess.Assembly != Path.Combine(AppContext.BaseDirectory, "kpistream.dll"), "the program is not published (tests/run does that)");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ShortReplay_LeavesLittleToCompile()
    {
        var start = Replay();
        start.Environment["DOTNET_JitDisasmSummary"] = "1";
        start.Environment["DOTNET_JitStdOutFile"] = folder.File("compiled");
        await RunAsync(start);

        Assert.InRange(File.ReadLines(folder.File("compiled")).Count(), 1, MostCompiled);
    }

    [Fact]
    public async Task ShortReplay_TakesNotMuchMoreThanStartingDotnet()
    {
        var (replay, version) = (double.MaxValue, double.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            version = Math.Min(version, await ProcessorTimeAsync(new ProcessStartInfo(KpiStreamProcess.Runtime, "--version")));
            replay = Math.Min(replay, await ProcessorTimeAsync(Replay()));
        }

        Assert.InRange(replay / version, 0, MostOfDotnet);
    }

    /// <summary>The processor time of a program, seconds: other tests run beside it, and make it longer by the clock and hardly by this.</summary>
    private static async Task<double> ProcessorTimeAsync(ProcessStartInfo start)
    {
        string[] command = [start.FileName, .. start.ArgumentList, .. start.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        (start.FileName, start.Arguments) = ("bash", "");
        start.ArgumentList.Clear();
        foreach (var argument in (string[])["-c", "TIMEFORMAT='%3U %3S'; time \"$@\"", "bash", .. command])
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var times = (await RunAsync(start)).TrimEnd().Split('\n')[^1].Split(' ');
        return times.Sum(static time => double.Parse(time, CultureInfo.InvariantCulture));
    }

    /// <summary>Gives what was written to the standard error, where that is redirected.</summary>
    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var errors = start.RedirectStandardError ? process.StandardError.ReadToEndAsync() : Task.FromResult("");
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return await errors;
    }

    private ProcessStartInfo Replay()
    {
        var start = KpiStreamProcess.Command(
            [KpiStreamProcess.Runtime], folder.Path, ["replay", GoldenFiles.PathOf("ordinary.ndjson"), "--periods", "day", "--export", "figures.csv"]);
        start.RedirectStandardInput = start.RedirectStandardError = false;
        return start;
    }
}
