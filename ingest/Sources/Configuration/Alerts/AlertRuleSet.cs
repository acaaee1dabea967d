using KpiStream.Engine.Alerts;

namespace KpiStream.Ingest.Sources.Configuration.Alerts;

/// <summary>The alert rules in force, and what tells one edition of them from another. Immutable.</summary>
/// <param name="Id">The name the file gives itself.</param>
/// <param name="Version">The version the file gives itself; people count it, the hash is what is compared.</param>
/// <param name="Hash">SHA-256 of the text they were read from, in hexadecimal digits.</param>
/// <param name="Rules">In the file's order. Ids differ.</param>
public sealed record AlertRuleSet(string Id, string Version, string Hash, IReadOnlyList<AlertRule> Rules)
{
    /// <summary>Nothing is watched.</summary>
    public static readonly AlertRuleSet Empty = new("none", "0", "", []);

    /// <summary>What they were read from; empty where that is no file.</summary>
    public string Text { get; init; } = "";

    /// <summary>How many digits of a hash are shown.</summary>
    public const int ShownDigits = 12;

    /// <summary>For messages: name, version, and enough of the hash.</summary>
    public override string ToString() => $"{Id} {Version} ({Hash[..Math.Min(ShownDigits, Hash.Length)]})";
}
