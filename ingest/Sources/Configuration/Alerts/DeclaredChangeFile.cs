using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>Reads declared changes: a table with the columns <c>unit,from,to,figure,what</c>; <c>to</c>, <c>figure</c> and <c>what</c> may be empty.</summary>
public static class DeclaredChangeFile
{
    /// <summary>The end of the name of the table that belongs to a recording or a file of events.</summary>
    public const string Ending = ".truth.csv";

    private const string Advice = "give the path of a table of declared changes, with the header unit,from,to,figure,what";

    private static readonly string[] Columns = ["unit", "from", "to", "figure", "what"];

    /// <summary>The changes; null when <paramref name="problems"/> got any.</summary>
    public static IReadOnlyList<DeclaredChange>? Load(string path, Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? Parse(path, text, rulebook, units, problems) : null;

    public static IReadOnlyList<DeclaredChange>? Parse(
        string file, string text, Rulebook rulebook, UnitDirectory units, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        var changes = new List<DeclaredChange>();
        foreach (var row in CsvTable.Rows(text, Columns, log))
        {
            var unit = row.RequiredText("unit");
            if (unit is not null && units.Find(unit) is null)
            {
                row.Report("unit", $"unit '{unit}' is not in the directory {units.Version}");
            }

            row.RequiredText("from");
            var (from, to) = (row.Date("from"), row.Date("to"));
            if (to < from)
            {
                row.Report("to", $"must not be before 'from' ({from:yyyy-MM-dd})");
            }

            var figure = row.Text("figure");
            if (figure is not null && !rulebook.Figures.Any(known => known.Id == figure))
            {
                row.Report("figure", $"'{figure}' is no figure of the rulebook; {Suggestion.Sentence(figure, [.. rulebook.Figures.Select(each => each.Id)])}");
            }

            changes.Add(new DeclaredChange(unit ?? "", from ?? default, to, figure, row.Text("what") ?? ""));
        }

        return log.IsEmpty ? changes : null;
    }
}
