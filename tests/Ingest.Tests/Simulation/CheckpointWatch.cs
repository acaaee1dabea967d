namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Knows which checkpoints were told to be on disk, and that a start must find the newest of them that nobody has damaged, and none that somebody has.
/// </summary>
internal sealed class CheckpointWatch(SimulatedFolder state, SimulationTrace trace)
{
    private readonly List<(string Name, SimulatedFile File)> written = [];

    /// <summary>Notes that the newest checkpoint there is has been told to be written.</summary>
    public void Written()
    {
        var name = state.Files.Keys.Where(file => file.EndsWith(".kpistate")).Max(StringComparer.Ordinal)!;
        written.Add((name, state.Files[name]));
        trace.Say($"{name} is written, {state.Files[name].Length} bytes");
    }

    /// <summary>Damages some of the newest checkpoints.</summary>
    public void Damage(int count, Random random)
    {
        foreach (var (name, file) in written.TakeLast(CheckpointStore.Kept).Reverse().Take(count))
        {
            file.Damage(random);
            trace.Say($"{name} is damaged");
        }
    }

    /// <summary>What a start said it did is what it must do.</summary>
    /// <param name="isDiskGood">False when the disk failed meanwhile: an older checkpoint is no surprise then.</param>
    public void MustBeFoundBy(string said, bool isDiskGood)
    {
        var best = written.TakeLast(CheckpointStore.Kept).LastOrDefault(one => !one.File.IsDamaged).Name;
        var from = said.IndexOf("Going on from ") is var at && at >= 0 ? said[(at + 14)..].Split(' ')[0] : null;
        Assert.True(from is null || !state.Files[from].IsDamaged, $"{from} is damaged and was used");
        Assert.True(!isDiskGood || best is null || string.CompareOrdinal(from, best) >= 0, $"{best} was written, and a start went on from {from ?? "nothing"}");
    }
}
