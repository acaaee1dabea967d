using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>Cases by province and procedure over one period: copied from a shard on its own thread, then added to those of the others.</summary>
public sealed class ProcedureSums
{
    private readonly Dictionary<(int Province, int Procedure), FigureCount> counts = [];

    /// <summary>Adds cases of a procedure in a province; ids of codes.</summary>
    public void Add(int province, int procedure, FigureCount count) =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, (province, procedure), out _) += count;

    /// <summary>Adds another shard's.</summary>
    public void Merge(ProcedureSums other)
    {
        foreach (var ((province, procedure), count) in other.counts)
        {
            Add(province, procedure, count);
        }
    }

    /// <summary>The cases of each procedure in some provinces together; procedures without any are left out.</summary>
    /// <param name="isIn">Says of a province's code id whether it is one of them.</param>
    public IReadOnlyList<(int Procedure, FigureCount Cases)> Of(Func<int, bool> isIn) =>
    [
        .. counts.Where(one => isIn(one.Key.Province)).GroupBy(static one => one.Key.Procedure, static one => one.Value)
            .Select(static group => (group.Key, group.Aggregate(static (sum, more) => sum + more))).Where(static one => one.Item2.Denominator > 0),
    ];

    /// <summary>Procedures counted once each: those with a case, those with one in the numerator, those without but with an unobserved one.</summary>
    public static FigureCount Count(IReadOnlyList<(int Procedure, FigureCount Cases)> procedures) => new(
        procedures.Count, procedures.Count(static one => one.Cases.Numerator > 0),
            procedures.Count(static one => one.Cases is { Numerator: 0, Unobserved: > 0 }));
}
