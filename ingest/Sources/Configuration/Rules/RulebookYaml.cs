using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a rulebook from YAML. Every mistake is reported with its line; nothing is guessed.</summary>
public static class RulebookYaml
{
    /// <summary>Reads a rulebook.</summary>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="text">The YAML text.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <returns>The rulebook, or null when a mistake was found.</returns>
    public static Rulebook? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        if (YamlText.Parse(text, log) is not { } root)
        {
            return null;
        }

        var tooFew = root.Integer("too_few", 0, FigureYaml.MostTooFew) ?? FigureYaml.DefaultTooFew;
        root.Require("rollout");
        var lists = ProcedureListYaml.ReadAll(root);
        var conditions = new ConditionNames(lists);
        var rulebook = new Rulebook
        {
            Id = root.RequiredText("id") ?? "",
            Version = root.Text("version") ?? "1",
            RolloutDate = root.Date("rollout") ?? default,
            OnTimeBy = root.Word<OnTimeBy>("on_time_by") ?? OnTimeBy.Day,
            CertifiedCopyProcedures = ProcedureListYaml.ReadCodes(root, "certified_copies"),
            Lists = lists,
            Waivers = FeeWaiverYaml.ReadAll(root, conditions),
            Figures = ReadFigures(root, tooFew, conditions),
            Calendar = Shipped.Calendar,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
        root.Close();
        return log.IsEmpty ? rulebook : null;
    }

    private static List<FigureDefinition> ReadFigures(YamlSection root, int tooFew, ConditionNames conditions)
    {
        root.Require("figures");
        var sections = root.Sections("figures", mayBeEmpty: false);
        if (sections.Count > Rulebook.MaxFigures)
        {
            root.Report("figures", $"has {sections.Count} figures; at most {Rulebook.MaxFigures} are allowed");
        }

        var figures = new List<FigureDefinition>();
        foreach (var section in sections.Take(Rulebook.MaxFigures))
        {
            if (FigureYaml.Read(section, tooFew, conditions) is not { } figure)
            {
                continue;
            }

            if (figures.Exists(other => other.Id == figure.Id))
            {
                section.Report("id", $"'{figure.Id}' is used by an earlier figure; ids must differ");
            }

            figures.Add(figure);
        }

        return figures;
    }
}
