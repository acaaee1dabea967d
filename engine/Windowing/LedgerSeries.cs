namespace KpiStream.Engine.Windowing;

/// <summary>The counters of some units together over many stretches of days: copied from a shard on its own thread in one pass over its day cells.</summary>
public static class LedgerSeries
{
    /// <summary>A row of lanes for each stretch.</summary>
    /// <param name="ledger">The ledger, standing still.</param>
    /// <param name="stretches">One after another without a gap, see <see cref="CalendarSteps"/>.</param>
    /// <param name="isIn">Says of a unit's code id whether it is counted; asked once for each.</param>
    public static int[][] Of(ContributionLedger ledger, IReadOnlyList<(DateOnly From, DateOnly To)> stretches, Func<int, bool> isIn)
    {
        var rows = stretches.Select(_ => new int[ledger.LaneCount]).ToArray();
        var known = new Dictionary<int, bool>();
        int[] starts = [.. stretches.Select(stretch => LocalTime.DayOf(stretch.From))];
        var end = LocalTime.DayOf(stretches[^1].To);
        foreach (var day in ledger.Days.Days.Where(day => day >= starts[0] && day <= end))
        {
            var place = Array.BinarySearch(starts, day);
            var row = rows[place >= 0 ? place : ~place - 1];
            foreach (var (unit, cell) in ledger.Days.On(day)!)
            {
                if (!known.TryGetValue(unit, out var isCounted))
                {
                    known.Add(unit, isCounted = isIn(unit));
                }

                if (isCounted)
                {
                    ledger.Days.AddTo(row, cell);
                }
            }
        }

        return rows;
    }
}
