using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>
/// One mapping of a YAML file, read key by key. The keys asked for are the keys allowed: <see cref="Close"/> names all others.
/// Wrong values are reported and read as absent, so that one pass finds every mistake.
/// </summary>
internal sealed class YamlSection
{
    private readonly Dictionary<string, YamlNode> values = [];
    private readonly Dictionary<string, YamlNode> keys = [];
    private readonly List<string> allowed = [];
    private readonly HashSet<string> older = [];
    private readonly string path;
    private readonly YamlMappingNode node;

    public YamlSection(string path, YamlMappingNode node, ProblemLog log)
    {
        this.path = path;
        this.node = node;
        Log = log;
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                keys[name] = key;
                values[name] = value;
            }
            else
            {
                log.Add(key, path, "a key must be a word");
            }
        }
    }

    public ProblemLog Log { get; }

    /// <summary>The keys as written, for a section whose keys are free.</summary>
    public IReadOnlyCollection<string> Names => keys.Keys;

    /// <summary>The line a key stands in, counted from 1; 0 when it is absent.</summary>
    public int LineOf(string key) => keys.TryGetValue(key, out var found) ? (int)found.Start.Line : 0;

    /// <summary>The full name of a key, for messages.</summary>
    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Reports a mistake at a key's line; at the section's first line when the key is absent.</summary>
    public void Report(string key, string message) => Log.Add(keys.GetValueOrDefault(key, node), PathOf(key), message);

    /// <summary>A key's value; null when absent or written as null.</summary>
    public YamlNode? Find(string key)
    {
        if (!allowed.Contains(key))
        {
            allowed.Add(key);
        }

        var value = values.GetValueOrDefault(key);
        return value is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } ? null : value;
    }

    /// <summary>As <see cref="Find"/>, reporting when there is none.</summary>
    public YamlNode? Require(string key)
    {
        var value = Find(key);
        if (value is null)
        {
            Report(key, "is missing");
        }

        return value;
    }

    /// <summary>A text of 1 to 1,000 characters.</summary>
    public string? Text(string key) => AsText(key, Find(key));

    /// <summary>As <see cref="Text"/>, of a key that still works and is not offered to those who look for one.</summary>
    public string? TextOfOlder(string key)
    {
        older.Add(key);
        return values.ContainsKey(key) ? Text(key) : null;
    }

    /// <summary>True when a key is written that still works and is not offered to those who look for one. What it holds is to be read by who asks.</summary>
    public bool HasOlder(string key)
    {
        older.Add(key);
        return values.ContainsKey(key);
    }

    public string? RequiredText(string key) => AsText(key, Require(key));

    /// <summary>A nested section; null when absent.</summary>
    public YamlSection? Section(string key) => AsSection(key, Find(key));

    /// <summary>As <see cref="Section"/>, reporting when there is none.</summary>
    public YamlSection? RequiredSection(string key) => AsSection(key, Require(key));

    /// <summary>A list's items with their full names; empty when absent.</summary>
    public IEnumerable<YamlItem> List(string key, bool mayBeEmpty = true)
    {
        switch (Find(key))
        {
            case null:
                return [];
            case YamlSequenceNode list:
                if (list.Children.Count == 0 && !mayBeEmpty)
                {
                    Report(key, "must list at least one item");
                }

                return list.Children.Select((item, index) => new YamlItem($"{PathOf(key)}[{index}]", item));
            default:
                Report(key, "must be a list, like [a, b]");
                return [];
        }
    }

    /// <summary>A list's items that are texts; others are reported.</summary>
    public IReadOnlyList<string> Texts(string key, bool mayBeEmpty = true)
    {
        var texts = new List<string>();
        foreach (var (itemPath, item) in List(key, mayBeEmpty))
        {
            if (item is YamlScalarNode { Value: { Length: > 0 } text })
            {
                texts.Add(text);
            }
            else
            {
                Log.Add(item, itemPath, "must be a text");
            }
        }

        return texts;
    }

    /// <summary>A list's items that are sections; others are reported.</summary>
    public IReadOnlyList<YamlSection> Sections(string key, bool mayBeEmpty = true)
    {
        var sections = new List<YamlSection>();
        foreach (var (itemPath, item) in List(key, mayBeEmpty))
        {
            if (item is YamlMappingNode mapping)
            {
                sections.Add(new YamlSection(itemPath, mapping, Log));
            }
            else
            {
                Log.Add(item, itemPath, "must be a list of 'key: value' lines");
            }
        }

        return sections;
    }

    /// <summary>All keys with their texts, for a section whose keys are free.</summary>
    public Dictionary<string, string> FreeTexts()
    {
        var texts = new Dictionary<string, string>();
        foreach (var key in keys.Keys)
        {
            // No bound on the length: a certificate may stand here.
            if (Find(key) is YamlScalarNode { Value: { } text })
            {
                texts[key] = text;
            }
            else
            {
                Report(key, "must be a text");
            }
        }

        return texts;
    }

    /// <summary>Reports every key that was never asked for.</summary>
    public void Close()
    {
        foreach (var (name, key) in keys)
        {
            if (!allowed.Contains(name))
            {
                Log.Add(key, PathOf(name), $"unknown key; {Suggestion.Sentence(name, [.. allowed.Where(known => !older.Contains(known))])}");
            }
        }
    }

    private YamlSection? AsSection(string key, YamlNode? value)
    {
        if (value is not null and not YamlMappingNode)
        {
            Report(key, "must be a list of 'key: value' lines");
        }

        return value is YamlMappingNode mapping ? new YamlSection(PathOf(key), mapping, Log) : null;
    }

    private string? AsText(string key, YamlNode? value)
    {
        if (value is null or YamlScalarNode { Value.Length: > 0 and <= 1_000 })
        {
            return (value as YamlScalarNode)?.Value;
        }

        Report(key, "must be a text of 1 to 1,000 characters");
        return null;
    }
}

/// <summary>An item of a list, with its full name.</summary>
internal sealed record YamlItem(string Path, YamlNode Node);
