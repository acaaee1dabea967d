using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a rulebook's lists of procedures and fields: <c>justice: {procedures: ["2.000815"], fields: []}</c>, or <c>catalogue: eligible</c>.</summary>
internal static class ProcedureListYaml
{
    public const int MaxCodes = 10_000;

    private const int MaxCodeBytes = 40;

    private enum CatalogueChoice
    {
        Eligible,
    }

    public static IReadOnlyList<ProcedureList> ReadAll(YamlSection root)
    {
        if (root.Section("lists") is not { } section)
        {
            return [];
        }

        var lists = new List<ProcedureList>();
        foreach (var name in section.Names)
        {
            if (!Identifier.IsValid(name))
            {
                section.Report(name, $"must be {Identifier.Form}, not '{name}'");
            }

            if (section.RequiredSection(name) is { } list)
            {
                lists.Add(Read(name, list));
            }
        }

        if (lists.Count > Rulebook.MaxLists)
        {
            root.Report("lists", $"has {lists.Count} lists; at most {Rulebook.MaxLists} are allowed");
        }

        return [.. lists.Take(Rulebook.MaxLists)];
    }

    /// <summary>A list of codes; wrong ones are reported.</summary>
    public static IReadOnlyList<string> ReadCodes(YamlSection section, string key)
    {
        var codes = section.Texts(key);
        if (codes.Count > MaxCodes || codes.Any(code => !IsCode(code)))
        {
            section.Report(key, $"must be at most {MaxCodes} codes of 1 to {MaxCodeBytes} bytes");
        }

        return codes;
    }

    public static bool IsCode(string code) => Encoding.UTF8.GetByteCount(code) is > 0 and <= MaxCodeBytes;

    private static ProcedureList Read(string name, YamlSection section)
    {
        var list = new ProcedureList(
            name, ReadCodes(section, "procedures"), ReadCodes(section, "fields"), section.Word<CatalogueChoice>("catalogue") is CatalogueChoice.Eligible);
        if (list is { Procedures: [], Fields: [], IsOfCatalogue: false })
        {
            section.Report("procedures", "a list needs procedures, fields, or 'catalogue: eligible'");
        }

        section.Close();
        return list;
    }
}
