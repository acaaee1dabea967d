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

    private UnitHistories()
    {
    }

    /// <param name="daily">The counts of all shards.</param>
    /// <param name="text">From code id to code.</param>
    /// <param name="directory">Who is above whom, and of what kind.</param>
    /// <param name="calendars">The working days of a unit.</param>
    /// <param name="days">The days of which the log has records.</param>
    public static UnitHistories Of(DailyFigures daily, Func<int, string> text, UnitDirectory directory, UnitCalendars calendars, ObservedDays days)
    {
        var made = new UnitHistories();
        var lacking = Enumerable.Range(daily.From, daily.To - daily.From).Where(day => !days.Covers(day)).ToHashSet();
        var observedFrom = days.FirstCovered() is { } first ? first + 1 : daily.To;
        var judged = new Dictionary<WorkingCalendar, JudgedDays>(ReferenceEqualityComparer.Instance);
        foreach (var (figure, number) in daily.Figures.Select(static (figure, number) => (figure, number)))
        {
            var counts = Sums(daily, number, text, directory);
            var none = new FigureCount[daily.To - daily.From + 1];
            UnitHistory Make(string unit)
            {
                var calendar = calendars.Of(unit);
                var shared = judged.TryGetValue(calendar, out var known) ? known : judged[calendar] = new JudgedDays(calendar, daily.From, daily.To);
                return new UnitHistory(daily.From, counts.GetValueOrDefault(unit) ?? none, calendar)
                {
                    ObservedFrom = Math.Max(observedFrom, directory.Find(unit)?.ValidFrom is { } begun ? LocalTime.DayOf(begun) : int.MinValue),
                    LeftOut = lacking,
                    Judged = shared,
                };
            }

            foreach (var group in directory.Rows.Where(static row => row.ValidTo is null).GroupBy(static row => row.Level))
            {
                made.Add(figure.Definition.Id, [.. group.Select(row => (row.Code, Make(row.Code)))]);
            }

            made.Add(figure.Definition.Id, [.. counts.Keys.Where(code => directory.Find(code) is null).Select(code => (code, Make(code)))]);
            made.empty[figure.Definition.Id] = Make(UnitDirectory.Unstated);
        }

        return made;
    }

    /// <summary>The past of a unit; an empty one where it has none, null for a figure that was not asked for.</summary>
    public UnitHistory? Of(string figure, string unit) => histories.GetValueOrDefault((figure, unit)) ?? empty.GetValueOrDefault(figure);

    /// <summary>Units of a kind share what they have in common, and days on which all of them had few cases say nothing of any.</summary>
    private void Add(string figure, List<(string Code, UnitHistory History)> units)
    {
        var kind = KindHistory.Of([.. units.Select(static unit => unit.History)]);
        HashSet<int> leftOut = [.. kind?.Dips ?? new HashSet<int>(), .. units.Count > 0 ? units[0].History.LeftOut : new HashSet<int>()];
        foreach (var (code, history) in units)
        {
            histories[(figure, code)] = kind is null ? history : history with { Kind = kind, LeftOut = leftOut };
        }
    }

    private static Dictionary<string, FigureCount[]> Sums(DailyFigures daily, int number, Func<int, string> text, UnitDirectory directory)
    {
        var sums = new Dictionary<string, FigureCount[]>();
        foreach (var (unit, rows) in daily.Units)
        {
            var code = text(unit);
            foreach (var shown in directory.Above(code).Prepend(code))
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, shown, out _);
                sum ??= new FigureCount[daily.To - daily.From + 1];
                for (var day = 0; day < sum.Length; day++)
                {
                    sum[day] += rows[number][day];
                }
            }
        }

        return sums;
    }
}
