namespace KpiStream.Engine.Boards;

/// <summary>What a reader who has seen one frame needs in order to show a newer one.</summary>
public static class BoardDiff
{
    /// <summary>
    /// Only what changed. Null when the whole newer frame is needed: a delta replaces and adds, it cannot remove a unit or a cell,
    /// which only a new day or directory does.
    /// </summary>
    public static BoardDelta? Between(BoardFrame seen, BoardFrame newer)
    {
        var units = ChangedUnits(seen.Units, newer.Units);
        var isSameBoard = (seen.Demo, seen.StaleAfterSeconds, seen.Province, seen.Above, seen.Period, seen.PageVersion)
            == (newer.Demo, newer.StaleAfterSeconds, newer.Province, newer.Above, newer.Period, newer.PageVersion);
        if (units is null || !isSameBoard || newer.Headline.Count < seen.Headline.Count || (newer.DataTime is null && seen.DataTime is not null)
            || (newer.LowVolume.JudgedOn is null && seen.LowVolume.JudgedOn is not null) || !HasSameSpans(seen, newer)
            || (newer.AlertCounts is null && seen.AlertCounts is not null) || (newer.LowVolume.Count is null && seen.LowVolume.Count is not null))
        {
            return null;
        }

        return new BoardDelta
        {
            Id = newer.Id,
            Now = newer.Now,
            DataTime = Changed(seen.DataTime, newer.DataTime),
            Stale = ChangedValue(seen.Stale, newer.Stale),
            CaughtUp = ChangedValue(seen.CaughtUp, newer.CaughtUp),
            Phase = Changed(seen.Phase, newer.Phase),
            SourceState = Changed(seen.SourceState, newer.SourceState),
            PeriodLabel = Changed(seen.PeriodLabel, newer.PeriodLabel),
            Figures = Same(seen.Figures, newer.Figures, static (a, b) => a.LooksLike(b)) ? null : newer.Figures,
            Spans = ChangedSpans(seen.Spans, newer.Spans),
            ProcedureFigures = HasSameProcedures(seen, newer) ? null : newer.ProcedureFigures,
            ProcedureCells = HasSameProcedures(seen, newer) ? ChangedCells(CellsOf(seen), CellsOf(newer)) : null,
            Headline = ChangedCells(seen.Headline, newer.Headline),
            Gauges = seen.Gauges.Count == newer.Gauges.Count
                && newer.Gauges.All(gauge => seen.Gauges.TryGetValue(gauge.Key, out var old) && old == gauge.Value) ? null : newer.Gauges,
            Units = units.Count == 0 ? null : units,
            FoldedCodes = ChangedValue(seen.FoldedCodes, newer.FoldedCodes),
            LowVolume = ChangedLowVolume(seen.LowVolume, newer.LowVolume),
            Alerts = BoardListDelta.Between(
                seen.Alerts, newer.Alerts, static alert => $"{alert.Rule}\n{alert.Unit}\n{alert.State}\n{alert.Since}"),
            AlertCounts = seen.AlertCounts == newer.AlertCounts ? null : newer.AlertCounts,
            Trust = ChangedTrust(seen.Trust, newer.Trust),
        };
    }

    private static bool HasSameSpans(BoardFrame seen, BoardFrame newer) =>
        Same(seen.Spans, newer.Spans, static (a, b) => a.Period == b.Period && a.Cells.Keys.All(b.Cells.ContainsKey));

    private static List<BoardSpan>? ChangedSpans(IReadOnlyList<BoardSpan> seen, IReadOnlyList<BoardSpan> newer)
    {
        var changed = seen.Zip(newer, static (old, span) => ChangedCells(old.Cells, span.Cells) is { } cells ? new BoardSpan(span.Period, cells) : null)
            .OfType<BoardSpan>().ToList();
        return changed.Count == 0 ? null : changed;
    }

    private static bool HasSameProcedures(BoardFrame seen, BoardFrame newer) =>
        Same(seen.ProcedureFigures, newer.ProcedureFigures, static (a, b) => a.Figure.LooksLike(b.Figure));

    private static Dictionary<string, FigureCell> CellsOf(BoardFrame frame) =>
        frame.ProcedureFigures.ToDictionary(static one => one.Figure.Kpi, static one => one.Cell);

