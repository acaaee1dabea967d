namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>Missing data never resolves an alert and never fires one, whatever goes wrong between the world and the server.</summary>
public sealed class MissingRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    [Fact]
    public Task AnyFault_MakesNoFalseAlertAndNoFalseEnd() => RunAsync(1, 2);

    [Fact]
    [Trait("Category", "Long")]
    public Task ThirtyFaultRuns_MakeNoFalseAlertAndNoFalseEnd() => RunAsync(1, 30);

    private enum Fault
    {
        /// <summary>The source answers, and has nothing to give; later it gives all of it.</summary>
        Silent,

        /// <summary>The source says that it cannot be read; later it has a backlog.</summary>
        Broken,

        /// <summary>Nothing is heard of the source at all.</summary>
        Dead,

        /// <summary>The process is killed, and reads the past again.</summary>
        Restart,

        /// <summary>The wall clock is set ahead, and put right.</summary>
        Clock,
    }

    private async Task RunAsync(int first, int last)
    {
        var (changes, faults, wrong) = (0, 0, new List<string>());
        for (var seed = first; seed <= last; seed++)
        {
            await using var scene = new MissingScene();
            faults += await RunAsync(scene, new Random(seed));
            output.WriteLine($"seed {seed}: {scene.Changes} alerts fired or resolved, {scene.False.Count} of them false");
            changes += scene.Changes;
            wrong.AddRange(scene.False.Select(one => $"seed {seed}: {one}"));
        }

        output.WriteLine($"{faults} faults, {changes} changes");
        Assert.Empty(wrong);
        Assert.True(changes >= 4 * (last - first + 1), "alerts fired and resolved, or nothing was shown");
    }

    private static async Task<int> RunAsync(MissingScene scene, Random random)
    {
        var quality = MissingScene.Units.ToDictionary(static unit => unit, _ => random.Next(3));
        var faults = 0;
        scene.Poll(0);
        await scene.FrameAsync(isDry: true);
        for (var step = 0; scene.Time.GetUtcNow() < MissingScene.Evening; step++)
        {
            Live(scene, random, quality);
            scene.Tell(int.MaxValue);
            scene.Poll(0);
            await scene.FrameAsync(isDry: true);
            if (step > 10 && random.Next(15) == 0)
            {
                faults++;
                await FailAsync(scene, random, quality, (Fault)random.Next(5));
            }
        }

        return faults;
    }

    /// <summary>Two minutes of the world: units do well, badly, or nothing, and change.</summary>
    private static void Live(MissingScene scene, Random random, Dictionary<string, int> quality)
    {
        scene.Time.Pass(Step);
        foreach (var unit in MissingScene.Units)
        {
            quality[unit] = random.Next(12) == 0 ? random.Next(3) : quality[unit];
            var isWave = random.Next(12) == 0; // so that ratios turn soon
            for (var number = isWave ? random.Next(20, 120) : quality[unit] == 2 ? 0 : random.Next(4); number > 0; number--)
            {
                scene.Happen(unit, quality[unit] == 0 ? random.Next(100) < 97 : random.Next(100) < 20);
            }
        }
    }

    private static async Task FailAsync(MissingScene scene, Random random, Dictionary<string, int> quality, Fault fault)
    {
        if (fault == Fault.Restart)
        {
            await scene.RestartAsync();
        }
        else if (fault == Fault.Clock)
        {
            scene.Time.Jump(TimeSpan.FromMinutes(10));
            await scene.FrameAsync(isDry: true);
            scene.Time.Jump(TimeSpan.FromMinutes(-10));
            await scene.FrameAsync(isDry: true);
            return;
        }

        scene.IsBroken = fault == Fault.Broken;
        for (var steps = random.Next(1, 30); steps > 0; steps--)
        {
            Live(scene, random, quality);
            if (fault == Fault.Silent)
            {
                scene.Poll(0);
            }

            await scene.FrameAsync(isDry: fault == Fault.Silent);
        }

        scene.IsBroken = false;
        await CatchUpAsync(scene, random, isLog: fault == Fault.Silent);
    }

    /// <summary>What was missed comes in pieces with frames between them: of a log within one batch, of a topic between two answers of a broker.</summary>
    private static async Task CatchUpAsync(MissingScene scene, Random random, bool isLog)
    {
        while (scene.Untold > 0)
        {
            scene.Tell(random.Next(1, 400));
            scene.Time.Pass(TimeSpan.FromMilliseconds(200));
            if (isLog)
            {
                await scene.FrameAsync(isDry: false);
            }
            else
            {
                scene.Poll(scene.Untold);
                await scene.FrameAsync(isDry: true);
            }
        }

        scene.Poll(0);
    }
}
