using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace KpiStream.Ingest.Tests.Host.Serving.Metrics;

/// <summary>
/// A strict reader of the Prometheus text format 0.0.4, written from its description: anything a lenient one would let pass is an error here.
/// Knows counters and gauges, and holds names to the conventions (counters and only they end in _total).
/// </summary>
internal sealed partial class MetricsPage
{
    private readonly Dictionary<string, double> samples = [];
    private readonly Dictionary<string, string> helps = [];
    private readonly Dictionary<string, string> labels = [];
    private readonly Dictionary<string, string> types = [];

    private MetricsPage()
    {
    }

    /// <summary>Every family that <c>serve</c> may show, as in <see cref="Families"/>: what dashboards rest on, so a line here never changes.</summary>
    public static IReadOnlyList<string> KnownFamilies { get; } = File.ReadAllLines(RepositoryRoot.File("tests/Ingest.Tests/Host/Serving/Metrics/families.txt"));

    public IReadOnlyDictionary<string, string> Types => types;

    /// <summary>The families with their labels, types and help texts.</summary>
    public IEnumerable<string> Families => types.Select(family => $"{family.Key}{{{labels[family.Key]}}} {family.Value}: {helps[family.Key]}");

    public int Count => samples.Count;

    /// <exception cref="FormatException">The text is not what the format allows.</exception>
    public static MetricsPage Parse(string text)
    {
        var page = new MetricsPage();
        Require(text.EndsWith('\n'), "no line feed at the end", text);
        Require(!text.Contains('\r'), "a carriage return", "");
        var lines = text[..^1].Split('\n');
        for (var i = 0; i < lines.Length;)
        {
            i = page.ReadFamily(lines, i);
        }

        return page;
    }

    /// <summary>Asks a running program until its metrics are as waited for.</summary>
    public static async Task<MetricsPage> UntilAsync(ServeProcess serve, Func<MetricsPage, bool> isIt)
    {
        var asked = Stopwatch.StartNew();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var text = await serve.Http.GetStringAsync("/metrics");
            if (Parse(text) is var page && isIt(page))
            {
                Assert.Empty(page.Families.Except(KnownFamilies));
                return page;
            }

            if (asked.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException(text);
            }

            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>A sample by its labels in their order.</summary>
    public double Of(string name, params (string Name, string Value)[] labels) => samples[Key(name, labels)];

    /// <summary>All samples of a family together.</summary>
    public double Sum(string name) =>
        types.ContainsKey(name) ? samples.Where(sample => sample.Key.Split('\0')[0] == name).Sum(sample => sample.Value) : double.NaN;

    private int ReadFamily(string[] lines, int i)
    {
        var help = Help().Match(lines[i]);
        Require(help.Success, "a family begins with its HELP line", lines[i]);
        var name = help.Groups["name"].Value;
        Require(!EscapedBadly().IsMatch(help.Groups["text"].Value), "a backslash that escapes nothing", lines[i]);
        Require(i + 1 < lines.Length && lines[i + 1] is var next && next == $"# TYPE {name} counter"
            || lines[i + 1] == $"# TYPE {name} gauge", "TYPE follows HELP", lines[i]);
        Require(types.TryAdd(name, lines[i + 1].Split(' ')[3]), "a family twice", lines[i]);
        Require(types[name] == "counter" == name.EndsWith("_total"), "counters, and only they, end in _total", lines[i]);
        helps[name] = help.Groups["text"].Value;
        Require(i + 2 < lines.Length && !lines[i + 2].StartsWith('#'), "a family without a sample", lines[i]);
        for (i += 2; i < lines.Length && !lines[i].StartsWith('#'); i++)
        {
            ReadSample(name, lines[i]);
        }

        return i;
    }

    private void ReadSample(string family, string line)
    {
        var sample = Sample().Match(line);
        Require(sample.Success && sample.Groups["name"].Value == family, "a sample of another family, or none", line);
        var names = sample.Groups["label"].Captures.Select(label => label.Value).ToList();
        var values = sample.Groups["value"].Captures.Select(value => Unescape(value.Value, line)).ToList();
        Require(labels.TryAdd(family, string.Join(',', names)) || labels[family] == string.Join(',', names), "other labels than before", line);
        Require(names.Distinct().Count() == names.Count, "a label twice", line);
        var number = sample.Groups["number"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        Require(types[family] != "counter" || number >= 0, "a counter below zero", line);
        Require(samples.TryAdd(Key(family, [.. names.Zip(values)]), number), "a sample twice", line);
    }

    private static string Unescape(string value, string line)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\')
            {
                text.Append(value[i]);
                continue;
            }

            Require(++i < value.Length && value[i] is '\\' or '"' or 'n', "a backslash that escapes nothing", line);
            text.Append(value[i] == 'n' ? '\n' : value[i]);
        }

        return text.ToString();
    }

    private static string Key(string name, params (string Name, string Value)[] labels) =>
        string.Join('\0', [name, .. labels.Select(label => $"{label.Name}={label.Value}")]);

    private static void Require(bool holds, string what, string line)
    {
        if (!holds)
        {
            throw new FormatException($"{what}: {line}");
        }
    }

    [GeneratedRegex("^# HELP (?<name>[a-z][a-z0-9_]*) (?<text>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Help();

    [GeneratedRegex(@"(?<!\\)(\\\\)*\\(?![\\n])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EscapedBadly();

    [GeneratedRegex(
        """^(?<name>[a-z][a-z0-9_]*)(\{(?<label>[a-z][a-z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,(?<label>[a-z][a-z0-9_]*)="(?<value>([^"\\]|\\.)*)")*\})?"""
        + """ (?<number>\+Inf|-Inf|NaN|-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?)$""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