    private static BoardLowVolumeDelta? ChangedLowVolume(BoardLowVolume seen, BoardLowVolume newer)
    {
        var changed = new BoardLowVolumeDelta(
            ChangedValue(seen.FewerThan, newer.FewerThan), Changed(seen.Since, newer.Since), Changed(seen.JudgedOn, newer.JudgedOn),
            ChangedValue(seen.Judged, newer.Judged), ChangedValue(seen.Known, newer.Known),
            BoardListDelta.Between(seen.Units, newer.Units, static unit => unit.Code))
        {
            Count = seen.Count == newer.Count ? null : newer.Count,
        };
        return changed == new BoardLowVolumeDelta(null, null, null, null, null, null) ? null : changed;
    }

    private static List<BoardUnitDelta>? ChangedUnits(IReadOnlyList<BoardUnit> seen, IReadOnlyList<BoardUnit> newer)
    {
        if (ReferenceEquals(seen, newer))
        {
            return [];
        }

        var before = seen.ToDictionary(unit => unit.Code);
        var changed = new List<BoardUnitDelta>();
        foreach (var unit in newer)
        {
            if (!before.Remove(unit.Code, out var old))
            {
                changed.Add(new BoardUnitDelta(unit.Code, unit.Name, unit.Kind, unit.Known, unit.Cells, unit.Open, unit.Overdue));
            }
            else if (!ReferenceEquals(old, unit))
            {
                var (cells, open, overdue) =
                    (ChangedCells(old.Cells, unit.Cells), ChangedValue(old.Open, unit.Open), ChangedValue(old.Overdue, unit.Overdue));
                if (cells is not null || open is not null || overdue is not null || old.Cells.Count != unit.Cells.Count)
                {
                    changed.Add(new BoardUnitDelta(unit.Code, null, null, null, cells, open, overdue));
                }
            }
        }

        return before.Count > 0 ? null : changed;
    }

    private static IReadOnlyDictionary<string, FigureCell>? ChangedCells(
        IReadOnlyDictionary<string, FigureCell> seen, IReadOnlyDictionary<string, FigureCell> newer)
    {
        if (newer is FigureCells cells && seen is FigureCells older && cells.TryChanges(older, out var changes))
        {
            return changes;
        }

        Dictionary<string, FigureCell>? changed = null;
        foreach (var (kpi, cell) in newer)
        {
            if (!seen.TryGetValue(kpi, out var old) || old != cell)
            {
                (changed ??= new()).Add(kpi, cell);
            }
        }

        return changed;
    }

    private static BoardTrustDelta? ChangedTrust(BoardTrust seen, BoardTrust newer)
    {
        var isSameCheck = seen.SelfCheck is { } a && newer.SelfCheck is { } b
            ? a with { Differences = b.Differences } == b && a.Differences.SequenceEqual(b.Differences)
            : seen.SelfCheck == newer.SelfCheck;
        var changed = new BoardTrustDelta(
            Changed(seen.Rulebook, newer.Rulebook), Changed(seen.Directory, newer.Directory), ChangedValue(seen.Events, newer.Events),
            ChangedValue(seen.RejectedToday, newer.RejectedToday), ChangedValue(seen.LateToday, newer.LateToday),
            ChangedValue(seen.Duplicates, newer.Duplicates),
            ChangedValue(seen.Lag, newer.Lag), BoardListDelta.Between(seen.Partitions, newer.Partitions, static lag => lag.Name),
            seen.RejectedReasons.SequenceEqual(newer.RejectedReasons) ? null : newer.RejectedReasons, isSameCheck ? null : newer.SelfCheck,
            (seen.Notes ?? []).SequenceEqual(newer.Notes ?? []) ? null : newer.Notes ?? [],
            (seen.Sources ?? []).SequenceEqual(newer.Sources ?? []) ? null : newer.Sources ?? [])
        {
            Latency = seen.Latency == newer.Latency ? null : newer.Latency,
            AlertRules = Changed(seen.AlertRules, newer.AlertRules),
            Calendar = Changed(seen.Calendar, newer.Calendar),
        };
        return changed == new BoardTrustDelta(null, null, null, null, null, null, null, null, null, null, null, null) ? null : changed;
    }

    private static string? Changed(string? seen, string? newer) => seen == newer ? null : newer;

    private static T? ChangedValue<T>(T seen, T newer)
        where T : struct, IEquatable<T> => seen.Equals(newer) ? null : newer;

    private static bool Same<T>(IReadOnlyList<T> seen, IReadOnlyList<T> newer, Func<T, T, bool> looksLike) =>
        seen.Count == newer.Count && seen.Zip(newer, looksLike).All(static same => same);
}
