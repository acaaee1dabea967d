namespace KpiStream.Ingest.Host.Serving.Api;

/// <summary>The overdue cases of all units at one now. Immutable; one reading is for all who ask in its time.</summary>
/// <param name="Now">Milliseconds since 1970 UTC.</param>
/// <param name="Units">By code, those that have any, a part for each shard.</param>
internal sealed record OverdueReading(long Now, ILookup<string, OverdueOfUnit> Units)
{
    /// <summary>Looks through all cases, a few thousand at a time and one shard after another, so that what comes in waits for none of it.</summary>
    public static async Task<OverdueReading> TakeAsync(StreamEngine engine, long now)
    {
        now = await engine.MoveToAsync(now, CancellationToken.None);
        var today = LocalTime.DayOf(now);
        var parts = new List<KeyValuePair<int, OverdueOfUnit>>();
        for (var shard = 0; shard < engine.Options.Shards; shard++)
        {
            var overdue = new OverdueCases(handling => engine.Successors.Resolve(handling, today), now);
            for (int? from = 0; from is { } next;)
            {
                from = await engine.AskShardAsync(shard, state => state.Look(overdue, next));
            }

            parts.AddRange(overdue.Units);
        }

        return new OverdueReading(now, parts.ToLookup(part => engine.Options.Codes.Units.Text(part.Key), static part => part.Value));
    }

    /// <summary>Of a unit and all below it: how many, and those with the oldest deadlines.</summary>
    public (int Count, IReadOnlyList<OverdueCase> Oldest) Of(string unit, UnitDirectory directory)
    {
        List<OverdueOfUnit> parts = [.. Units.Where(part => directory.IsAtOrBelow(part.Key, unit)).SelectMany(static part => part)];
        return (parts.Sum(static part => part.Count),
            [.. parts.SelectMany(static part => part.Oldest).OrderBy(static one => one.Due).ThenBy(static one => one.Case.ToString())
                .Take(OverdueCases.MostKept)]);
    }
}
