using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>How one simulated process is to run and to end.</summary>
internal sealed record LifePlan
{
    public required int Shards { get; init; }

    public required int QueuedBatches { get; init; }

    public required Rulebook Rulebook { get; init; }

    public required UnitDirectory Directory { get; init; }

    /// <summary>True for the life whose figures are compared.</summary>
    public bool IsLast { get; init; }

    /// <summary>True when now is the wall clock, as in <c>serve</c>; false when it follows the events, as in <c>replay</c>.</summary>
    public required bool IsLive { get; init; }

    public required TimeSpan CheckpointEvery { get; init; }

    /// <summary>The process crashes at this operation of the disk, counted from its start.</summary>
    public int? CrashAfterOperations { get; init; }

    /// <summary>As in <see cref="SimulatedDisk.CrashShare"/>.</summary>
    public int? CrashShare { get; init; }

    /// <summary>The process is killed after this many steps.</summary>
    public int? KillAfterSteps { get; init; }

    /// <summary>The process is told to end after this many steps.</summary>
    public int? StopAfterSteps { get; init; }

    /// <summary>As in <see cref="SimulatedDisk.FaultEvery"/>.</summary>
    public int FaultEvery { get; init; }

    /// <summary>As in <see cref="SimulatedTopicSource"/>.</summary>
    public int Rewinds { get; init; }

    public Survival Survival { get; init; }

    /// <summary>Checkpoints damaged before the next life.</summary>
    public int Damages { get; init; }

    /// <summary>How far somebody sets the wall clock while it runs.</summary>
    public TimeSpan Jump { get; init; }

    /// <summary>Of how many looks at the board one is followed by somebody setting the wall clock, by seconds or by a day; 0 for none.</summary>
    public int Jumps { get; init; }

    /// <summary>A life with faults.</summary>
    public static LifePlan Faulty(Random random, bool mayRewind)
    {
        var (end, soon) = (random.Next(4), random.Next(3) == 0 ? 40 : 400);
        return Quiet(random) with
        {
            CrashAfterOperations = end is 0 or 1 ? random.Next(1, soon) : null,
            KillAfterSteps = end == 2 ? random.Next(1, soon) : null,
            StopAfterSteps = end == 3 ? random.Next(1, soon) : null,
            FaultEvery = random.Next(3) == 0 ? random.Next(5, 60) : 0,
            Rewinds = mayRewind ? random.Next(3, 20) : 0,
            Survival = (Survival)random.Next(5),
            Damages = random.Next(4) == 0 ? random.Next(1, 3) : 0,
            Jump = random.Next(4) == 0 ? TimeSpan.FromSeconds(random.Next(-20_000, 20_000)) : TimeSpan.Zero,
        };
    }

    /// <summary>A life in which everything goes well.</summary>
    public static LifePlan Quiet(Random random) => new()
    {
        Shards = random.Next(1, 5),
        QueuedBatches = random.Next(1, 4),
        Rulebook = Usually(SimulatedSettings.Rulebooks, random),
        Directory = Usually(SimulatedSettings.Directories, random),
        IsLive = random.Next(3) == 0,
        CheckpointEvery = TimeSpan.FromMilliseconds(random.Next(4) * random.Next(4)),
        Jumps = random.Next(2) * random.Next(1, 4),
    };

    public override string ToString() =>
        $"{Shards} shards, {Rulebook.Hash}, {Directory.Version}{(IsLive ? ", live" : "")}, checkpoint every {CheckpointEvery.TotalMilliseconds} ms, crash "
            + $"{CrashAfterOperations}, kill {KillAfterSteps}, stop {StopAfterSteps}, fault 1 of {FaultEvery}, rewind 1 of {Rewinds}, {Survival}, {Damages} "
            + $"damaged, jump {Jump}, clock set after 1 of {Jumps}";

    private static T Usually<T>(IReadOnlyList<T> some, Random random) => some[random.Next(3) == 0 ? random.Next(some.Count) : 0];
}
