using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Host;

/// <summary>What is published starts quickly: little is left to compile, and it takes no more than some times what starting .NET itself does.</summary>
public sealed class StartTests : IDisposable
{
    // 593 on 27 November 2026; built and not published 1,623.
    private const int MostCompiled = 660;

    // 2.5 on 27 November 2026: a replay of two thousand events in 0.39 s beside 0.16 s.
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
    public async Task ShortReplay_TakesNotMuchLongerThanStartingDotnet()
    {
        var (replay, version) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var run = 0; run < Runs; run++)
        {
            version = Least(version, await RunAsync(new ProcessStartInfo(KpiStreamProcess.Runtime, "--version")
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }));
            replay = Least(replay, await RunAsync(Replay()));
        }

        Assert.InRange(replay / version, 0, MostOfDotnet);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static async Task<TimeSpan> RunAsync(ProcessStartInfo start)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return Stopwatch.GetElapsedTime(began);
    }

    private ProcessStartInfo Replay()
    {
        var start = KpiStreamProcess.Command(
            [KpiStreamProcess.Runtime], folder.Path, ["replay", GoldenFiles.PathOf("ordinary.ndjson"), "--periods", "day", "--export", "figures.csv"]);
        start.RedirectStandardInput = start.RedirectStandardError = false;
        return start;
    }
}
