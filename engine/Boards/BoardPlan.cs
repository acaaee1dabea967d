using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>What a board shows; fixed while the engine runs.</summary>
public sealed record BoardPlan
{
    public required CompiledRulebook Rules { get; init; }

    public required UnitDirectory Directory { get; init; }

    /// <summary>The unit in the headline; the rows are the units right below it.</summary>
    public required UnitRow Top { get; init; }

    /// <summary>The period of all figures on the board.</summary>
    public required Period Period { get; init; }

    /// <summary>The figure, bound and days of the low-volume list.</summary>
    public required LowVolumePlan LowVolume { get; init; }

    /// <summary>The procedures offered.</summary>
    public ProcedureCatalogue Catalogue { get; init; } = ProcedureCatalogue.Empty;

    public required int StaleAfterSeconds { get; init; }

    public required bool Demo { get; init; }

    /// <summary>
    /// The unit a directory is about: from the top downwards as long as there is just one unit below with units below it.
    /// For a province's directory that is the province, for the nation's the nation.
    /// </summary>
    public static UnitRow TopOf(UnitDirectory directory)
    {
        var top = directory.Rows.FirstOrDefault(row => row.Parent is null && row.ValidTo is null)
            ?? new UnitRow(UnitDirectory.Unstated, "Không rõ", "", null, null, null, null, []);
        while (RowsBelow(directory, top.Code) is [var only] && !directory.IsLeaf(only.Code))
        {
            top = only;
        }

        return top;
    }

    /// <summary>The units right below one, still valid, in the directory's order.</summary>
    public static IReadOnlyList<UnitRow> RowsBelow(UnitDirectory directory, string code) =>
        [.. directory.Rows.Where(row => row.Parent == code && row.ValidTo is null)];
}

/// <summary>The low-volume list: units below a count of a volume figure.</summary>
/// <param name="JudgedOn">The last day counted; null to count to now.</param>
public sealed record LowVolumePlan(string Figure, long FewerThan, DateOnly Since, DateOnly? JudgedOn)
{
    public Period Period => JudgedOn is { } last
        ? new Period($"{Since:yyyy-MM-dd}..{last:yyyy-MM-dd}", PeriodKind.Range, From: Since, To: last)
        : new Period($"since:{Since:yyyy-MM-dd}", PeriodKind.Since, From: Since);
}
