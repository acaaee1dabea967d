namespace KpiStream.Engine.Boards;

/// <summary>What is different in a list whose order means nothing or follows from its rows; written without its nulls.</summary>
/// <param name="All">The whole newer list, where two rows have the same key.</param>
/// <param name="Changed">The rows that changed or are new.</param>
/// <param name="Gone">The keys of the rows that are there no more; a key's parts are separated by line feeds.</param>
public sealed record BoardListDelta<T>(IReadOnlyList<T>? All, IReadOnlyList<T>? Changed, IReadOnlyList<string>? Gone);

/// <summary>Compares lists.</summary>
public static class BoardListDelta
{
    /// <summary>Null when both lists have the same rows.</summary>
    /// <param name="keyOf">What tells a row from all others.</param>
    public static BoardListDelta<T>? Between<T>(IReadOnlyList<T> seen, IReadOnlyList<T> newer, Func<T, string> keyOf)
    {
        if (ReferenceEquals(seen, newer) || seen.SequenceEqual(newer))
        {
            return null;
        }

        var before = new Dictionary<string, T>();
        if (!seen.All(row => before.TryAdd(keyOf(row), row)) || newer.Select(keyOf).Distinct().Count() < newer.Count)
        {
            return new BoardListDelta<T>(newer, null, null);
        }

        var changed = newer.Where(row => !before.Remove(keyOf(row), out var old) || !EqualityComparer<T>.Default.Equals(old, row)).ToList();
        return changed.Count + before.Count == 0 ? null
            : new BoardListDelta<T>(null, changed.Count > 0 ? changed : null, before.Count > 0 ? [.. before.Keys] : null);
    }
}
