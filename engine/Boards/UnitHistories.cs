using System.Runtime.InteropServices;
using KpiStream.Engine.Alerts;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Boards;

/// <summary>
/// The pasts by which alert rules judge: every unit's days of some figures, parents included, with what its kind has in common. Immutable. A function of the
/// day cells, the log's days, the directory and the calendar alone, so that a restart, a back-test and a replay make the same.
/// </summary>
public sealed class UnitHistories
{
    public static readonly UnitHistories None = new();

    private readonly Dictionary<(string Figure, string Unit), UnitHistory> histories = [];
    private readonly Dictionary<string, UnitHistory> empty = [];
    private readonly Dictionary<(string Figure, UnitKind? Level), UnitGroup> groups = [];
    private Dictionary<WorkingCalendar, JudgedDays> judged = new(ReferenceEqualityComparer.Instance);
    private HashSet<int> lacking = [];
    private (int From, int To) stretch;
    private int firstCounted;

    private UnitHistories()
    {
    }

    /// <param name="daily">The counts of all shards.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom, and of what kind.</param>
    /// <param name="calendars">The working days of a unit.</param>
    /// <param name="days">The days of which the log has records.</param>
    /// <param name="before">Earlier pasts by the same directory and calendars: what was found from a past that is the same is taken from it.</param>
    public static UnitHistories Of(
        DailyFigures daily, Func<int, string> text, UnitDirectory directory, UnitCalendars calendars, ObservedDays days, UnitHistories? before = null)
    {
        var made = new UnitHistories { stretch = (daily.From, daily.To), firstCounted = daily.FirstCounted };
        made.lacking = [.. Enumerable.Range(daily.From, daily.To - daily.From).Where(day => !days.Covers(day))];
        before = before is not null && before.stretch == made.stretch && before.lacking.SetEquals(made.lacking) ? before : null;
        (made.lacking, made.judged) = before is null ? (made.lacking, made.judged) : (before.lacking, before.judged);
        var observedFrom = days.FirstCovered() is { } first ? first + 1 : daily.To;
        var shown = daily.Units.Select(unit => (Rows: unit.Value, Code: text(unit.Key)))
            .Select(unit => (unit.Rows, (string[])[unit.Code, .. directory.Above(unit.Code)])).ToList();
        var spare = new Stack<FigureCount[]>();
        foreach (var (number, figure) in daily.Figures.Index())
        {
            // Of the days before, all are without counts, as they were before: most of them in the first months of a log.
            var begin = Math.Min(daily.FirstCounted, before?.firstCounted ?? daily.FirstCounted) - daily.From;
            var counts = Sums(shown, number, begin, daily.To - daily.From + 1, spare);
            var none = new FigureCount[daily.To - daily.From + 1];
            FigureCount[] DaysOf(string unit)
            {
                // Most have counted nothing since: then the days are those of before, and make no garbage.
                var known = before?.Of(figure.Definition.Id, unit)?.Days as FigureCount[];
                return !counts.TryGetValue(unit, out var sum) ? none
                    : known is not null && NumbersOf(known.AsSpan(begin)).SequenceEqual(NumbersOf(sum.AsSpan(begin))) ? known
                    : [.. sum];
            }

            UnitHistory Make(string unit)
            {
                var calendar = calendars.Of(unit);
                var shared = made.judged.TryGetValue(calendar, out var known) ? known : made.judged[calendar] = new JudgedDays(calendar, daily.From, daily.To);
                return new UnitHistory(daily.From, DaysOf(unit), calendar)
                {
                    ObservedFrom = Math.Max(observedFrom, directory.Find(unit)?.ValidFrom is { } begun ? LocalTime.DayOf(begun) : int.MinValue),
                    LeftOut = made.lacking,
                    Judged = shared,
                };
            }

            foreach (var group in directory.Rows.Where(static row => row.ValidTo is null).GroupBy(static row => row.Level))
            {
                made.Add(figure.Definition.Id, group.Key, [.. group.Select(row => (row.Code, Make(row.Code)))], before);
            }

            made.Add(figure.Definition.Id, null, [.. Unlisted(counts.Keys, directory).Select(code => (code, Make(code)))], before);
            made.empty[figure.Definition.Id] = Make(UnitDirectory.Unstated);
            foreach (var sum in counts.Values)
            {
                spare.Push(sum);
            }
        }

        return made;
    }

