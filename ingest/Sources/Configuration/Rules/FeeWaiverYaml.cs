using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>
/// Reads a rulebook's fee waivers: <c>{procedure: "1.001193", from: 2025-01-01, channel: online, units: ["33"], basis: …}</c>, or <c>list</c> instead of
/// <c>procedure</c>.
/// </summary>
internal static class FeeWaiverYaml
{
    private const int MaxUnits = 1_000;

    // In the order of Condition.Online and those behind it.
    private enum ChannelWord
    {
        Online, Post, Counter,
    }

    public static IReadOnlyList<FeeWaiver> ReadAll(YamlSection root, ConditionNames conditions)
    {
        var sections = root.Sections("fee_waivers");
        if (sections.Count > ProcedureListYaml.MaxCodes)
        {
            root.Report("fee_waivers", $"has {sections.Count} entries; at most {ProcedureListYaml.MaxCodes} are allowed");
        }

        return [.. sections.Take(ProcedureListYaml.MaxCodes).Select(section => Read(section, conditions))];
    }

    private static FeeWaiver Read(YamlSection section, ConditionNames conditions)
    {
        var procedure = section.Text("procedure");
        var list = section.Text("list");
        if (procedure is null == list is null)
        {
            section.Report("procedure", "a waiver names either a procedure or a list");
        }
        else if (procedure is not null && !ProcedureListYaml.IsCode(procedure))
        {
            section.Report("procedure", "must have 1 to 40 bytes");
        }

        var (from, to) = section.Span();
        var waiver = new FeeWaiver(procedure, list is null ? null : ListOf(section, list, conditions), from, to, section.RequiredText("basis") ?? "")
        {
            Channel = section.Word<ChannelWord>("channel") is { } channel ? Condition.Online + (int)channel : null,
            Units = section.Texts("units") is { Count: > 0 } units ? units : [],
        };
        if (waiver.Units.Count > MaxUnits)
        {
            section.Report("units", $"has {waiver.Units.Count} codes; at most {MaxUnits} are allowed");
        }

        section.Close();
        return waiver;
    }

    private static Condition? ListOf(YamlSection section, string name, ConditionNames conditions)
    {
        var list = conditions.ListOf(name);
        if (list is null)
        {
            section.Report("list", $"unknown list '{name}'; {Suggestion.Sentence(name, conditions.Lists)}");
        }

        return list;
    }
}
