using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

internal static class FigureYaml
{
    /// <summary>Below this denominator a ratio is not judged, unless the rulebook says otherwise.</summary>
    public const int DefaultTooFew = 20;

    public const int MostTooFew = 1_000_000;

    /// <summary>Names the program gives itself: gauges, and figures that are computed outside the rulebook.</summary>
    private static readonly string[] Reserved =
        ["open", "paused", "waiting", "overdue", "due_soon", "procedures_paid_nationally", "procedures_offered_online"];

    /// <summary>Reads a figure; null when something it cannot be without is missing or wrong. Every mistake is reported.</summary>
    public static FigureDefinition? Read(YamlSection section, int tooFew, ConditionNames conditions)
    {
        var id = ReadId(section);
        var names = section.RequiredSection("name");
        var (vietnamese, english) = (names?.RequiredText("vi"), names?.RequiredText("en"));
        names?.Close();
        var unit = section.Word<UnitRole>("unit", required: true);
        var time = section.Word<TimeRole>("time", required: true);
        section.Require("of");
        var of = RuleItemYaml.ReadAll(section, "of", conditions, mayBeEmpty: true);
        var count = ReadCount(section, conditions);
        var figure = new FigureDefinition
        {
            Id = id ?? "",
            Version = section.Integer("version", 1, int.MaxValue) ?? 1,
            NameVi = vietnamese ?? "",
            NameEn = english ?? "",
            Basis = section.RequiredText("basis") ?? "",
            Sentence = section.Text("sentence") ?? "",
            Linked = section.Word<LinkedCases>("linked") ?? LinkedCases.Exclude,
            Kind = section.Word<CaseKind>("kind") ?? CaseKind.Case,
            Unit = unit ?? default,
            Time = time ?? default,
            Of = of ?? [],
            Count = count,
            Targets = TargetYaml.ReadAll(section, isVolume: count is null),
            IsExported = section.Flag("export") ?? true,
            TooFew = section.Integer("too_few", 0, MostTooFew) ?? tooFew,
        };
        section.Close();
        return id is null ? null : figure;
    }

    private static string? ReadId(YamlSection section)
    {
        if (section.RequiredText("id") is not { } id)
        {
            return null;
        }

        if (!Identifier.IsValid(id))
        {
            section.Report("id", $"must be {Identifier.Form}, not '{id}'");
            return null;
        }

        if (Reserved.Contains(id))
        {
            section.Report("id", $"'{id}' is a name of the program's own; choose another");
        }

        return id;
    }

    private static IReadOnlyList<RuleItem>? ReadCount(YamlSection section, ConditionNames conditions)
    {
        var items = RuleItemYaml.ReadAll(section, "count", conditions);
        if (items?.Count > FigureDefinition.MaxCountItems)
        {
            section.Report("count", $"has {items.Count} items; at most {FigureDefinition.MaxCountItems} are allowed");
        }

        return items;
    }
}
