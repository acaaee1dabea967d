using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Boards;

/// <summary>
/// Cells by figure, all or some of a rulebook's, in its order. One array of cells serves a frame and everything said of what changed in it: a dictionary
/// for each unit of each frame would be most of what a frame allocates. Immutable.
/// </summary>
internal sealed class FigureCells : IReadOnlyDictionary<string, FigureCell>
{
    private readonly FigureIds ids;
    private readonly FigureCell[] cells;
    private readonly ulong present;

    private FigureCells(FigureIds ids, FigureCell[] cells, ulong present) => (this.ids, this.cells, this.present) = (ids, cells, present);

    public int Count => BitOperations.PopCount(present);

    public IEnumerable<string> Keys => this.Select(static pair => pair.Key);

    public IEnumerable<FigureCell> Values => this.Select(static pair => pair.Value);

    public FigureCell this[string key] => TryGetValue(key, out var cell) ? cell : throw new KeyNotFoundException($"There is no cell of '{key}'.");

    /// <summary>The cells of all figures.</summary>
    /// <param name="ids">The figures, at most <see cref="Rulebook.MaxFigures"/>.</param>
    /// <param name="cells">In their order; owned by what is returned.</param>
    public static FigureCells Of(FigureIds ids, FigureCell[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, ids.Count);
        return new FigureCells(ids, cells, cells.Length == 0 ? 0 : ulong.MaxValue >> (64 - cells.Length));
    }

    /// <summary>The cells of the figures named that are here.</summary>
    public FigureCells Only(IReadOnlySet<string> figures)
    {
        var kept = 0UL;
        for (var left = present; left != 0; left &= left - 1)
        {
            var place = BitOperations.TrailingZeroCount(left);
            kept |= figures.Contains(ids[place]) ? 1UL << place : 0;
        }

        return new FigureCells(ids, cells, kept);
    }

    /// <summary>The cells that another one has not, or has differently. False where the other's figures are not these.</summary>
    /// <param name="changes">Null for none.</param>
    public bool TryChanges(FigureCells seen, out FigureCells? changes)
    {
        changes = null;
        if (seen.ids != ids)
        {
            return false;
        }

        var changed = present & ~seen.present;
        for (var left = present & seen.present; left != 0; left &= left - 1)
        {
            var place = BitOperations.TrailingZeroCount(left);
            changed |= cells[place] == seen.cells[place] ? 0 : 1UL << place;
        }

        changes = changed == 0 ? null : new FigureCells(ids, cells, changed);
        return true;
    }

    public bool ContainsKey(string key) => ids.PlaceOf(key) is >= 0 and var place && (present >> place & 1) != 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out FigureCell value)
    {
        var place = ids.PlaceOf(key);
        var isHere = place >= 0 && (present >> place & 1) != 0;
        value = isHere ? cells[place] : default;
        return isHere;
    }

    public IEnumerator<KeyValuePair<string, FigureCell>> GetEnumerator()
    {
        for (var left = present; left != 0; left &= left - 1)
        {
            var place = BitOperations.TrailingZeroCount(left);
            yield return new(ids[place], cells[place]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
