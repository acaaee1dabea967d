namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>One unit and its context: <c>GET /api/v1/units/{code}</c>.</summary>
/// <param name="Now">The instant it is of, local time to the second.</param>
/// <param name="Above">The units above it, nearest first.</param>
/// <param name="Below">How many units are right below it.</param>
/// <param name="Predecessors">The old units whose cases are now counted under it.</param>
/// <param name="OverdueTotal">Its open cases past their deadline, as its gauge counts them.</param>
/// <param name="Overdue">The first <see cref="OverdueCases.MostKept"/> of them, the oldest deadline first.</param>
internal sealed record UnitAnswer(
    string Now, string Code, string Name, string Kind, IReadOnlyList<BoardUnitName> Above, int Below, IReadOnlyList<BoardUnitName> Predecessors,
    int OverdueTotal, IReadOnlyList<OverdueAnswer> Overdue)
{
    /// <param name="row">A unit of the directory.</param>
    public static UnitAnswer Create(StreamEngine engine, UnitRow row, OverdueReading overdue)
    {
        var (directory, today) = (engine.Options.Directory, LocalTime.DayOf(overdue.Now));
        var (count, oldest) = overdue.Of(row.Code, directory);
        return new UnitAnswer(
            InstantText.ToLocalSeconds(overdue.Now), row.Code, row.Name, row.Kind, [.. directory.Above(row.Code).Select(code => NameOf(directory.Find(code)!))],
            directory.Rows.Count(one => one.Parent == row.Code && one.ValidTo is null),
            [.. directory.Rows.Where(one => one.ValidTo is not null && directory.Resolve(one.Code, today) == row.Code && one.Code != row.Code).Select(NameOf)],
            count,
            [.. oldest.Select(one => new OverdueAnswer(
                one.Case.ToString(), one.Procedure == 0 ? null : engine.Options.Codes.Procedures.Text(one.Procedure), InstantText.ToLocalSeconds(one.Due),
                today - LocalTime.DayOf(one.Due)))]);
    }

    private static BoardUnitName NameOf(UnitRow row) => new(row.Code, row.Name, row.Kind);
}

/// <summary>An overdue case.</summary>
/// <param name="Case">Its pseudonym.</param>
/// <param name="Due">Its deadline, local time to the second.</param>
/// <param name="Days">Local days since then.</param>
internal sealed record OverdueAnswer(string Case, string? Procedure, string Due, int Days);
