using KpiStream.Engine.Units;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Rows of counters by unit code, used for one stretch of time after another. Bound: the units of one stretch, and those above them. Owned by who exports.
/// </summary>
/// <param name="width">Counters in a row.</param>
/// <param name="text">From code id to code.</param>
/// <param name="directory">Who is above whom; null when every unit counts for itself alone.</param>
internal sealed class UnitCounters(int width, Func<int, string> text, UnitDirectory? directory)
{
    private readonly Dictionary<string, int> places = [];
    private readonly Dictionary<int, int[]> shown = [];
    private int[] counters = [];

    /// <summary>Units with a row, in the order in which they came.</summary>
    public IEnumerable<string> Units => places.Keys;

    /// <summary>The row at one of the <see cref="PlacesOf"/> a unit.</summary>
    public Span<int> this[int place] => counters.AsSpan(place * width, width);

    /// <summary>Where a unit counts: in its own row, and in those of the units above it. Made at zero when they are new.</summary>
    public ReadOnlySpan<int> PlacesOf(int unit)
    {
        if (!shown.TryGetValue(unit, out var rows))
        {
            var code = text(unit);
            rows = [.. (directory?.Above(code) ?? []).Prepend(code).Select(PlaceOf)];
            shown.Add(unit, rows);
        }

        return rows;
    }

    /// <summary>A unit's row; empty when it has none.</summary>
    public ReadOnlySpan<int> Of(string unit) => places.TryGetValue(unit, out var place) ? this[place] : default;

    /// <summary>Forgets all units.</summary>
    public void Clear()
    {
        counters.AsSpan(0, places.Count * width).Clear();
        places.Clear();
        shown.Clear();
    }

    private int PlaceOf(string code)
    {
        if (!places.TryGetValue(code, out var place))
        {
            place = places.Count;
            places.Add(code, place);
            if (places.Count * width > counters.Length)
            {
                Array.Resize(ref counters, Math.Max(counters.Length * 2, width * 64));
            }
        }

        return place;
    }
}
