namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>What outlives every simulated process: the disk, the clock, and the one source of chance.</summary>
internal sealed class SimulatedWorld
{
    // After everything that is generated, so that no record is from the future.
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public SimulatedWorld(int seed)
    {
        Random = new Random(seed);
        Disk = new SimulatedDisk(Random, Trace) { IsShort = Random.Next(2) == 0 };
        State = Disk.MakeFolder("state");
        Watch = new CheckpointWatch(State, Trace);
    }

    public Random Random { get; }

    public SimulationTrace Trace { get; } = new();

    public SimulatedClock Clock { get; } = new(Start);

    public SimulatedDisk Disk { get; }

    /// <summary>The folder of the checkpoints.</summary>
    public SimulatedFolder State { get; }

    public CheckpointWatch Watch { get; }

    /// <summary>A number that no other file has.</summary>
    public UInt128 NextId() => new((ulong)Random.NextInt64(), (ulong)Random.NextInt64());

    /// <summary>A process has ended, and the next is to begin.</summary>
    public void Restart(LifePlan ended)
    {
        var survival = Disk.IsDown ? ended.Survival : Survival.Kill;
        Trace.Say($"restart, {survival}");
        Clock.Forget();
        Disk.FaultEvery = 0;
        Disk.Restart(survival);
        Watch.Damage(ended.Damages, Random);
    }
}
