using System.Runtime.Intrinsics;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// A rulebook ready for evaluation. Figures that place cases by the same unit and the same instant form a group: a case makes at most
/// one contribution to each group, and the group's figures take from it what they count. Immutable and shared.
/// </summary>
public sealed class CompiledRulebook
{
    /// <summary>The most groups: two unit roles times four instants.</summary>
    public const int MaxGroups = 2 * TimeRoles;

    private const int TimeRoles = 4;
    private const uint FiledGroups = 0b0001_0001, AcceptedGroups = FiledGroups << 1, DueGroups = FiledGroups << 2, EndedGroups = FiledGroups << 3;
    private const uint HandlingGroups = 0b0000_1111, ReceivingGroups = HandlingGroups << TimeRoles;

    private readonly CompiledFigure[][] byGroup;
    private readonly ulong[] looked;
    private readonly ulong[] counted;
    private readonly ulong[] required;
    private readonly uint used;

    public CompiledRulebook(Rulebook rulebook)
    {
        Rulebook = rulebook;
        var figures = new CompiledFigure[rulebook.Figures.Count];

        // What a case counts in together lies together in a row, the figures with few lanes first: a step then touches few stretches of it.
        foreach (var (number, definition) in rulebook.Figures.Select(static (definition, number) => new NumberedFigure(number, definition))
            .OrderBy(static figure => GroupOf(figure.Definition)).ThenBy(static figure => figure.Definition.Count?.Count ?? 0))
        {
            figures[number] = new CompiledFigure(definition, number, LaneCount);
            LaneCount += figures[number].LaneCount;
        }

        Figures = figures;
        FigureIds = new FigureIds(rulebook.Figures);
        byGroup = [.. Enumerable.Range(0, MaxGroups)
            .Select(group => figures.Where(figure => GroupOf(figure.Definition) == group).OrderBy(figure => figure.FirstLane).ToArray())];
        looked = [.. byGroup.Select(group => group.Aggregate(0UL, (all, figure) => all | figure.Looked))];
        counted = [.. byGroup.Select(group => group.Aggregate(0UL, (all, figure) => all | (figure.Counted & UnobservedConditions.All)))];
        required = [.. byGroup.Select(group => group.Aggregate(ulong.MaxValue, (all, figure) => all & figure.Required))];
        Groups = [.. Enumerable.Range(0, MaxGroups).Where(group => byGroup[group].Length > 0)];
        used = Groups.Aggregate(0U, static (all, group) => all | (1U << group));
    }

    public Rulebook Rulebook { get; }

    public IReadOnlyList<CompiledFigure> Figures { get; }

    /// <summary>The ids of <see cref="Figures"/>.</summary>
    internal FigureIds FigureIds { get; }

    /// <summary>Lanes of all figures together: the width of a row of counters.</summary>
    public int LaneCount { get; }

    public IReadOnlyList<int> Groups { get; }

    public static UnitRole UnitOf(int group) => (UnitRole)((uint)group / TimeRoles);

    public static TimeRole TimeOf(int group) => (TimeRole)((uint)group % TimeRoles);

    /// <summary>
    /// The groups, a bit each, to which two states of a case may contribute differently; to all others they surely contribute the same. Worked out for all
    /// groups
    /// at once and without branches, because which groups a change touches is hard to foresee.
    /// </summary>
    public uint Touched(in CaseFacts one, in CaseFacts other)
    {
        var touched = (one.FiledAt != other.FiledAt ? FiledGroups : 0) | (one.AcceptedAt != other.AcceptedAt ? AcceptedGroups : 0)
            | (one.EndedAt != other.EndedAt ? EndedGroups : 0)
            | (one.Due != other.Due ? DueGroups : 0) | (one.Handling != other.Handling ? HandlingGroups : 0)
            | (one.Receiving != other.Receiving ? ReceivingGroups : 0);
        var conditions = one.Conditions ^ other.Conditions;
        var unknown = one.Unknown ^ other.Unknown;
        var impossible = 0U;
        for (var group = 0; group < MaxGroups; group += Vector256<ulong>.Count)
        {
            var changed = (Vector256.Create(looked, group) & Vector256.Create(conditions)) | (Vector256.Create(counted, group) & Vector256.Create(unknown));
            touched |= NotZero(changed) << group;

            // Where all figures want another kind of case, neither state contributes.
            var needed = Vector256.Create(required, group);
            var isLacked = Vector256.AndNot(needed, Vector256.Create(one.Conditions));
            impossible |= (NotZero(isLacked) & NotZero(Vector256.AndNot(needed, Vector256.Create(other.Conditions)))) << group;
        }

        var placed = ((one.FiledAt | other.FiledAt) != 0 ? FiledGroups : 0) | ((one.AcceptedAt | other.AcceptedAt) != 0 ? AcceptedGroups : 0)
            | ((one.EndedAt | other.EndedAt) != 0 ? EndedGroups : 0) | ((one.Due | other.Due) != 0 ? DueGroups : 0);
        return touched & placed & ~impossible & used;
    }

    private static uint NotZero(Vector256<ulong> words) => ~Vector256.Equals(words, Vector256<ulong>.Zero).ExtractMostSignificantBits() & 0b1111;

    /// <summary>Keeps of a case's conditions what the group's figures look at, so that other changes do not look like changes.</summary>
    public ulong Relevant(int group, ulong conditions) => conditions & looked[group];

    /// <summary>Keeps of a case's unknown conditions what the group's figures count.</summary>
    public ulong RelevantUnknown(int group, ulong unknown) => unknown & counted[group];

    /// <summary>Finds the lanes a contribution counts in; at most one per figure of the group.</summary>
    /// <returns>How many were written.</returns>
    public int LanesOf(int group, ulong conditions, ulong unknown, Span<ushort> lanes)
    {
        var count = 0;
        foreach (var figure in byGroup[group])
        {
            var lane = figure.LaneOf(conditions, unknown);
            if (lane >= 0)
            {
                lanes[count++] = (ushort)lane;
            }
        }

        return count;
    }

    public CompiledFigure FigureOfLane(int lane) => Figures.First(figure => lane >= figure.FirstLane && lane < figure.FirstLane + figure.LaneCount);

    public static int GroupOf(FigureDefinition definition) => ((int)definition.Unit * TimeRoles) + (int)definition.Time;

    private sealed record NumberedFigure(int Number, FigureDefinition Definition);
}
