namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>One unit and its context: <c>GET /api/v1/units/{code}</c>.</summary>
/// <param name="Now">The instant it is of, local time to the second.</param>
/// <param name="Above">The units above it, nearest first.</param>
/// <param name="Below">How many units are right below it.</param>
/// <param name="Predecessors">The old units whose cases are now counted under it.</param>
/// <param name="OverdueTotal">Its open cases past their deadline, as its gauge counts them.</param>
/// <param name="Overdue">The first <see cref="MostOverdue"/> of them, the oldest deadline first.</param>
internal sealed record UnitAnswer(
    string Now, string Code, string Name, string Kind, IReadOnlyList<BoardUnitName> Above, int Below, IReadOnlyList<BoardUnitName> Predecessors,
    int OverdueTotal, IReadOnlyList<OverdueAnswer> Overdue)
{
    public const int MostOverdue = 20;

    /// <param name="row">A unit of the directory.</param>
    public static async Task<UnitAnswer> ReadAsync(StreamEngine engine, UnitRow row, long now)
    {
        now = await engine.MoveToAsync(now, CancellationToken.None);
        var (directory, today) = (engine.Options.Directory, LocalTime.DayOf(now));
        var overdue = (await Task.WhenAll(Enumerable.Range(0, engine.Options.Shards).Select(shard => LookAsync(engine, shard, row.Code, now))))
            .SelectMany(static found => found).OrderBy(static one => one.Due).ThenBy(static one => one.Case.ToString()).ToList();
        return new UnitAnswer(
            InstantText.ToLocalSeconds(now), row.Code, row.Name, row.Kind, [.. directory.Above(row.Code).Select(code => NameOf(directory.Find(code)!))],
            directory.Rows.Count(one => one.Parent == row.Code && one.ValidTo is null),
            [.. directory.Rows.Where(one => one.ValidTo is not null && directory.Resolve(one.Code, today) == row.Code && one.Code != row.Code).Select(NameOf)],
            overdue.Count,
            [.. overdue.Take(MostOverdue).Select(one => new OverdueAnswer(
                one.Case.ToString(), one.Procedure == 0 ? null : engine.Options.Codes.Procedures.Text(one.Procedure), InstantText.ToLocalSeconds(one.Due),
                LocalTime.DayOf(now) - LocalTime.DayOf(one.Due)))]);
    }

    private static BoardUnitName NameOf(UnitRow row) => new(row.Code, row.Name, row.Kind);

    /// <summary>A few thousand cases at a time, so that what comes in waits for none of it.</summary>
    private static async Task<IReadOnlyList<OverdueCase>> LookAsync(StreamEngine engine, int shard, string unit, long now)
    {
        var (directory, today) = (engine.Options.Directory, LocalTime.DayOf(now));
        var known = new Dictionary<int, bool>();
        var overdue = new OverdueCases(
            handling =>
            {
                if (!known.TryGetValue(handling, out var isOf))
                {
                    var shown = engine.Options.Codes.Units.Text(engine.Successors.Resolve(handling, today));
                    known.Add(handling, isOf = directory.IsAtOrBelow(shown, unit));
                }

                return isOf;
            },
            now);
        for (int? from = 0; from is { } next;)
        {
            from = await engine.AskShardAsync(shard, state => state.Look(overdue, next));
        }

        return overdue.Found;
    }
}

/// <summary>An overdue case.</summary>
/// <param name="Case">Its pseudonym.</param>
/// <param name="Due">Its deadline, local time to the second.</param>
/// <param name="Days">Local days since then.</param>
internal sealed record OverdueAnswer(string Case, string? Procedure, string Due, int Days);
