using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a working calendar: <c>date,kind,name,certainty</c>, the days that are closed or worked against their weekday.</summary>
public static class CalendarFile
{
    private const string Advice = "give the path of a calendar.csv, or leave it out to use the shipped one";

    private static readonly string[] Columns = ["date", "kind", "name", "certainty"];

    /// <summary>The calendar; null when <paramref name="problems"/> got any.</summary>
    public static WorkingCalendar? Load(string path, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? Parse(path, text, problems) : null;

    public static WorkingCalendar? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        var days = new List<CalendarDay>();
        var seen = new HashSet<DateOnly>();
        foreach (var row in CsvTable.Rows(text, Columns, log))
        {
            row.RequiredText("date");
            var date = row.Date("date");
            var kind = row.Word("kind", "closed", "worked");
            row.Word("certainty", "announced", "expected");
            if (date is { } day && !seen.Add(day))
            {
                row.Report("date", $"{day:yyyy-MM-dd} is listed by an earlier line");
            }

            days.Add(new CalendarDay(date ?? default, kind == 1));
        }

        return log.IsEmpty ? new WorkingCalendar(days) : null;
    }
}
