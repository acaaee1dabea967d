using KpiStream.Engine.Units;

namespace KpiStream.Engine.Alerts;

/// <summary>The units whose alerts a silent source holds back.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The codes of the first five by code.</param>
public sealed record HeldUnits(int Count, IReadOnlyList<string> First)
{
    private const int MostNamed = 5;

    public static HeldUnits Of(IReadOnlyList<string> units) => new(units.Count, [.. units.Take(MostNamed)]);
}

/// <summary>
/// Which units a source of events feeds: those that its events stated as receiving or handling in the 30 days up to its newest event, with all above them. So
/// a source that died still feeds what it fed. What follows from the events alone does not depend on their order: a replay finds the same.
/// </summary>
/// <param name="stated">What the sources have stated; asked for at most once.</param>
/// <param name="directory">Finds aliases, successors and what is above a unit.</param>
/// <param name="today">The local day whose successors hold.</param>
public sealed class FedUnits(Func<StreamCounts> stated, UnitDirectory directory, int today)
{
    /// <summary>Local days in which a source has stated every unit it feeds.</summary>
    public const int Days = 30;

    /// <summary>Of a source that states units in less than one event of ten, events are updates of the cases of others, and may be about any unit.</summary>
    private const int LeastShare = 10;

    private readonly Lazy<StreamCounts> counts = new(stated);
    private readonly Dictionary<string, (HashSet<string> All, IReadOnlyList<string> Own)?> bySource = [];

    /// <summary>What the sources have stated.</summary>
    public StreamCounts Stated => counts.Value;

    /// <summary>Whether it feeds a unit, or may, because nobody knows which it feeds.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="unit">The unit's code.</param>
    public bool Feeds(string source, string unit) =>
        Find(source) is not { } fed || fed.All.Contains(unit) || (fed.All.Contains("") && directory.Find(unit) is null);

    /// <summary>The codes of the units it feeds, without those above them, in order; null where that is not known.</summary>
    public IReadOnlyList<string>? Of(string source) => Find(source)?.Own;

    private (HashSet<string> All, IReadOnlyList<string> Own)? Find(string source)
    {
        if (!bySource.TryGetValue(source, out var found))
        {
            found = bySource[source] = Stated.Sources.FirstOrDefault(one => one.Source == source && source.Length > 0) is { } known ? Read(known) : null;
        }

        return found;
    }

    private (HashSet<string> All, IReadOnlyList<string> Own)? Read(SourceKeys source)
    {
        var (events, states) = (source.Days.Sum(static day => day.Events),
            source.Days.Sum(static day => Math.Max(day.Counts[(int)CaseKey.Receiving], day.Counts[(int)CaseKey.Handling])));
        if (source.Days is not [.., var newest] || newest.Day - Days <= Stated.UnitsSince || states * LeastShare < events)
        {
            return null;
        }

        var own = source.Units.Where(unit => unit.Value > newest.Day - Days).Select(unit => directory.Resolve(unit.Key, today))
            .ToHashSet(StringComparer.Ordinal);
        return own.Count == 0 ? null
            : (own.Concat(own.SelectMany(directory.Above)).ToHashSet(StringComparer.Ordinal),
                [.. own.Where(static unit => unit.Length > 0).Order(StringComparer.Ordinal)]);
    }
}
