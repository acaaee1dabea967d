namespace KpiStream.Engine.Boards;

/// <summary>What a reader who has seen one frame needs in order to show a newer one.</summary>
public static class BoardDiff
{
    /// <summary>
    /// The newer frame with only those units that look different. When a unit has gone, which only a new day or directory brings, the whole
    /// newer frame is given: a delta can replace and add, not remove.
    /// </summary>
    public static BoardFrame Between(BoardFrame seen, BoardFrame newer)
    {
        var before = seen.Units.ToDictionary(unit => unit.Code, StringComparer.Ordinal);
        var changed = newer.Units.Where(unit => !before.Remove(unit.Code, out var old) || !old.LooksLike(unit)).ToList();
        return before.Count > 0 ? newer : newer with { Kind = "delta", Units = changed };
    }
}
