using KpiStream.Engine.Units;

namespace KpiStream.Engine.Kpis;

/// <summary>A fee waiver ready to be asked of a case. Keeps what it found out of units; owned by one shard.</summary>
internal sealed class CompiledWaiver(FeeWaiver waiver, CodeTable units, UnitDirectory directory, UnitSuccessors successors)
{
    private readonly int from = waiver.From is { } first ? LocalTime.DayOf(first) : int.MinValue;
    private readonly int to = waiver.To is { } last ? LocalTime.DayOf(last) : int.MaxValue;
    private readonly ulong channel = waiver.Channel is { } named ? 1UL << (int)named : ulong.MaxValue;
    private readonly Dictionary<int, bool> covered = [];

    /// <summary>The bit of the list it holds for; 0 when it names a procedure.</summary>
    public ulong List { get; } = waiver.List is { } list ? 1UL << (int)list : 0;

    /// <summary>True when a case's fee is waived by it.</summary>
    /// <param name="day">The local day of acceptance.</param>
    /// <param name="conditions">The case's conditions, its channel among them.</param>
    /// <param name="handling">Code of the handling unit before successors are applied.</param>
    public bool Holds(int day, ulong conditions, int handling) =>
        day >= from && day <= to && (conditions & channel) != 0 && (waiver.Units.Count == 0 || Covers(successors.Resolve(handling, day)));

    private bool Covers(int unit)
    {
        if (!covered.TryGetValue(unit, out var isBelow))
        {
            var code = units.Text(unit);
            isBelow = waiver.Units.Contains(code) || directory.Above(code).Any(waiver.Units.Contains);
            covered.Add(unit, isBelow);
        }

        return isBelow;
    }
}
