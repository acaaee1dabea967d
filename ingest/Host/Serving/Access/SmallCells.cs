namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>
/// A board that anybody may look at: no count of fewer than five cases can be read from it or computed. Every count is rounded down to a multiple of five, each
/// by its value alone, so that figures, periods, units and totals that share cases tell no more together than each by itself; a total of few rows is rounded
/// further where it would narrow down one of them. Ratios are those of the rounded counts, from 50 cases on. Alerts and self-checks, which name counts, are
/// left out.
/// </summary>
internal static class SmallCells
{
    /// <summary>The least count that is shown, and what every count is a multiple of.</summary>
    public const int Least = 5;

    /// <summary>The least denominator of a ratio that is shown: rounding moves it by less than eight points, and usually by two.</summary>
    public const int LeastOfRatio = 50;

    /// <summary>A total of fewer parts says something of each of them.</summary>
    private const int Few = 6;

    private const string Note = "Bảng công khai: số hồ sơ làm tròn xuống bội của 5, cập nhật mỗi phút; "
        + "không công bố số dưới 5 và tỷ lệ của dưới 50 hồ sơ; không có cảnh báo.";

    private static readonly FigureCell Hidden = new(0, null, FigureState.TooFew) { Hidden = true };

    public static BoardFrame Hide(BoardFrame frame)
    {
        var targets = frame.Figures.ToDictionary(static figure => figure.Kpi, static figure => figure.Target);
        var units = frame.Units.Select(unit => unit with
        {
            Cells = unit.Cells.ToDictionary(static cell => cell.Key, cell => Publish(cell.Value, targets.GetValueOrDefault(cell.Key))),
            Open = Floor(unit.Open),
            Overdue = Floor(unit.Overdue),
        }).ToList();
        return frame with
        {
            Headline = frame.Headline.ToDictionary(
                static cell => cell.Key, cell => PublishTotal(cell.Key, cell.Value, frame.Units, targets.GetValueOrDefault(cell.Key))),
            // Another period may hold the very same cases.
            Spans = frame.Units.Count < Few ? [] : [.. frame.Spans.Select(span => span with
            {
                Cells = span.Cells.ToDictionary(
                    static cell => cell.Key, cell => PublishTotal(cell.Key, cell.Value, frame.Units, targets.GetValueOrDefault(cell.Key))),
            })],
            Gauges = frame.Gauges.ToDictionary(static gauge => gauge.Key, gauge => FloorGauge(gauge.Key, gauge.Value, frame.Units)),
            Units = units,
            // Ordered anew: the order of the true counts would tell what rounding hides.
            LowVolume = frame.LowVolume with
            {
                Units = [.. frame.LowVolume.Units.Select(static unit => unit with { Count = Floor(unit.Count) })
                    .OrderBy(static unit => unit.Count).ThenBy(static unit => unit.Code)],
            },
            Alerts = [],
            AlertCounts = null,
            AllAlerts = [],
            Trust = frame.Trust with { SelfCheck = null, Notes = [.. frame.Trust.Notes ?? [], Note] },
        };
    }

    /// <summary>The greatest multiple of five that is not more.</summary>
    public static long Floor(long count) => count / Least * Least;

    /// <summary>
    /// A total, rounded down so far that each of its parts may still be anything its own rounding leaves open: parts that are at most four more than shown are
    /// together at most four for each but one of them more. That costs five cases at most, and with many parts next to never anything.
    /// </summary>
    /// <param name="parts">What the total is the sum of; one that is more than their sum counts something besides and is rounded alone.</param>
    public static long FloorTotal(long total, IReadOnlyCollection<long> parts) =>
        parts.Count == 0 || total > parts.Sum() ? Floor(total)
        : Math.Min(Floor(total), Floor(parts.Sum(Floor) + ((Least - 1) * (parts.Count - 1L))));

    private static FigureCell Publish(FigureCell cell, double? target) => Shown(cell, Floor(cell.D), Floor(cell.N ?? 0), Floor(cell.U ?? 0), target, parts: 1);

    private static FigureCell PublishTotal(string kpi, FigureCell total, IReadOnlyList<BoardUnit> units, double? target)
    {
        var rows = units.Where(unit => unit.Cells.ContainsKey(kpi)).Select(unit => unit.Cells[kpi]).ToList();
        return Shown(
            total, FloorTotal(total.D, [.. rows.Select(static row => row.D)]), FloorTotal(total.N ?? 0, [.. rows.Select(static row => row.N ?? 0)]),
            FloorTotal(total.U ?? 0, [.. rows.Select(static row => row.U ?? 0)]), target, rows.Count);
    }

    private static long FloorGauge(string name, long total, IReadOnlyList<BoardUnit> units) =>
        name == Gauges.NameOf(Gauge.Open) ? FloorTotal(total, [.. units.Select(static unit => unit.Open)])
        : name == Gauges.NameOf(Gauge.Overdue) ? FloorTotal(total, [.. units.Select(static unit => unit.Overdue)])
        : Floor(total);

    private static FigureCell Shown(FigureCell cell, long d, long n, long u, double? common, int parts)
    {
        if (cell.N is null)
        {
            return d < Least ? Hidden : cell with { D = d };
        }

        if (d < LeastOfRatio)
        {
            return Hidden;
        }

        (n, u) = (Math.Min(n, d), Math.Min(u, Math.Max(0, d - n)));
        var state = cell.S;
        if ((cell.T ?? common) is { } target && state is FigureState.Ok or FigureState.Breach or FigureState.NotObserved)
        {
            // A verdict whose line runs among small counts, or sums of them, would tell them apart; elsewhere it stands, and what is shown agrees with it.
            var line = (decimal)target * d;
            if (Math.Min(line, d - line) < 2 * Least * Math.Clamp(parts, 1, Few))
            {
                state = FigureState.None;
            }
            else
            {
                (n, u) = Agree(state, d, n, u, line);
            }
        }

        return cell with
        {
            D = d,
            N = n,
            S = state,
            U = u > 0 ? u : null,
            X = u > 0 ? cell.X : null,
        };
    }

    /// <summary>The nearest counts that look as they were judged.</summary>
    private static (long N, long U) Agree(FigureState state, long d, long n, long u, decimal line)
    {
        var reached = (long)Math.Ceiling(line / Least) * Least;
        n = state == FigureState.Ok ? Math.Min(d, Math.Max(n, reached)) : Math.Min(n, reached - Least);
        u = state == FigureState.Breach ? Math.Min(u, reached - Least - n)
            : state == FigureState.NotObserved ? Math.Max(u, reached - n)
            : u;
        return (n, Math.Min(u, d - n));
    }
}
