using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>
/// Reads which units a rule judges, its key <c>units</c>: <c>kinds</c>, <c>codes</c>, <c>lists</c> of the file's own, and <c>except</c>. What is not in the
/// directory is refused by name.
/// </summary>
internal sealed class AlertScopeYaml
{
    private const int MaxCodes = 10_000;

    private readonly UnitDirectory units;
    private readonly Dictionary<string, IReadOnlyList<string>> lists = [];

    private AlertScopeYaml(UnitDirectory units) => this.units = units;

    /// <summary>Reads the file's lists of units, which have free names: <c>lists: {pilot: ["11602", "11605"]}</c>.</summary>
    public static AlertScopeYaml Open(YamlSection root, UnitDirectory units)
    {
        var scopes = new AlertScopeYaml(units);
        if (root.Section("lists") is { } section)
        {
            foreach (var name in section.Names)
            {
                if (!Identifier.IsValid(name))
                {
                    section.Report(name, $"the name of a list must be {Identifier.Form}");
                }

                scopes.lists[name] = scopes.Codes(section, name, mayBeEmpty: false);
            }

            section.Close();
        }

        return scopes;
    }

    /// <summary>The units of a rule; null where it names none.</summary>
    public AlertScope? Read(YamlSection rule)
    {
        if (rule.Section("units") is not { } section)
        {
            return null;
        }

        var named = section.Texts("lists");
        foreach (var name in named.Where(name => !lists.ContainsKey(name)))
        {
            section.Report("lists", $"there is no list '{name}'; {Suggestion.Sentence(name, [.. lists.Keys])}");
        }

        var scope = new AlertScope
        {
            Kinds = Kinds(section),
            Codes = [.. Codes(section, "codes").Concat(named.SelectMany(name => lists.GetValueOrDefault(name) ?? [])).Distinct()],
            Except = Codes(section, "except"),
            List = named.Count > 0 ? string.Join(", ", named) : null,
        };
        section.Close();
        if (scope.Kinds.Count == 0 && scope.Codes.Count == 0 && section.Find("kinds") is null)
        {
            rule.Report("units", "names no unit: give 'kinds', 'codes' or 'lists', or leave 'units' out");
        }

        return scope;
    }

    private static List<UnitKind> Kinds(YamlSection section)
    {
        var words = Enum.GetNames<UnitKind>().Select(static name => name.ToLowerInvariant()).ToList();
        var kinds = new List<UnitKind>();
        foreach (var text in section.Texts("kinds", mayBeEmpty: false))
        {
            if (words.IndexOf(text) is >= 0 and var index)
            {
                kinds.Add(Enum.GetValues<UnitKind>()[index]);
            }
            else
            {
                section.Report("kinds", $"unknown kind of units '{text}'; {Suggestion.Sentence(text, words)}");
            }
        }

        return kinds;
    }

    /// <summary>Codes that the directory has. A code of no directory may be excepted or named nowhere: rules find those by the kind <c>unlisted</c>.</summary>
    private IReadOnlyList<string> Codes(YamlSection section, string key, bool mayBeEmpty = true)
    {
        var codes = section.Texts(key, mayBeEmpty);
        if (codes.Count > MaxCodes)
        {
            section.Report(key, $"has {codes.Count} codes; at most {MaxCodes} are allowed");
        }

        foreach (var code in codes.Where(code => units.Find(code) is null))
        {
            var nearest = Suggestion.Nearest(code, units.Rows.Select(static row => row.Code), most: 3);
            var likely = nearest.Count > 0 ? $"; did you mean {string.Join(" or ", nearest.Select(one => $"{one} ({units.Find(one)!.Name})"))}?" : "";
            section.Report(key, $"unit '{code}' is not in the directory {units.Version}{likely} (a code of digits needs quotes: \"01234\")");
        }

        return codes;
    }
}
