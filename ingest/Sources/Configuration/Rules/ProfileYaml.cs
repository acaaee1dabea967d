using System.Security.Cryptography;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration.Rules;

/// <summary>Reads a source profile from YAML. Every mistake is reported with its line; nothing is guessed.</summary>
public static class ProfileYaml
{
    private const string Record = "record";
    private const int MaxSourceBytes = 32;

    /// <summary>Reads a profile.</summary>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="text">The YAML text.</param>
    /// <param name="problems">Gets every mistake found.</param>
    /// <returns>The profile, or null when a mistake was found.</returns>
    public static SourceProfile? Parse(string file, string text, ICollection<ConfigProblem> problems)
    {
        var log = new ProblemLog(file, problems);
        if (YamlText.Parse(text, log) is not { } root)
        {
            return null;
        }

        var dates = PayloadRuleYaml.ReadDates(root) ?? DateForms.Iso;
        var profile = new SourceProfile
        {
            Id = ReadId(root),
            Version = root.Integer("version", 1, int.MaxValue) ?? 1,
            Source = ReadSource(root),
            Kind = ReadKind(root),
            AtIsArrival = ReadAt(root),
            Dates = dates,
            Rules = ReadRules(root.RequiredSection("facts"), dates),
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        };
        root.Close();
        CheckWhole(root, profile);
        return log.IsEmpty ? profile : null;
    }

    private static string ReadId(YamlSection root)
    {
        var id = root.RequiredText("id") ?? "";
        if (id.Length > 0 && !Identifier.IsValid(id))
        {
            root.Report("id", $"must be {Identifier.Form}, not '{id}'");
        }

        return id;
    }

    private static string? ReadSource(YamlSection root)
    {
        var source = root.Text("source");
        if (source is not null && Encoding.UTF8.GetByteCount(source) > MaxSourceBytes)
        {
            root.Report("source", $"must have 1 to {MaxSourceBytes} bytes");
        }

        return source;
    }

    private static int ReadKind(YamlSection root)
    {
        if (root.Text("kind") is not { } kind)
        {
            return 0;
        }

        if (!Words.Kind.TryCode(Encoding.UTF8.GetBytes(kind), out var code))
        {
            root.Report("kind", $"unknown word '{kind}'; {Suggestion.Sentence(kind, Words.Kind.List)}");
        }

        return code;
    }

    private static bool ReadAt(YamlSection root)
    {
        var at = root.Text("at");
        if (at is not null and not Record)
        {
            root.Report("at", $"must be '{Record}', the record's own timestamp; a key that states it goes to facts.at");
        }

        return at == Record;
    }

    private static List<PayloadRule> ReadRules(YamlSection? facts, DateForms dates)
    {
        var rules = new List<PayloadRule>();
        if (facts is null)
        {
            return rules;
        }

        for (var to = CaseKey.Source; to <= CaseKeys.Last; to++)
        {
            if (facts.Section(CaseKeys.NameOf(to)) is { } section && PayloadRuleYaml.Read(to, section, dates) is { } rule)
            {
                rules.Add(rule);
            }
        }

        facts.Close();
        return rules;
    }

    /// <summary>What every event needs must come from somewhere, and from one place only.</summary>
    private static void CheckWhole(YamlSection root, SourceProfile profile)
    {
        bool Has(CaseKey key) => profile.Rules.Any(rule => rule.To == key);
        if (!Has(CaseKey.Case))
        {
            root.Report("facts", "must say which key holds the case code, like case: {key: MaHoSo}");
        }

        if (Has(CaseKey.Source) == profile.Source is not null)
        {
            root.Report("source", "must be given here as a constant, or by facts.source as a key, and not by both");
        }

        if (Has(CaseKey.At) == profile.AtIsArrival)
        {
            root.Report("at", $"must be '{Record}', or be stated by facts.at, and not both");
        }

        if (Has(CaseKey.Kind) && profile.Kind != 0)
        {
            root.Report("kind", "is stated by facts.kind already");
        }
    }
}
