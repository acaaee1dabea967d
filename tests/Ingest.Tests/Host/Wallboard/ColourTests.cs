using System.Text.RegularExpressions;
using KpiStream.Ingest.Host.Wallboard;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>
/// The colours of states, computed: text stands out from what is behind it (WCAG 2.2, 4.5 to 1), and states differ for who sees two colours only, by the
/// simulation of Viénot, Brettel and Mollon (1999) and CIE 1976 distances.
/// </summary>
public sealed partial class ColourTests(ITestOutputHelper output)
{
    private static readonly string Styles = ReadStyles();

    /// <summary>Text colour and what may be behind it.</summary>
    private static readonly (string Text, string[] Behind)[] Pairs =
    [
        ("ink", ["card", "paper", "breach-faint", "breach-soft", "few-faint", "unseen-faint"]),
        ("muted", ["card", "paper", "breach-faint", "few-faint", "unseen-faint"]),
        ("ok", ["card"]), ("breach", ["card", "breach-faint", "breach-soft"]), ("unseen", ["card", "unseen-faint"]), ("few", ["card", "few-faint"]),
        ("soon", ["card", "paper"]), ("on-navy", ["navy", "navy-2", "alarm-head"]), ("on-navy-muted", ["navy"]), ("amber", ["navy"]), ("ok-light", ["navy"]),
        ("breach-light", ["navy"]), ("few-light", ["navy"]), ("unseen-light", ["navy"]),
    ];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void Texts_StandOutFromWhatIsBehindThem(string theme)
    {
        var colours = Of(theme);
        var low = from pair in Pairs
                  from behind in pair.Behind
                  let contrast = Contrast(colours[pair.Text], colours[behind])
                  where contrast < 4.5
                  select $"{pair.Text} on {behind}: {contrast:0.00}";
        Assert.Empty(low);
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public void StatesDiffer_AlsoWithoutRedOrGreenReceptors(string theme)
    {
        var colours = Of(theme);
        string[] states = ["ok", "breach", "unseen", "few"];
        var least = 100.0;
        foreach (var (a, b) in states.SelectMany((a, i) => states.Skip(i + 1).Select(b => (a, b))))
        {
            foreach (var sight in (string[])["all", "no red", "no green"])
            {
                var distance = Distance(Seen(colours[a], sight), Seen(colours[b], sight));
                output.WriteLine($"{theme}, {sight}: {a} and {b} {distance:0.0}");
                least = Math.Min(least, distance);
            }
        }

        // Twice what the eye takes for another colour side by side; shape and words differ besides.
        Assert.InRange(least, 5, 100);
    }

    private static Dictionary<string, double[]> Of(string theme)
    {
        var light = Variables(Styles[Styles.IndexOf(":root {", StringComparison.Ordinal)..]);
        var dark = Variables(Styles[Styles.IndexOf("[data-theme=\"dark\"] {", StringComparison.Ordinal)..]);
        return theme == "light" ? light
            : light.Concat(dark).GroupBy(static one => one.Key).ToDictionary(static group => group.Key, static group => group.Last().Value);
    }

    private static Dictionary<string, double[]> Variables(string block) => Variable().Matches(block[..block.IndexOf('}')])
        .ToDictionary(static match => match.Groups["name"].Value, static match => Linear(match.Groups["hex"].Value));

    private static double[] Linear(string hex)
    {
        var full = hex.Length == 3 ? string.Concat(hex.Select(static digit => $"{digit}{digit}")) : hex;
        return [.. Enumerable.Range(0, 3).Select(i => Convert.ToInt32(full.Substring(i * 2, 2), 16) / 255.0)
            .Select(static part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
    }

    private static double Luminance(double[] rgb) => (0.2126 * rgb[0]) + (0.7152 * rgb[1]) + (0.0722 * rgb[2]);

    private static double Contrast(double[] a, double[] b) =>
        (Math.Max(Luminance(a), Luminance(b)) + 0.05) / (Math.Min(Luminance(a), Luminance(b)) + 0.05);

    /// <summary>Linear RGB to linear RGB, the matrices of the paper.</summary>
    private static double[] Seen(double[] rgb, string sight) => sight switch
    {
        "no red" => [(0.11238 * rgb[0]) + (0.88762 * rgb[1]), (0.11238 * rgb[0]) + (0.88762 * rgb[1]), (0.00401 * rgb[0]) - (0.00401 * rgb[1]) + rgb[2]],
        "no green" => [(0.29275 * rgb[0]) + (0.70725 * rgb[1]), (0.29275 * rgb[0]) + (0.70725 * rgb[1]), (-0.02234 * rgb[0]) + (0.02234 * rgb[1]) + rgb[2]],
        _ => rgb,
    };

    private static double Distance(double[] a, double[] b) => Math.Sqrt(Lab(a).Zip(Lab(b)).Sum(static pair => Math.Pow(pair.First - pair.Second, 2)));

    /// <summary>CIE 1976 L*a*b* under D65.</summary>
    private static double[] Lab(double[] rgb)
    {
        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
        var x = F(((0.4124 * rgb[0]) + (0.3576 * rgb[1]) + (0.1805 * rgb[2])) / 0.95047);
        var y = F(Luminance(rgb));
        var z = F(((0.0193 * rgb[0]) + (0.1192 * rgb[1]) + (0.9505 * rgb[2])) / 1.08883);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];
    }

    private static string ReadStyles()
    {
        using var reader = new StreamReader(typeof(WallboardPage).Assembly.GetManifestResourceStream("wallboard/board.css")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("--(?<name>[a-z0-9-]+): #(?<hex>[0-9a-f]{6}|[0-9a-f]{3});", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Variable();
}
