using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

internal static class PayloadRuleYaml
{
    private const int MaxKeyBytes = 64;
    private const int MaxItemKeys = 8;

    private static readonly (string Name, DateForms Form)[] Forms =
    [
        ("yyyyMMddHHmmss", DateForms.Compact), ("yyyy-MM-dd HH:mm:ss", DateForms.Spaced), ("dd/MM/yyyy HH:mm:ss", DateForms.Slashed),
        ("iso", DateForms.Iso), ("empty", DateForms.Empty),
    ];

    private static readonly string[] Statuses = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

    /// <summary>The date forms listed under <c>dates</c>; null when there is no such key.</summary>
    public static DateForms? ReadDates(YamlSection section)
    {
        if (section.Find("dates") is null)
        {
            return null;
        }

        var forms = DateForms.None;
        foreach (var name in section.Texts("dates", mayBeEmpty: false))
        {
            var form = Forms.FirstOrDefault(known => known.Name == name).Form;
            if (form == DateForms.None)
            {
                section.Report("dates", $"unknown form '{name}'; {Suggestion.Sentence(name, [.. Forms.Select(known => known.Name)])}");
            }

            forms |= form;
        }

        return forms;
    }

    /// <summary>Reads a fact's rule; null when it has mistakes, which are reported.</summary>
    public static PayloadRule? Read(CaseKey to, YamlSection section, DateForms dates)
    {
        var key = ReadKey(section, "key", section.RequiredText("key"));
        PayloadRule? rule = to switch
        {
            CaseKey.At or CaseKey.Filed or CaseKey.Accepted or CaseKey.Due or CaseKey.Ended => new DateRule(to, key, ReadDates(section) ?? dates),
            CaseKey.Receiving or CaseKey.Handling => new PlainRule(to, key, ReadUnit(section)),
            CaseKey.Fee when section.Text("sum") is { } item => new SumRule(to, key, ReadKey(section, "sum", item)),
            _ when to == CaseKey.Status || WordLayout.Holds(to) => ReadChoice(to, key, section),
            _ => new PlainRule(to, key),
        };
        section.Close();
        return key.Length > 0 ? rule : null;
    }

    private static string ReadKey(YamlSection section, string where, string? key)
    {
        if (key is not null && Encoding.UTF8.GetByteCount(key) > MaxKeyBytes)
        {
            section.Report(where, $"must have 1 to {MaxKeyBytes} bytes");
        }

        return key ?? "";
    }

    private static bool ReadUnit(YamlSection section)
    {
        var unit = section.Text("unit");
        if (unit is not null and not ("name" or "code"))
        {
            section.Report("unit", $"unknown word '{unit}'; {Suggestion.Sentence(unit, ["code", "name"])}");
        }

        return unit == "name";
    }

    private static PayloadRule? ReadChoice(CaseKey to, string key, YamlSection section)
    {
        if (section.Find("having") is not null)
        {
            var items = section.Texts("having", mayBeEmpty: false);
            if (items.Count > MaxItemKeys || items.Any(item => Encoding.UTF8.GetByteCount(item) > MaxKeyBytes))
            {
                section.Report("having", $"must be at most {MaxItemKeys} keys of 1 to {MaxKeyBytes} bytes");
                return null;
            }

            var (then, otherwise) = (ReadMeaning(to, section, "then"), ReadMeaning(to, section, "else"));
            return then is null || otherwise is null ? null : new AnyItemRule(to, key, items, null, then.Value, otherwise.Value);
        }

        var any = section.Text("any") is { } inside ? ReadKey(section, "any", inside) : null;
        if (any is null)
        {
            return section.Section("codes") is { } codes ? new CodeRule(to, key, ReadCodes(to, codes)) : new PlainRule(to, key);
        }

        if (!WordLayout.IsFlag(to))
        {
            section.Report("any", "is for facts that are true or false; use having, then and else for others");
            return null;
        }

        return section.RequiredSection("codes") is { } matches ? new AnyItemRule(to, key, [any], ReadCodes(to, matches), Then: 1, Else: 0) : null;
    }

    private static CodeList ReadCodes(CaseKey to, YamlSection section)
    {
        var codes = new Dictionary<string, int>();
        int? whenNull = null;
        foreach (var (code, text) in section.FreeTexts())
        {
            if (!TryMeaning(to, text, out var meaning))
            {
                section.Report(code, Unknown(to, text));
            }

            if (code is "null" or "~")
            {
                whenNull = meaning;
            }
            else
            {
                codes[code] = meaning;
            }
        }

        if (codes.Count == 0 || codes.Keys.Any(code => Encoding.UTF8.GetByteCount(code) > MaxKeyBytes))
        {
            section.Report("", $"must list at least one code, each of at most {MaxKeyBytes} bytes");
        }

        return new CodeList(codes, whenNull);
    }

    private static int? ReadMeaning(CaseKey to, YamlSection section, string key)
    {
        if (section.RequiredText(key) is not { } text)
        {
            return null;
        }

        if (TryMeaning(to, text, out var meaning))
        {
            return meaning;
        }

        section.Report(key, Unknown(to, text));
        return null;
    }

    /// <summary>A status as its number, a word as its code, a flag as 0 or 1.</summary>
    private static bool TryMeaning(CaseKey to, string text, out int meaning)
    {
        meaning = 0;
        if (to == CaseKey.Status)
        {
            meaning = Array.IndexOf(Statuses, text) + 1;
            return meaning > 0;
        }

        if (Words.Of(to) is { } words)
        {
            return words.TryCode(Encoding.UTF8.GetBytes(text), out meaning);
        }

        meaning = text == "true" ? 1 : 0;
        return text is "true" or "false";
    }

    private static string Unknown(CaseKey to, string text)
    {
        IReadOnlyCollection<string> allowed = to == CaseKey.Status ? Statuses : Words.Of(to) is { } words ? [.. words.List] : ["true", "false"];
        return $"unknown value '{text}' for {CaseKeys.NameOf(to)}; {Suggestion.Sentence(text, allowed)}";
    }
}
