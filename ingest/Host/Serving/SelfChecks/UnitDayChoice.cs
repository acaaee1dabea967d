using KpiStream.Engine.Reconciliation;

namespace KpiStream.Ingest.Host.Serving.SelfChecks;

/// <summary>
/// Chooses at random what is counted again: a day on which anything was counted, and a unit, mostly one that was counted on it, now and then any that was there
/// on it, for a zero can be wrong too. The same seed and counters give the same choice. Owned by one flow.
/// </summary>
internal sealed class UnitDayChoice(StreamEngine engine, int seed)
{
    private const int OneInAny = 8;

    private readonly Random chance = new(seed);

    /// <summary>Null while nothing has been counted.</summary>
    public async Task<UnitDay?> NextAsync(CancellationToken stop)
    {
        var days = (await engine.AskAsync(static state => state.Ledger.Figures.Days.Days.ToList(), stop)).SelectMany(static days => days).Distinct()
            .Order().ToList();
        if (days.Count == 0)
        {
            return null;
        }

        var day = days[chance.Next(days.Count)];
        var counted = (await engine.AskAsync(state => state.Ledger.Figures.Days.On(day)?.Keys.ToList() ?? [], stop)).SelectMany(static units => units);
        var units = chance.Next(OneInAny) == 0 ? ThereOn(LocalTime.DateOf(day)) : Known(counted);
        return units.Count == 0 ? null : new UnitDay(units[chance.Next(units.Count)], LocalTime.DateOf(day));
    }

    /// <summary>A code of no directory is counted under itself, but may be anything: it is not to be shown as what was checked.</summary>
    private List<string> Known(IEnumerable<int> counted) =>
        [.. counted.Select(engine.Options.Codes.Units.Text).Where(code => code == UnitDirectory.Unstated || IsLeaf(code)).Distinct()
            .Order()];

    private List<string> ThereOn(DateOnly day) =>
        [.. engine.Options.Directory.Rows.Where(row => row.ValidTo is not { } end || day < end).Select(row => row.Code).Where(engine.Options.Directory.IsLeaf)
            .Order()];

    private bool IsLeaf(string code) => engine.Options.Directory.Find(code) is not null && engine.Options.Directory.IsLeaf(code);
}
