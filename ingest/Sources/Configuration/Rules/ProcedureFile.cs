using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a procedure catalogue: <c>code,name,field,level,eligible,fee</c>.</summary>
public static class ProcedureFile
{
    private const string Advice = "give the path of a procedures.csv, or leave the setting out";
    private const long MostFee = 1_000_000_000_000;

    private static readonly string[] Columns = ["code", "name", "field", "level", "eligible", "fee"];

    /// <summary>The catalogue; null when <paramref name="problems"/> got any.</summary>
    public static ProcedureCatalogue? Load(string path, ICollection<ConfigProblem> problems) =>
        ConfigText.TryRead(path, Advice, problems) is { } text ? Parse(path, text, problems) : null;

    /// <summary>
    /// The rulebook with its lists of eligible procedures filled; null, and a problem, when it has such a list and there is no catalogue: without one no case
    /// would be on it.
    /// </summary>
    /// <param name="rulebook">As it was read.</param>
    /// <param name="catalogue">The catalogue, empty for none.</param>
    /// <param name="file">The rulebook's file, for the problem.</param>
    /// <param name="how">How a catalogue is named, for the problem.</param>
    /// <param name="problems">Gets the problem.</param>
    public static Rulebook? Complete(Rulebook rulebook, ProcedureCatalogue catalogue, string file, string how, ICollection<ConfigProblem> problems)
    {
        if (catalogue.Rows.Count == 0 && rulebook.Lists.FirstOrDefault(list => list.IsOfCatalogue) is { } list)
        {
            problems.Add(new ConfigProblem(file, 0, $"lists.{list.Name}.catalogue", $"needs a procedure catalogue: name one {how}"));
            return null;
        }

        return catalogue.Complete(rulebook);
    }

    public static ProcedureCatalogue? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        var rows = new List<ProcedureRow>();
        var seen = new HashSet<string>();
        foreach (var row in CsvTable.Rows(text, Columns, log))
        {
            var code = row.RequiredText("code") ?? "";
            if (code.Length > 0 && !ProcedureListYaml.IsCode(code))
            {
                row.Report("code", "must have 1 to 40 bytes");
            }
            else if (code.Length > 0 && !seen.Add(code))
            {
                row.Report("code", $"'{code}' is listed by an earlier line");
            }

            rows.Add(new ProcedureRow(
                code, row.RequiredText("name") ?? "", row.Text("field"), (OnlineLevel)(row.Word("level", "full", "partial", "none") ?? 0),
                row.Word("eligible", "false", "true") == 1, FeeOf(row)));
        }

        return log.IsEmpty ? new ProcedureCatalogue(rows) : null;
    }

    private static long? FeeOf(CsvRow row)
    {
        if (row.Text("fee") is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var fee) && fee <= MostFee)
        {
            return fee;
        }

        row.Report("fee", $"must be a whole number of đồng from 0 to {MostFee}, not '{text}'");
        return null;
    }
}