    /// <summary>The past of a unit; an empty one where it has none, null for a figure that was not asked for.</summary>
    public UnitHistory? Of(string figure, string unit) => histories.GetValueOrDefault((figure, unit)) ?? empty.GetValueOrDefault(figure);

    /// <summary>Units of a kind share what they have in common, and days on which all of them had few cases say nothing of any.</summary>
    private void Add(string figure, UnitKind? level, List<(string Code, UnitHistory History)> units, UnitHistories? before)
    {
        var known = before?.groups.GetValueOrDefault((figure, level));
        var group = known is not null && known.IsSame(units) ? known : new UnitGroup(units);
        groups[(figure, level)] = group;
        foreach (var (code, history) in units)
        {
            // Whole days are judged: what was found from the same past stays, whatever happens today.
            histories[(figure, code)] = ReferenceEquals(group, known) && before!.histories[(figure, code)] is var then && then.HasSamePast(history)
                ? ReferenceEquals(then.Days, history.Days) ? then : then with { Days = history.Days }
                : history with { Shared = group.Shared };
        }
    }

    /// <summary>In one order, whatever shard met them first: what they have in common is a sum of fractions.</summary>
    private static IEnumerable<string> Unlisted(IEnumerable<string> codes, UnitDirectory directory) =>
        codes.Where(code => directory.Find(code) is null).Order(StringComparer.Ordinal);

    /// <summary>The days of every unit that has any, parents included.</summary>
    /// <param name="begin">The first place that is counted; what is before it stays.</param>
    /// <param name="spare">Arrays to use again.</param>
    private static Dictionary<string, FigureCount[]> Sums(
        List<(FigureCount[][] Rows, string[] Shown)> units, int number, int begin, int length, Stack<FigureCount[]> spare)
    {
        var sums = new Dictionary<string, FigureCount[]>();
        foreach (var (rows, shown) in units)
        {
            foreach (var code in shown)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, code, out _);
                if (sum is null)
                {
                    sum = spare.TryPop(out var used) ? used : new FigureCount[length];
                    Array.Clear(sum, begin, length - begin);
                }

                CounterRow.Add(NumbersOf(sum.AsSpan(begin)), NumbersOf(rows[number].AsSpan(begin)));
            }
        }

        return sums;
    }

    private static Span<long> NumbersOf(Span<FigureCount> days) => MemoryMarshal.Cast<FigureCount, long>(days);
}

/// <summary>Units of a kind and what they have in common, which is a function of their cases before today.</summary>
/// <param name="units">Their pasts by themselves.</param>
internal sealed class UnitGroup(List<(string Code, UnitHistory History)> units)
{
    public Lazy<(KindHistory? Kind, IReadOnlySet<int> LeftOut)> Shared { get; } = new(() =>
    {
        var kind = KindHistory.Of([.. units.Select(static unit => unit.History)]);
        IReadOnlySet<int> lacking = units.Count > 0 ? units[0].History.LeftOut : new HashSet<int>();
        return (kind, kind is null ? lacking : new HashSet<int>([.. kind.Dips, .. lacking]));
    });

    /// <summary>True when other units are the same and had the same cases.</summary>
    public bool IsSame(List<(string Code, UnitHistory History)> others) => units.Count == others.Count
        && units.Zip(others).All(static pair => pair.First.Code == pair.Second.Code && pair.First.History.HasSameCases(pair.Second.History));
}
