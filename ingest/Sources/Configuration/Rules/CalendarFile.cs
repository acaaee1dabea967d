using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a working calendar: <c>date,kind,name,certainty</c>, the days that are closed or worked against their weekday.</summary>
public static class CalendarFile
{
    private const string Advice = "give the path of a calendar.csv, or leave it out to use the shipped one";

    /// <summary>A day that is only expected may change, and is said to be expected wherever something rests on it.</summary>
    internal static readonly string[] Certainty = ["announced", "expected"];

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
            var certainty = row.Word("certainty", Certainty);
            if (date is { } day && !seen.Add(day))
            {
                row.Report("date", $"{day:yyyy-MM-dd} is listed by an earlier line");
            }

            days.Add(new CalendarDay(date ?? default, kind == 1) { IsExpected = certainty == 1, Name = row.Text("name") ?? "" });
        }

        return log.IsEmpty ? new WorkingCalendar(days) { Version = VersionOf(file, text) } : null;
    }

    /// <summary>The file's name and the first 12 digits of the text's SHA-256.</summary>
    internal static string VersionOf(string file, string text) =>
        $"{Path.GetFileName(file)}@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
}
