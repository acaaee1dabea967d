using System.Security.Cryptography;
using System.Text;
using KpiStream.Engine.Kpis;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Reads a rulebook (spec section 4) from YAML. Every mistake is reported with its line; nothing is guessed.</summary>
public static class RulebookYaml
{
    /// <summary>The most entries in the lists of procedures.</summary>
    private const int MaxProcedures = 10_000;

    private const int MaxProcedureBytes = 40;

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
        var rulebook = new Rulebook
        {
            Id = root.RequiredText("id") ?? "",
            Version = root.Text("version") ?? "1",
            RolloutDate = root.Date("rollout") ?? default,
            OnTimeBy = root.Word<OnTimeBy>("on_time_by") ?? OnTimeBy.Day,
            CertifiedCopyProcedures = ReadProcedures(root),
            Waivers = ReadWaivers(root),
            Figures = ReadFigures(root, tooFew),
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
        root.Close();
        return log.IsEmpty ? rulebook : null;
    }

    private static List<FigureDefinition> ReadFigures(YamlSection root, int tooFew)
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
            if (FigureYaml.Read(section, tooFew) is not { } figure)
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

    private static IReadOnlyList<string> ReadProcedures(YamlSection root)
    {
        var codes = root.Texts("certified_copies");
        if (codes.Count > MaxProcedures || codes.Any(code => !IsProcedure(code)))
        {
            root.Report("certified_copies", $"must be at most {MaxProcedures} procedure codes of 1 to {MaxProcedureBytes} bytes");
        }

        return codes;
    }

    private static IReadOnlyList<FeeWaiver> ReadWaivers(YamlSection root)
    {
        var sections = root.Sections("fee_waivers");
        if (sections.Count > MaxProcedures)
        {
            root.Report("fee_waivers", $"has {sections.Count} entries; at most {MaxProcedures} are allowed");
        }

        return [.. sections.Take(MaxProcedures).Select(ReadWaiver)];
    }

    private static FeeWaiver ReadWaiver(YamlSection section)
    {
        var procedure = section.RequiredText("procedure") ?? "";
        if (procedure.Length > 0 && !IsProcedure(procedure))
        {
            section.Report("procedure", $"must have 1 to {MaxProcedureBytes} bytes");
        }

        var (from, to) = section.Span();
        var waiver = new FeeWaiver(procedure, from, to, section.RequiredText("basis") ?? "");
        section.Close();
        return waiver;
    }

    private static bool IsProcedure(string code) => Encoding.UTF8.GetByteCount(code) is > 0 and <= MaxProcedureBytes;
}
