using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>
/// Reads what units add to the working calendar: <c>unit,from,to,kind,certainty,reason</c>. Every mistake is named with its line and column.
/// </summary>
public static class UnitCalendarFile
{
    /// <summary>The longest row of days: what is closed for longer is no closure, but a unit that is no more.</summary>
    public const int MostDays = 366;

    private const string Advice = "give the path of a unit-calendars.csv, or leave the setting out";

    /// <summary>Unit codes named when one is not known.</summary>
    private const int MostNearest = 3;

    /// <summary>The header.</summary>
    internal static readonly string[] Columns = ["unit", "from", "to", "kind", "certainty", "reason"];

    /// <summary>The words of <see cref="UnitDays"/>, in its order.</summary>
    internal static readonly string[] Kinds = ["closed", "worked", "morning", "saturday_mornings"];

    private static readonly (DateOnly First, DateOnly Last) Range = (new DateOnly(2000, 1, 1), new DateOnly(2099, 12, 31));

    /// <summary>What a row's <c>kind</c> says.</summary>
    public static string NameOf(UnitDays days) => Kinds[(int)days];

    /// <summary>The calendars; null when <paramref name="problems"/> got any.</summary>
    /// <param name="path">The file; null for none, when no unit adds anything.</param>
    /// <param name="common">The calendar they add to.</param>
    /// <param name="directory">The units that may be named.</param>
    /// <param name="problems">Gets every mistake found.</param>
    public static UnitCalendars? Load(string? path, WorkingCalendar common, UnitDirectory directory, ICollection<ConfigProblem> problems) =>
        path is null ? new UnitCalendars(common)
        : ConfigText.TryRead(path, Advice, problems) is { } text ? Parse(path, text, common, directory, problems)
        : null;

    public static UnitCalendars? Parse(string file, string text, WorkingCalendar common, UnitDirectory directory, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        var rows = new List<UnitCalendarRow>();
        var lines = new Dictionary<string, List<(int Line, UnitCalendarRow Row)>>();
        foreach (var row in CsvTable.Rows(text, Columns, log))
        {
            if (Read(row, directory) is not { } read)
            {
                continue;
            }

            var known = lines.TryGetValue(read.Unit, out var before) ? before : lines[read.Unit] = [];
            if (known.Find(other => other.Row.Overlaps(read)) is { Row: not null } other)
            {
                row.Report("from", $"the days overlap those of line {other.Line} for the same unit; say of each day once");
            }

            known.Add((row.Line, read));
            rows.Add(read);
        }

        return log.IsEmpty ? new UnitCalendars(common, rows, directory, CalendarFile.VersionOf(file, text)) { Text = text } : null;
    }

    private static UnitCalendarRow? Read(CsvRow row, UnitDirectory directory)
    {
        var unit = ReadUnit(row, directory);
        row.RequiredText("from");
        var (from, to) = (ReadDate(row, "from"), ReadDate(row, "to"));
        var kind = row.Word("kind", Kinds) is { } word ? (UnitDays)word : (UnitDays?)null;
        var certainty = row.Word("certainty", CalendarFile.Certainty);
        var reason = row.RequiredText("reason");
        if (unit is null || from is not { } first || kind is null || certainty is null || reason is null || (to is null && row.Text("to") is not null))
        {
            return null;
        }

        var read = new UnitCalendarRow(unit, first, to, kind.Value, certainty == 1, reason);
        return CheckEnd(row, read) ? read : null;
    }

    private static bool CheckEnd(CsvRow row, UnitCalendarRow read)
    {
        var mistake = read.To < read.From ? $"must not be before 'from' ({read.From:yyyy-MM-dd})"
            : read is { IsOfDays: true, To: null } ? $"is missing; only {Kinds[^1]} may go on without an end"
            : read.IsOfDays && read.To!.Value.DayNumber - read.From.DayNumber >= MostDays ? $"makes a row of more than {MostDays} days"
            : !read.IsOfDays && read.To is { } end && !HasSaturday(read.From, end) ? "comes before the first Saturday"
            : null;
        if (mistake is not null)
        {
            row.Report("to", mistake);
        }

        return mistake is null;
    }

    private static string? ReadUnit(CsvRow row, UnitDirectory directory)
    {
        if (row.RequiredText("unit") is not { } unit)
        {
            return null;
        }

        if (directory.Find(unit) is { ValidTo: null })
        {
            return unit;
        }

        var near = Suggestion.Nearest(unit, directory.Rows.Where(static one => one.ValidTo is null).Select(static one => one.Code), MostNearest);
        row.Report("unit", directory.Find(unit) is { } old ? $"'{unit}' is {old.FullName}, which ended on {old.ValidTo:yyyy-MM-dd}"
            : $"'{unit}' is not in the unit directory {directory.Version}{(near.Count > 0 ? $"; near it: {string.Join(", ", near)}" : "")}");
        return null;
    }

    private static DateOnly? ReadDate(CsvRow row, string column)
    {
        if (row.Date(column) is not { } date)
        {
            return null;
        }

        if (date >= Range.First && date <= Range.Last)
        {
            return date;
        }

        row.Report(column, $"must lie between {Range.First:yyyy-MM-dd} and {Range.Last:yyyy-MM-dd}, not '{date:yyyy-MM-dd}'");
        return null;
    }

    private static bool HasSaturday(DateOnly from, DateOnly to) => from.AddDays((DayOfWeek.Saturday - from.DayOfWeek + 7) % 7) <= to;
}
