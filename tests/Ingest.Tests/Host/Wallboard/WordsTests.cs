using System.Text.RegularExpressions;
using KpiStream.Ingest.Host.Wallboard;

namespace KpiStream.Ingest.Tests.Host.Wallboard;

/// <summary>Every text of the page has its English, and what the server slims and packs is the same page.</summary>
public sealed partial class WordsTests
{
    private static readonly Dictionary<string, string> Sources = ReadSources();

    [Fact]
    public void EveryTextOfThePage_HasItsEnglish()
    {
        var english = Entry().Matches(Sources["english.js"]).Select(match => Unescaped(match.Groups["vi"].Value)).ToHashSet();
        var asked = Sources.Where(source => source.Key.EndsWith(".js") && source.Key != "english.js")
            .SelectMany(source => Told().Matches(source.Value).Select(match => (File: source.Key, Text: Unescaped(match.Groups["vi"].Value))))
            .Concat(Named().Matches(Sources["names.js"]).Select(match => (File: "names.js", Text: Unescaped(match.Groups["vi"].Value))))
            .Concat(Written().Matches(Body(Sources["board.html"]))
                .Select(match => (File: "board.html", Text: WebUtility.HtmlDecode(match.Groups["vi"].Value.Trim()))));
        Assert.Empty(asked.Where(one => HasVietnamese(one.Text) && !english.Contains(one.Text)).Distinct());
    }

    [Fact]
    public void EnglishTexts_HaveThePartsOfTheVietnameseOnes()
    {
        var pairs = Pair().Matches(Sources["english.js"]).Select(match => (Vietnamese: match.Groups["vi"].Value, English: match.Groups["en"].Value));
        Assert.All(pairs, static pair => Assert.Equal(
            Part().Matches(pair.Vietnamese).Select(static match => match.Value).Order().Distinct(),
            Part().Matches(pair.English).Select(static match => match.Value).Order().Distinct()));
    }

    /// <summary>Slimming works line by line: a text over several lines would lose its spaces.</summary>
    [Fact]
    public void NoTextOfAScript_GoesOverALine()
    {
        Assert.All(
            Sources.Where(static source => source.Key.EndsWith(".js")).SelectMany(static source => source.Value.Split('\n')
                .Where(static line => !line.TrimStart().StartsWith("//") && !line.TrimStart().StartsWith('*') && !line.TrimStart().StartsWith("/*"))),
            static line => Assert.True(line.Count(static letter => letter == '`') % 2 == 0, line));
    }

    [Fact]
    public void AllFiles_AreAtMost60KilobytesPacked()
    {
        var vietnamese = WallboardAsset.All.Where(asset => asset.Route is not ("/english.js" or "/act.js")).Sum(asset => asset.Packed.Length);
        Assert.InRange(vietnamese, 1, 60_000);
    }

    [Fact]
    public void SlimmedStyles_KeepSelectorsThatBeginWithAStar()
    {
        var slim = Encoding.UTF8.GetString(WallboardAsset.Slim("a.css", "/* why */\n* { margin: 0; }\n  a :is(b, i) { b: c d; } /* kept */\n"u8.ToArray()));
        Assert.Equal("*{margin:0;}a :is(b,i){b:c d;}/* kept */", slim);
        var script = WallboardAsset.Slim("a.js", "// why\n/**\n * more\n */\nconst a = 'b // kept'; // not so\n"u8.ToArray());
        Assert.Equal("const a = 'b // kept';", Encoding.UTF8.GetString(script));
    }

    private static Dictionary<string, string> ReadSources()
    {
        var assembly = typeof(WallboardPage).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("wallboard/")).ToDictionary(name => name["wallboard/".Length..], name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd();
        });
    }

    private static string Body(string page) => page[page.IndexOf("<body", StringComparison.Ordinal)..];

    private static string Unescaped(string text) => text.Replace("\\'", "'");

    private static bool HasVietnamese(string text) => text.Any(static letter => letter > '\u007f' && char.IsLetter(letter));

    [GeneratedRegex(@"^  '(?<vi>(?:[^'\\]|\\.)*)':", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^  '(?<vi>(?:[^'\\]|\\.)*)': '(?<en>(?:[^'\\]|\\.)*)',$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\bt\((?:[^'()]*\? ?)?'(?<vi>(?:[^'\\]|\\.)*)'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Told();

    [GeneratedRegex(@"[\w\]]: '(?<vi>(?:[^'\\]|\\.)*)'", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?:>|aria-label=""|placeholder="")(?<vi>[^<>""]+)(?:<|"")", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Written();

    [GeneratedRegex(@"\{\d\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Part();
}
