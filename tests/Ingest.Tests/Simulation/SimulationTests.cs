using System.Diagnostics;
using System.Globalization;
using KpiStream.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>Whatever goes wrong between a stream and the figures, the figures are those of a recount. README.md beside this file says what may.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int First = 1;
    private const int InEveryBuild = 1_500;

    [Fact]
    public void AnySeed_EndsWithTheFiguresOfARecount()
    {
        var (from, count) = (Setting("KPISTREAM_SEED", First), Setting("KPISTREAM_SEEDS", LongRuns.Scale(InEveryBuild)));
        var began = Stopwatch.StartNew();
        var failures = new List<string>();
        for (var seed = from; seed < from + count; seed++)
        {
            try
            {
                SimulatedLives.Run(seed);
            }
            catch (SimulationFailure failure)
            {
                failures.Add(failure.Message);
                output.WriteLine(failure.ToString());
            }
        }

        output.WriteLine($"{count} seeds from {from} in {began.Elapsed.TotalSeconds:0.0} s, {failures.Count} failed");
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} seeds failed, the first: {failures.FirstOrDefault()}");
    }

    [Fact]
    public void ASeedRunTwice_DoesTheSameTwice()
    {
        for (var seed = 50_000; seed < 50_000 + LongRuns.Scale(60); seed++)
        {
            var (first, second) = (SimulatedLives.Run(seed), SimulatedLives.Run(seed));
            Assert.Equal(first.ToString(), second.ToString());
            Assert.Equal(first.Hash, second.Hash);
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
