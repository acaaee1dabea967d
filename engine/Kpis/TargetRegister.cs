namespace KpiStream.Engine.Kpis;

/// <summary>A unit's own target for itself and all below it, instead of the rulebook's.</summary>
/// <param name="Figure">The figure's id.</param>
/// <param name="Unit">The unit's code.</param>
/// <param name="Target">A ratio and its days.</param>
/// <param name="RegisteredOn">When it was registered; null when not said.</param>
/// <param name="Basis">The document it rests on.</param>
public sealed record UnitTarget(string Figure, string Unit, Target Target, DateOnly? RegisteredOn, string Basis);

/// <summary>The units' own targets, by figure and unit. Immutable.</summary>
public sealed class TargetRegister
{
    public static readonly TargetRegister Empty = new([]);

    private readonly Dictionary<(string Figure, string Unit), List<Target>> targets = [];

    public TargetRegister(IReadOnlyList<UnitTarget> rows)
    {
        Rows = rows;
        foreach (var row in rows)
        {
            if (!targets.TryGetValue((row.Figure, row.Unit), out var own))
            {
                targets.Add((row.Figure, row.Unit), own = []);
            }

            own.Add(row.Target);
        }
    }

    public IReadOnlyList<UnitTarget> Rows { get; }

    /// <summary>
    /// The target of a unit on a day: in force, of the unit itself, else of the nearest unit above, else the rulebook's; when none is in force,
    /// the one that lapsed last, in the same order. Null when there is none.
    /// </summary>
    /// <param name="units">The unit, then the units above it, nearest first.</param>
    /// <param name="day">The period's last day, or today if that is earlier.</param>
    public AppliedTarget? On(FigureDefinition figure, IEnumerable<string> units, DateOnly day)
    {
        AppliedTarget? lapsed = null;
        foreach (var unit in targets.Count == 0 ? [] : units)
        {
            if (targets.TryGetValue((figure.Id, unit), out var own) && AppliedTarget.On(own, day) is { } applied)
            {
                if (applied.Lapsed is null)
                {
                    return applied;
                }

                lapsed ??= applied;
            }
        }

        var common = AppliedTarget.On(figure.Targets, day);
        return common is { Lapsed: null } ? common : lapsed ?? common;
    }
}
