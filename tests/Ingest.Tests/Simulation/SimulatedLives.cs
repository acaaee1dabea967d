using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Some lives of the program over one stream of events, with everything that may go wrong in them decided by one seed; the last one is let to its end, and its
/// figures must be those of a recount.
/// </summary>
internal static class SimulatedLives
{
    private const int MostLives = 5;

    /// <summary>Runs a seed; what it finds wrong is thrown with the seed and everything that had happened.</summary>
    /// <returns>Everything that happened.</returns>
    public static SimulationTrace Run(int seed) => Run(seed, world =>
    {
        var random = world.Random;
        ISimulatedWay way = random.Next(2) == 0 ? new TopicWay(world, random.Next(5, 160)) : new LogWay(world, random.Next(5, 100));
        var mayRewind = random.Next(2) == 0;
        for (var lives = random.Next(MostLives); lives > 0; lives--)
        {
            Live(world, way, LifePlan.Faulty(random, mayRewind));
        }

        LiveToTheEnd(world, way, LifePlan.Quiet(random), isExact: !mayRewind);
    });

    /// <summary>Runs lives that a test has thought out, as <see cref="Run(int)"/> does.</summary>
    public static SimulationTrace Run(int seed, Action<SimulatedWorld> lives)
    {
        // Flows go on where they were begun, and a test's own context would take them elsewhere.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var world = new SimulatedWorld(seed);
        try
        {
            lives(world);
            return world.Trace;
        }
        catch (Exception problem)
        {
            throw new SimulationFailure(seed, world.Trace, problem);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>One life with whatever goes wrong in it, and what becomes of the disk behind it.</summary>
    public static void Live(SimulatedWorld world, ISimulatedWay way, LifePlan plan)
    {
        world.Trace.Say($"{way.GetType().Name}: {plan}");
        using var process = new SimulatedProcess(world, plan, way);
        process.Live();
        world.Restart(plan);
    }

    /// <summary>The last life, whose figures must be those of a recount.</summary>
    /// <param name="isExact">False when records were read more than once on purpose.</param>
    public static void LiveToTheEnd(SimulatedWorld world, ISimulatedWay way, LifePlan quiet, bool isExact)
    {
        var plan = quiet with { IsLast = true };
        world.Trace.Say($"last: {plan}");
        using var last = new SimulatedProcess(world, plan, way);
        var run = last.Live();
        Assert.NotNull(run);
        MustBeRecounted(way, plan, run, isExact);
        world.Trace.Say($"{run.Cases} cases, {run.Fingerprint}");
    }

    private static void MustBeRecounted(ISimulatedWay way, LifePlan plan, EngineRun run, bool isExact)
    {
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, plan.Rulebook, plan.Directory);
        var accepted = 0;
        var now = way.Recount(codes, one =>
        {
            accepted++;
            recount.Add(in one);
        });
        Assert.True(plan.IsLive || accepted == 0 || run.Now == now, "now is another");
        Assert.Equal(recount.Cases, run.Cases);
        Assert.Equal(run.Counts.Accepted, run.Applied + run.Duplicates);
        Assert.True(isExact ? run.Counts.Accepted == accepted : run.Counts.Accepted >= accepted,
            $"{accepted} events are there, and {run.Counts.Accepted} were counted");
        using var csv = new StringWriter();
        FigureCsv.Write(csv, recount.Rows(SimulatedSettings.Periods, run.Now, rollup: false));
        TextAssert.SameLines(csv.ToString(), run.Csv);
        Assert.Equal(FingerprintOf(recount), run.Fingerprint);
    }

    private static string FingerprintOf(NaiveRecount recount)
    {
        var fingerprint = default(Fingerprint);
        foreach (var one in recount.Contributions)
        {
            fingerprint.Add(Fingerprint.Place(one.Case, Fingerprint.CodeHash(one.Unit), one.Second),
                Fingerprint.Weight(Fingerprint.CodeHash(one.Figure), one.Outcome));
        }

        return fingerprint.ToString();
    }
}

/// <summary>What a simulation found.</summary>
internal sealed class SimulationFailure(int seed, SimulationTrace trace, Exception problem) : Exception($"seed {seed}: {problem.Message}\n{trace}\n", problem)
{
    public int Seed => seed;
}
