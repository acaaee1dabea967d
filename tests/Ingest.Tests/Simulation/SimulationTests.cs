namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>Whatever goes wrong between a stream and the figures, the figures are those of a recount. README.md beside this file says what may.</summary>
public sealed class SimulationTests
{
    private const int InEveryBuild = 2_000;

    [Fact]
    public void AnySeed_EndsWithTheFiguresOfARecount()
    {
        var failures = SeedRun.Failures(first: 1, LongRuns.Scale(InEveryBuild));
        Assert.True(failures is [],
            $"seeds {string.Join(' ', failures.Select(failure => failure.Seed))} failed, and so:\n{string.Join('\n', failures.Take(3))}");
    }

    [Fact]
    public void ASeedRunTwice_DoesTheSameTwice()
    {
        for (var seed = 50_000; seed < 50_000 + LongRuns.Scale(20); seed++)
        {
            var (first, second) = (SimulatedLives.Run(seed), SimulatedLives.Run(seed));
            Assert.Equal(first.ToString(), second.ToString());
            Assert.Equal(first.Hash, second.Hash);
        }
    }
}
