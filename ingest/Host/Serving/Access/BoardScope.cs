namespace KpiStream.Ingest.Host.Serving.Access;

/// <summary>What a board token shows: a unit with everything below it, small cells hidden where anybody may look. Immutable.</summary>
/// <param name="Unit">The unit's code.</param>
/// <param name="IsPublic">True when anybody may look.</param>
internal sealed record BoardScope(string Unit, bool IsPublic)
{
    /// <summary>The frame, or of one that shows more than the scope the row of one unit.</summary>
    /// <param name="frame">A board on which the unit is.</param>
    /// <param name="unit">The unit asked for, which is the scope's or below it.</param>
    public BoardFrame Of(BoardFrame frame, string unit, UnitDirectory directory)
    {
        var cut = directory.IsAtOrBelow(frame.Province.Code, Unit) ? frame : Cut(frame, unit, directory);
        cut = cut with { Above = cut.Above is { } above && directory.IsAtOrBelow(above.Code, Unit) ? above : null };
        return IsPublic ? SmallCells.Hide(cut) : cut;
    }

    /// <summary>Only what the frame has of one unit, which then is the board's own.</summary>
    private static BoardFrame Cut(BoardFrame frame, string unit, UnitDirectory directory)
    {
        var rows = frame.Units.Where(row => row.Code == unit).ToList();
        var (listed, counts) = BoardAlertCounts.Cut([.. frame.AllAlerts.Where(alert => alert.Unit == unit)], static _ => false);
        var name = directory.Find(unit) is { } known ? new BoardUnitName(known.Code, known.Name, known.Kind) : new BoardUnitName(unit, unit, "");
        return frame with
        {
            Province = name,
            Above = null,
            Headline = rows is [var row] ? row.Cells : new Dictionary<string, FigureCell>(),
            Spans = [],
            ProcedureFigures = [],
            Gauges = rows is [var only] ? new Dictionary<string, long>
            {
                [Gauges.NameOf(Gauge.Open)] = only.Open,
                [Gauges.NameOf(Gauge.Overdue)] = only.Overdue,
            }
            : new Dictionary<string, long>(),
            Units = rows,
            FoldedCodes = 0,
            LowVolume = frame.LowVolume with { Count = null, Units = [.. frame.LowVolume.Units.Where(low => low.Code == unit)] },
            Alerts = listed,
            AlertCounts = counts,
            AllAlerts = [],
            Trust = frame.Trust with { SelfCheck = frame.Trust.SelfCheck is { } check && check.Unit == unit ? check : null },
        };
    }
}
