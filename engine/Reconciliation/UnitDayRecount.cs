using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// The figures of one unit on one day by <see cref="NaiveRecount"/>, of a log that is too long to be held: all events are shown to it twice. The first time
/// it marks the cases that can count there, for which some event must name a unit that became this one and some instant must lie on the day; the second time
/// it keeps the events of those cases. Bounded; beyond the bound it is <see cref="IsTooLarge"/>. Belongs to one flow.
/// </summary>
/// <param name="codes">The code book of the events.</param>
/// <param name="rulebook">The figures.</param>
/// <param name="place">What is counted.</param>
/// <param name="bounds">How much may be held.</param>
public sealed class UnitDayRecount(CodeBook codes, Rulebook rulebook, UnitDirectory directory, UnitDay place, UnitDayBounds bounds)
{
    private readonly NaiveRecount recount = new(codes, rulebook, directory);
    private readonly NaiveUnits units = new(directory);
    private readonly Dictionary<int, bool> becomesUnit = [];
    private readonly HashSet<CaseId> named = [];
    private HashSet<CaseId> marked = [];
    private int kept;

    /// <summary>True when the bounds did not suffice; there is then no answer.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Cases whose events were kept.</summary>
    public int Cases => recount.Cases;

    /// <summary>Takes an accepted event the first time.</summary>
    public void Mark(in CaseEvent seen)
    {
        if (NamesUnit(in seen.Values))
        {
            named.Add(seen.Case);
        }

        if (IsOnDay(in seen))
        {
            marked.Add(seen.Case);
        }

        IsTooLarge |= named.Count > bounds.MostCases || marked.Count > bounds.MostCases;
    }

    /// <summary>Everything has been shown once.</summary>
    public void EndMarking()
    {
        // A case that names no unit counts under the unstated one, so there any case may.
        if (place.Unit != UnitDirectory.Unstated)
        {
            marked.IntersectWith(named);
        }

        named.Clear();
        named.TrimExcess();
        marked.TrimExcess();
    }

    /// <summary>Takes an accepted event the second time.</summary>
    public void Keep(in CaseEvent seen)
    {
        if (!IsTooLarge && marked.Contains(seen.Case))
        {
            recount.Add(in seen);
            IsTooLarge = ++kept > bounds.MostEvents;
        }
    }

    /// <summary>Every figure of the rulebook by id.</summary>
    /// <param name="nowSecond">What lies after this second is left out.</param>
    public IReadOnlyDictionary<string, FigureCount> Count(long nowSecond)
    {
        var counts = rulebook.Figures.ToDictionary(figure => figure.Id, _ => default(FigureCount));
        foreach (var one in recount.Contributions.Where(
            one => one.Unit == place.Unit && one.Second <= nowSecond && LocalTime.DayOfSecond(one.Second) == LocalTime.DayOf(place.Day)))
        {
            counts[one.Figure] += new FigureCount(1, one.Numerator ? 1 : 0, one.Unobserved ? 1 : 0);
        }

        return counts;
    }

    private bool NamesUnit(in Registers values) => BecomesUnit(values.Handling) || BecomesUnit(values.Receiving);

    private bool BecomesUnit(int code)
    {
        if (code == 0)
        {
            return false;
        }

        if (!becomesUnit.TryGetValue(code, out var becomes))
        {
            becomes = units.OnDay(codes.Units.Text(code), place.Day) == place.Unit;
            becomesUnit.Add(code, becomes);
        }

        return becomes;
    }

    private bool IsOnDay(in CaseEvent seen) =>
        IsOnDay(seen.Stamp.At) || IsOnDay(seen.Values.Filed) || IsOnDay(seen.Values.Accepted) || IsOnDay(seen.Values.Due) || IsOnDay(seen.Values.Ended);

    private bool IsOnDay(long millis) => LocalTime.DayOf(millis) == LocalTime.DayOf(place.Day);
}

/// <summary>A unit on a local day.</summary>
/// <param name="Unit">The unit's code, which no row of the directory names as parent.</param>
public sealed record UnitDay(string Unit, DateOnly Day);

/// <summary>How much a recount of a unit's day may hold.</summary>
public sealed record UnitDayBounds
{
    public static readonly UnitDayBounds Default = new();

    /// <summary>Cases marked, of the unit and of the day each: twice 1 million pseudonyms are 80 MB, and no commune and no ordinary day comes near.</summary>
    public int MostCases { get; init; } = 1_000_000;

    /// <summary>Events kept, about 200 bytes each with their lists: 60 MB. A commune's busiest day has some thousands.</summary>
    public int MostEvents { get; init; } = 300_000;
}
