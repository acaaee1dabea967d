namespace KpiStream.Engine.Kpis;

/// <summary>
/// A rulebook ready for evaluation. Figures that place cases by the same unit and the same instant form a group: a case makes at most
/// one contribution to each group, and the group's figures take from it what they count. Immutable and shared.
/// </summary>
public sealed class CompiledRulebook
{
    /// <summary>The most groups: two unit roles times three instants.</summary>
    public const int MaxGroups = 6;

    private const int TimeRoles = 3;

    private readonly CompiledFigure[][] byGroup;
    private readonly ulong[] looked;

    public CompiledRulebook(Rulebook rulebook)
    {
        Rulebook = rulebook;
        var figures = new List<CompiledFigure>();
        foreach (var definition in rulebook.Figures)
        {
            figures.Add(new CompiledFigure(definition, figures.Count, LaneCount));
            LaneCount += figures[^1].LaneCount;
        }

        Figures = figures;
        byGroup = [.. Enumerable.Range(0, MaxGroups).Select(group => figures.Where(figure => GroupOf(figure.Definition) == group).ToArray())];
        looked = [.. byGroup.Select(group => group.Aggregate(0UL, (all, figure) => all | figure.Looked))];
        Groups = [.. Enumerable.Range(0, MaxGroups).Where(group => byGroup[group].Length > 0)];
    }

    public Rulebook Rulebook { get; }

    public IReadOnlyList<CompiledFigure> Figures { get; }

    /// <summary>Lanes of all figures together: the width of a row of counters.</summary>
    public int LaneCount { get; }

    /// <summary>The groups that have figures.</summary>
    public IReadOnlyList<int> Groups { get; }

    public static UnitRole UnitOf(int group) => (UnitRole)(group / TimeRoles);

    public static TimeRole TimeOf(int group) => (TimeRole)(group % TimeRoles);

    /// <summary>Keeps of a case's conditions what the group's figures look at, so that other changes do not look like changes.</summary>
    public ulong Relevant(int group, ulong conditions) => conditions & looked[group];

    /// <summary>Finds the lanes a contribution counts in; at most one per figure of the group.</summary>
    /// <returns>How many were written.</returns>
    public int LanesOf(int group, ulong conditions, Span<ushort> lanes)
    {
        var count = 0;
        foreach (var figure in byGroup[group])
        {
            var lane = figure.LaneOf(conditions);
            if (lane >= 0)
            {
                lanes[count++] = (ushort)lane;
            }
        }

        return count;
    }

    /// <summary>The figure a lane belongs to.</summary>
    public CompiledFigure FigureOfLane(int lane) => Figures.Last(figure => figure.FirstLane <= lane);

    /// <summary>The group a figure belongs to.</summary>
    public static int GroupOf(FigureDefinition definition) => ((int)definition.Unit * TimeRoles) + (int)definition.Time;
}
