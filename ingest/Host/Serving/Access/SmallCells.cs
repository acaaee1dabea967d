namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// A board that anybody may look at: no count of 1 to 4 cases is in it, and no other number from which one could be computed by subtraction. A cell whose
/// denominator, numerator or their difference is so small is hidden whole; where it is the only hidden one of a figure, the smallest other one too, for the
/// headline is their sum. Gauges and the low-volume list are rounded to 5; alerts and self-checks, which name counts, are left out.
/// </summary>
internal static class SmallCells
{
    /// <summary>The least count that is shown.</summary>
    public const int Least = 5;

    private const string Note =
        "Bảng công khai: không công bố số dưới 5 hồ sơ; "
        + "số đang giải quyết, quá hạn và số của xã ít hồ sơ làm tròn đến 5; không có cảnh báo.";

    private static readonly FigureCell Hidden = new(0, null, null, null, null, FigureState.TooFew) { Hidden = true };

    public static BoardFrame Hide(BoardFrame frame)
    {
        var headline = Hide(frame.Headline);
        return frame with
        {
            Headline = headline,
            Spans = [.. frame.Spans.Select(static span => span with { Cells = Hide(span.Cells) })],
            Gauges = frame.Gauges.ToDictionary(static gauge => gauge.Key, static gauge => Round(gauge.Value)),
            Units = HideUnits(frame.Units, headline),
            // Ordered anew: the order of the true counts would tell what rounding hides.
            LowVolume = frame.LowVolume with
            {
                Units = [.. frame.LowVolume.Units.Select(static unit => unit with { Count = Round(unit.Count) })
                    .OrderBy(static unit => unit.Count).ThenBy(static unit => unit.Code)],
            },
            Alerts = [],
            Trust = frame.Trust with { SelfCheck = null, Notes = [.. frame.Trust.Notes ?? [], Note] },
        };
    }

    /// <summary>True for a cell from whose counts a count of 1 to 4 cases can be read.</summary>
    public static bool IsSmall(FigureCell cell) => IsSmall(cell.D) || IsSmall(cell.U ?? 0)
        || (cell.N is { } n && (IsSmall(n) || IsSmall(cell.D - n) || IsSmall(cell.D - n - (cell.U ?? 0))));

    private static bool IsSmall(long count) => count is > 0 and < Least;

    private static long Round(long count) => (count + (Least / 2)) / Least * Least;

    private static Dictionary<string, FigureCell> Hide(IReadOnlyDictionary<string, FigureCell> cells) =>
        cells.ToDictionary(static cell => cell.Key, static cell => IsSmall(cell.Value) ? Hidden : cell.Value);

    private static List<BoardUnit> HideUnits(IReadOnlyList<BoardUnit> units, Dictionary<string, FigureCell> headline)
    {
        var cells = units.Select(static unit => Hide(unit.Cells)).ToList();
        foreach (var kpi in headline.Where(static cell => !cell.Value.Hidden).Select(static cell => cell.Key))
        {
            if (cells.Count(of => of.TryGetValue(kpi, out var cell) && cell.Hidden) == 1
                && cells.Where(of => of.TryGetValue(kpi, out var cell) && cell is { Hidden: false, D: > 0 }).MinBy(of => of[kpi].D) is { } neighbour)
            {
                neighbour[kpi] = Hidden;
            }
        }

        return [.. units.Zip(cells, static (unit, shown) => unit with { Cells = shown, Open = Round(unit.Open), Overdue = Round(unit.Overdue) })];
    }
}
