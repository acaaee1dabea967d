using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>
/// Reads the units' own targets: <c>figure,unit,from,to,at_least,registered_on,basis</c>. Targets are handed down "not lower than" those
/// above: one that is lower than its parent's at the same time is a mistake.
/// </summary>
public static class TargetFile
{
    private const string Advice = "give the path of a targets.csv, or leave the setting out";

    private static readonly string[] Columns = ["figure", "unit", "from", "to", "at_least", "registered_on", "basis"];

    /// <summary>The register; null when <paramref name="problems"/> got any.</summary>
    public static TargetRegister? Load(string path, Rulebook rulebook, UnitDirectory directory, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? Parse(path, text, rulebook, directory, problems) : null;

    /// <summary>Reads a register's text.</summary>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="text">The CSV text.</param>
    /// <param name="rulebook">The figures that may be named, and the targets above all units.</param>
    /// <param name="directory">The units that may be named, and who is above whom.</param>
    /// <param name="problems">Gets every mistake found.</param>
    public static TargetRegister? Parse(string file, string text, Rulebook rulebook, UnitDirectory directory, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        var rows = new List<(CsvRow Row, UnitTarget Target)>();
        foreach (var row in CsvTable.Rows(text, Columns, log))
        {
            if (Read(row, rulebook, directory) is { } target)
            {
                rows.Add((row, target));
            }
        }

        foreach (var (row, target) in rows)
        {
            CheckAgainstAbove(row, target, [.. rows.Select(other => other.Target)], rulebook, directory);
        }

        return log.IsEmpty ? new TargetRegister([.. rows.Select(row => row.Target)]) : null;
    }

    private static UnitTarget? Read(CsvRow row, Rulebook rulebook, UnitDirectory directory)
    {
        var figure = row.RequiredText("figure");
        var ratios = rulebook.Figures.Where(known => !known.IsVolume).Select(known => known.Id).ToList();
        if (figure is not null && !ratios.Contains(figure))
        {
            row.Report("figure", $"unknown figure '{figure}'; {Suggestion.Sentence(figure, ratios)}");
            figure = null;
        }

        var unit = row.RequiredText("unit");
        if (unit is not null && directory.Find(unit) is null)
        {
            row.Report("unit", $"'{unit}' is not in the unit directory {directory.Version}");
            unit = null;
        }

        var (from, to, registered) = (row.Date("from"), row.Date("to"), row.Date("registered_on"));
        if (from > to)
        {
            row.Report("to", $"must not be before 'from' ({from:yyyy-MM-dd})");
        }

        var value = YamlValues.RatioOf(row.RequiredText("at_least") ?? "");
        if (value is null)
        {
            row.Report("at_least", $"must be a ratio like 70 % or 0.7, at most 100 %, not '{row.Text("at_least")}'");
        }

        var basis = row.RequiredText("basis");
        return figure is null || unit is null || value is null || basis is null
            ? null
            : new UnitTarget(figure, unit, new Target(TargetComparison.AtLeast, value.Value, from, to, null), registered, basis);
    }

    private static void CheckAgainstAbove(CsvRow row, UnitTarget own, List<UnitTarget> all, Rulebook rulebook, UnitDirectory directory)
    {
        var above = directory.Above(own.Unit).ToList();
        var higher = all.Where(other => other.Figure == own.Figure && above.Contains(other.Unit) && IsHigher(other.Target, own.Target)).ToList();
        foreach (var other in higher)
        {
            row.Report("at_least", $"{Percent(own.Target)} for {own.Unit} is lower than {Percent(other.Target)} for {other.Unit} above it at the same time; "
                + "targets are handed down 'not lower than'");
        }

        var common = rulebook.Figures.First(figure => figure.Id == own.Figure).Targets.FirstOrDefault(target => IsHigher(target, own.Target));
        if (above.Count > 0 && higher.Count == 0 && common is not null
            && !all.Exists(other => other.Figure == own.Figure && above.Contains(other.Unit) && Overlap(other.Target, own.Target)))
        {
            row.Report("at_least", $"{Percent(own.Target)} for {own.Unit} is lower than {Percent(common)} of the rulebook at the same time; targets are "
                + "handed down 'not lower than'");
        }
    }

    /// <summary>True when the other one asks for more on a day on which both are in force.</summary>
    private static bool IsHigher(Target other, Target own) => other.Value > own.Value && Overlap(other, own);

    private static bool Overlap(Target other, Target own) =>
        (other.From ?? DateOnly.MinValue) <= (own.To ?? DateOnly.MaxValue) && (own.From ?? DateOnly.MinValue) <= (other.To ?? DateOnly.MaxValue);

    private static string Percent(Target target) => $"{target.Value * 100:0.##} %";
}
