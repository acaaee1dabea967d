using System.Globalization;
using System.Text.RegularExpressions;
using KpiStream.Engine.Alerts;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

/// <summary>The tables of keys in the manual of alerts say what the reader of rules files takes, refuses and does by itself.</summary>
public sealed partial class AlertRulesManualTests
{
    private static readonly Rulebook Book = Shipped.Rulebook();
    private static readonly UnitDirectory Units = Shipped.Units("hungyen");
    private static readonly List<Key> Keys = [.. Table("| key | kinds |").Select(static cells => new Key(WordsOf(cells[0])[0], cells[1], cells[2], cells[3]))];
    private static readonly Dictionary<string, string[]> Kinds = Table("| kind | `figure` |").ToDictionary(static cells => WordsOf(cells[0])[0]);

    public static TheoryData<string> AllKinds => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void AKind_HasTheKeysOfTheManual_AndNoOthers(string kind) => Assert.Equal(
        KeysOf(kind).Select(static key => key.Name).Order(), AllowedIn(Refused(Rule(kind) with { More = ", zzz: 1" }), "zzz").Order());

    [Fact]
    public void Words_AreThoseOfTheManual()
    {
        Assert.Equal(Kinds.Keys.Order(), AllowedIn(Refused(Rule("ratio") with { Kind = "zzz" }), "kind").Order());
        Assert.Equal(WordsOf(KeysOf("ratio").Single(static key => key.Name == "grade").Allowed).Order(),
            AllowedIn(Refused(Rule("ratio") with { More = ", grade: zzz" }), "grade").Order());
        var units = KeysOf("ratio").Single(static key => key.Name == "units").Allowed.Split(';');
        Assert.Equal(WordsOf(units[0]).Order(), AllowedIn(Refused(Rule("ratio") with { More = ", units: {kinds: [commune], zzz: 1}" }), "units.zzz").Order());
        Assert.Equal(WordsOf(units[1]).Order(), AllowedIn(Refused(Rule("ratio") with { More = ", units: {kinds: [zzz]}" }), "units.kinds").Order());
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void WhatIsLeftOut_IsWhatTheManualSays(string kind)
    {
        var (figure, grade, kinds) = (Kinds[kind][1], WordsOf(Kinds[kind][2])[0], WordsOf(Kinds[kind][3]));
        var wrong = figure.Contains("volume") || figure.Contains("filed") ? "fully_online" : "arisen";
        Assert.Contains(Refused(Rule(kind) with { Figure = wrong }), problem => problem.Key.EndsWith("figure"));
        MustBeAlike(Rule(kind), Rule(kind) with { More = $", grade: {grade}" });
        MustBeAlike(Rule(kind), Rule(kind) with { More = $", units: {{kinds: [{string.Join(", ", kinds)}]}}" });
        var compared = 0;
        foreach (var key in KeysOf(kind))
        {
            foreach (Match match in ByGrade().Matches(key.LeftOut))
            {
                var given = match.Groups["grade"] is { Success: true } one ? $", grade: {one.Value}" : "";
                MustBeAlike(Rule(kind) with { More = given }, Rule(kind) with { More = $"{given}, {key.Name}: {match.Groups["value"].Value}" });
                compared++;
            }

            if (key.LeftOut == "refused")
            {
                Assert.Contains(Refused(Rule(kind) with { Without = key.Name }), problem => problem.Key.EndsWith(key.Name));
            }
        }

        Assert.True(compared >= 2, $"{compared} defaults compared");
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Bounds_AreThoseOfTheManual(string kind)
    {
        foreach (var key in KeysOf(kind))
        {
            if (Range().Match(key.Allowed) is not { Success: true } range)
            {
                continue;
            }

            var (least, most) = (range.Groups["least"].Value, range.Groups["most"].Value);
            foreach (var bound in (string[])[least, most])
            {
                Assert.DoesNotContain(
                    Refused(Rule(kind) with { Without = key.Name, More = $", {key.Name}: {bound}" }), problem => problem.Key.EndsWith(key.Name));
            }

            foreach (var beyond in (string[])[.. Below(least), Above(most)])
            {
                Assert.Contains(Refused(Rule(kind) with { Without = key.Name, More = $", {key.Name}: {beyond}" }), problem => problem.Key.EndsWith(key.Name));
            }
        }
    }

    /// <summary>A tenth of the least; what is below 0 where that is 0.</summary>
    private static IEnumerable<string> Below(string least) => double.TryParse(least, CultureInfo.InvariantCulture, out var number)
        ? [number == 0 ? "-0.1" : (number / 10).ToString("0.###########", CultureInfo.InvariantCulture)] : ["-1" + least[1..]];

    private static string Above(string most) => double.TryParse(most, CultureInfo.InvariantCulture, out var number)
        ? (number * 2).ToString("0", CultureInfo.InvariantCulture) is var doubled && number < 1 ? $"{number * 2}" : $"{number + 1}"
        : most == "7d" ? "8d" : "101 %";

    private static void MustBeAlike(Written one, Written other)
    {
        var (first, second) = (Read(one), Read(other));
        foreach (var property in first.GetType().GetProperties().Where(static property => property.Name is not ("Score" or "Tail")))
        {
            Assert.True(Equals(property.GetValue(first), property.GetValue(second)), $"{one} and {other}: {property.Name}");
        }
    }

    private static AlertRule Read(Written rule)
    {
        var problems = new List<ConfigProblem>();
        var rules = AlertRulesYaml.Parse("alerts.yaml", rule.Text, Book, Units, problems);
        Assert.Empty(problems);
        return Assert.Single(rules!.Rules);
    }

    private static List<ConfigProblem> Refused(Written rule)
    {
        var problems = new List<ConfigProblem>();
        AlertRulesYaml.Parse("alerts.yaml", rule.Text, Book, Units, problems);
        return problems;
    }

    private static string[] AllowedIn(List<ConfigProblem> problems, string key) =>
        problems.Single(problem => problem.Key.EndsWith(key)).Message.Split("allowed: ")[1].Split(", ");

    private static IEnumerable<Key> KeysOf(string kind) => Keys.Where(key => key.Kinds == "all" || key.Kinds.Split(", ").Contains(kind));

    private static Written Rule(string kind) => new(kind, kind switch
    {
        "waiting_growth" => "synced",
        "overdue_growth" => "due_on_time",
        _ => Kinds[kind][1].Contains("volume") ? "arisen" : "fully_online",
    });

    private static List<string[]> Table(string head) =>
        [.. File.ReadAllText(Path.Combine(RepositoryRoot.Path, "ingest/Host/Serving/Alerts/README.md")).Split('\n')
            .SkipWhile(line => !line.StartsWith(head)).Skip(2).TakeWhile(static line => line.StartsWith('|'))
            .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray())];

    private static string[] WordsOf(string cell) => [.. Quoted().Matches(cell).Select(static match => match.Groups["word"].Value)];

    [GeneratedRegex("`(?<word>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("^from `(?<least>[^`]+)` to `(?<most>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Range();

    [GeneratedRegex("`(?<value>[^`]+)`(?: for (?<grade>[a-z]+))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ByGrade();

    private sealed record Key(string Name, string Kinds, string Allowed, string LeftOut);

    /// <summary>A rules file of one rule with what it cannot be without.</summary>
    private sealed record Written(string Kind, string Figure)
    {
        public string Without { get; init; } = "";

        public string More { get; init; } = "";

        public string Text
        {
            get
            {
                (string Name, string Value)[] needed =
                [
                    ("id", "r"), ("kind", Kind), ("figure", Figure), .. Kind switch
                    {
                        "low_volume" => [("fewer_than", "50"), ("since", "2025-07-01")],
                        "waiting_growth" => [("ended", "handled")],
                        "overdue_growth" => [("ended", "on_time")],
                        _ => Array.Empty<(string, string)>(),
                    },
                ];
                var kept = needed.Where(key => key.Name != Without).Select(static key => $"{key.Name}: {key.Value}").ToList();
                return $"id: mine\nversion: 1\nrules:\n  - {{{string.Join(", ", kept)}{More}}}\n";
            }
        }

        public override string ToString() => Text.Split('\n')[3];
    }
}
