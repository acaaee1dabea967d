namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// The process crashes at each single operation of the disk, from the first of its start to the last of its end, and whatever outlives it, the next one ends
/// with the figures of a recount: every checkpoint that was told to be written is found, and every event that was acknowledged is in the log.
/// </summary>
public sealed class EveryOperationTests(ITestOutputHelper output)
{
    private const int Seed = 8_100;

    private static readonly Survival[] Survivals = [Survival.Nothing, Survival.Everything, Survival.Torn, Survival.Kill];

    [Fact]
    public void CrashAtEveryOperationOfCheckpoints_IsRecoveredFrom() => Holds(static world => new TopicWay(world, records: 12));

    [Fact]
    public void CrashAtEveryOperationOfAnEmbeddedLog_IsRecoveredFrom() => Holds(static world => new LogWay(world, records: 8, segment: 600));

    private void Holds(Func<SimulatedWorld, ISimulatedWay> wayOf)
    {
        var operations = Run(Seed, wayOf, int.MaxValue, share: 1, Survival.Nothing);
        output.WriteLine($"seed {Seed}: {operations} operations");
        Assert.InRange(operations, 50, 2_000);
        var trials = from seed in Enumerable.Range(Seed, LongRuns.Effort)
                     from operation in Enumerable.Range(1, operations)
                     from survival in Survivals.Take(LongRuns.Effort > 1 ? 4 : 3)
                     from share in LongRuns.Effort > 1 ? (int[])[0, 1, 2] : [(operation + (int)survival) % 3]
                     select (seed, operation, survival, share);
        trials.AsParallel().ForAll(trial => Run(trial.seed, wayOf, trial.operation, trial.share, trial.survival));
    }

    /// <summary>A life that leaves something, one that crashes, one that crashes where the one before did, and one that ends well.</summary>
    /// <returns>The operations of the second.</returns>
    private static int Run(int seed, Func<SimulatedWorld, ISimulatedWay> wayOf, int operation, int share, Survival survival)
    {
        var operations = 0;
        SimulatedLives.Run(seed, world =>
        {
            var way = wayOf(world);
            var plan = LifePlan.Quiet(world.Random) with { CheckpointEvery = TimeSpan.FromMilliseconds(2) };
            SimulatedLives.Live(world, way, plan with { StopAfterSteps = 60 });
            var crashing = plan with { CrashAfterOperations = operation, CrashShare = share, Survival = survival };
            var before = world.Disk.Operations;
            SimulatedLives.Live(world, way, crashing);
            operations = world.Disk.Operations - before;
            SimulatedLives.Live(world, way, crashing);
            SimulatedLives.LiveToTheEnd(world, way, plan, isExact: true);
        });
        return operations;
    }
}
