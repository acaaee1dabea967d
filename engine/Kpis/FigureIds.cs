namespace KpiStream.Engine.Kpis;

/// <summary>The ids of a rulebook's figures and the place of each. Immutable.</summary>
internal sealed class FigureIds(IReadOnlyList<FigureDefinition> figures)
{
    private readonly string[] ids = [.. figures.Select(static figure => figure.Id)];
    private readonly Dictionary<string, int> places = figures.Select(static (figure, place) => (figure.Id, place))
        .ToDictionary(static each => each.Id, static each => each.place);

    public int Count => ids.Length;

    public string this[int place] => ids[place];

    /// <summary>From 0 in the rulebook's order; -1 where there is none of this id.</summary>
    public int PlaceOf(string id) => places.TryGetValue(id, out var place) ? place : -1;
}
