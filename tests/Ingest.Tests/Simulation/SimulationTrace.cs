
namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// What happened in a simulation: sentences, and beside them a hash of every single step. Two runs of a seed that differ anywhere differ in it.
/// </summary>
internal sealed class SimulationTrace
{
    private const ulong Prime = 1_099_511_628_211;

    private readonly List<string> lines = [];
    private ulong hash = 14_695_981_039_346_656_037;

    public IReadOnlyList<string> Lines => lines;

    /// <summary>Of every step so far.</summary>
    public string Hash => hash.ToString("x16");

    public void Step(long what) => hash = (hash ^ (ulong)what) * Prime;

    /// <summary>Notes something worth reading.</summary>
    public void Say(string line)
    {
        lines.Add(line);
        foreach (var letter in line)
        {
            Step(letter);
        }
    }

    public override string ToString() => string.Join('\n', lines);
}
