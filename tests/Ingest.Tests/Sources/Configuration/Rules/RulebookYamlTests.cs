namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

public sealed class RulebookYamlTests
{
    /// <summary>A sound rulebook; each mistake is made by replacing one of its lines.</summary>
    private const string Sound = """
        id: test
        rollout: 2025-07-01
        on_time_by: instant
        certified_copies: ["2.000815"]
        fee_waivers:
          - {procedure: "1.001193", from: 2025-01-01, to: 2025-12-31, basis: NQ 1}
        figures:
          - id: first
            name: {vi: Thứ nhất, en: First}
            basis: seed 000
            unit: handling
            time: ended
            of: [done, not linked]
            count: [online, {name: fee_settled, any: [not fee_due, paid_national]}]
            targets:
              - {at_least: 70 %, from: 2025-01-01, scope: mọi đơn vị}
          - id: second
            name: {vi: Thứ hai, en: Second}
            basis: seed 001
            kind: feedback
            version: 3
            too_few: 5
            unit: receiving
            time: filed
            of: [accepted]
            targets:
              - not_below: 50
        lists:
          civil: {fields: [HT]}
          online: {catalogue: eligible}
        """;

    [Fact]
    public void SoundRulebook_IsReadWithItsDefaults()
    {
        var (rulebook, problems) = Parse(Sound);

        Assert.Empty(problems);
        Assert.NotNull(rulebook);
        Assert.Equal(("test", "1", OnTimeBy.Instant, new DateOnly(2025, 7, 1)), (rulebook.Id, rulebook.Version, rulebook.OnTimeBy, rulebook.RolloutDate));
        Assert.Equal([new FeeWaiver("1.001193", null, new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31), "NQ 1")], rulebook.Waivers);
        var first = rulebook.Figures[0];
        Assert.Equal((1, CaseKind.Case, 20), (first.Version, first.Kind, first.TooFew));
        Assert.Equal([new Literal(Condition.Linked, Negated: true)], first.Of[1].AnyOf);
        Assert.Equal("not linked", first.Of[1].Name);
        Assert.Equal("fee_settled", first.Count![1].Name);
        Assert.Equal([new Literal(Condition.FeeDue, Negated: true), new Literal(Condition.PaidNational, Negated: false)], first.Count[1].AnyOf);
        Assert.Equal([new Target(TargetComparison.AtLeast, 0.7, new DateOnly(2025, 1, 1), null, "mọi đơn vị")], first.Targets);
        var second = rulebook.Figures[1];
        Assert.Equal((3, CaseKind.Feedback, UnitRole.Receiving, TimeRole.Filed, 5), (second.Version, second.Kind, second.Unit, second.Time, second.TooFew));
        Assert.True(second.IsVolume);
        Assert.Equal([new Target(TargetComparison.NotBelow, 50, null, null, null)], second.Targets);
    }

    [Theory]
    [InlineData("70 %", 0.7)]
    [InlineData("70%", 0.7)]
    [InlineData("0.7", 0.7)]
    [InlineData("100 %", 1)]
    [InlineData("1", 1)]
    [InlineData("66.6 %", 0.666)]
    public void RatioTarget_IsReadAsFractionOfOne(string written, double value)
    {
        var (rulebook, problems) = Parse(Sound.Replace("70 %", written));

        Assert.Empty(problems);
        Assert.Equal(value, rulebook!.Figures[0].Targets[0].Value);
    }

    [Theory]
    [InlineData("id: test", "", 2, "id", "is missing")]
    [InlineData("id: test", "id: [test]", 1, "id", "must be a text")]
    [InlineData("id: test", "id: test\ncolour: red", 2, "colour", "unknown key; allowed: too_few, rollout, lists, id")]
    [InlineData("rollout: 2025-07-01", "rolout: 2025-07-01", 2, "rolout", "did you mean 'rollout'?")]
    [InlineData("rollout: 2025-07-01", "rollout: 01/07/2025", 2, "rollout", "must be a date like 2025-07-01, not '01/07/2025'")]
    [InlineData("rollout: 2025-07-01", "rollout: 2025-02-29", 2, "rollout", "must be a date like 2025-07-01, not '2025-02-29'")]
    [InlineData("on_time_by: instant", "on_time_by: days", 3, "on_time_by", "did you mean 'day'? allowed: day, instant")]
    [InlineData("certified_copies: [\"2.000815\"]", "certified_copies: 2.000815", 4, "certified_copies", "must be a list")]
    [InlineData("certified_copies: [\"2.000815\"]", "certified_copies: [[a]]", 4, "certified_copies[0]", "must be a text")]
    [InlineData("to: 2025-12-31", "to: 2024-12-31", 6, "fee_waivers[0].to", "must not be before 'from' (2025-01-01)")]
    [InlineData(", basis: NQ 1", "", 6, "fee_waivers[0].basis", "is missing")]
    [InlineData("procedure: \"1.001193\", ", "", 6, "fee_waivers[0].procedure", "names either a procedure or a list")]
    [InlineData("procedure: \"1.001193\"", "list: civli", 6, "fee_waivers[0].list", "unknown list 'civli'; did you mean 'civil'? allowed: civil, online")]
    [InlineData("basis: NQ 1", "channel: mail, basis: NQ 1", 6, "fee_waivers[0].channel", "allowed: online, post, counter")]
    [InlineData("fields: [HT]", "fields: []", 29, "lists.civil.procedures", "a list needs procedures, fields, or 'catalogue: eligible'")]
    [InlineData("catalogue: eligible", "catalogue: full", 30, "lists.online.catalogue", "unknown word 'full'; allowed: eligible")]
    [InlineData("  civil:", "  Civil:", 29, "lists.Civil", "must be 1 to 40 of a-z, 0-9 and _")]
    [InlineData("of: [done, not linked]", "of: [in:civli]", 13, "figures[0].of[0]", "did you mean 'in:civil'?")]
    [InlineData("time: ended", "linked: maybe\n    time: ended", 12, "figures[0].linked", "unknown word 'maybe'; allowed: exclude, include, only")]
    [InlineData("  - id: first", "  - id: Fully Online", 8, "figures[0].id", "must be 1 to 40 of a-z, 0-9 and _")]
    [InlineData("  - id: first", "  - id: overdue", 8, "figures[0].id", "a name of the program's own")]
    [InlineData("  - id: second", "  - id: first", 17, "figures[1].id", "ids must differ")]
    [InlineData("  - id: second", "  - idd: second", 17, "figures[1].idd", "did you mean 'id'?")]
    [InlineData("name: {vi: Thứ nhất, en: First}", "name: {vi: Thứ nhất}", 9, "figures[0].name.en", "is missing")]
    [InlineData("name: {vi: Thứ nhất, en: First}", "name: First", 9, "figures[0].name", "must be a list of 'key: value' lines")]
    [InlineData("name: {vi: Thứ nhất, en: First}", "name: {vi: Thứ nhất, en: First, fr: Premier}", 9, "figures[0].name.fr",
        "unknown key; allowed: vi, en")]
    [InlineData("basis: seed 000", "basis:", 10, "figures[0].basis", "is missing")]
    [InlineData("unit: handling", "unit: handlin", 11, "figures[0].unit", "did you mean 'handling'? allowed: handling, receiving")]
    [InlineData("time: ended", "time: returned", 12, "figures[0].time", "unknown word 'returned'; allowed: filed, accepted, due, ended")]
    [InlineData("of: [done, not linked]", "of: done", 13, "figures[0].of", "must be a list")]
    [InlineData("of: [done, not linked]", "of: [done, nott linked]", 13, "figures[0].of[1]", "unknown condition 'nott linked'")]
    [InlineData("of: [done, not linked]", "of: [dome]", 13, "figures[0].of[0]",
        "unknown condition 'dome'; did you mean 'done'? allowed: done, returned_result")]
    [InlineData("of: [done, not linked]", "of: [kind_case]", 13, "figures[0].of[0]", "unknown condition 'kind_case'")]
    [InlineData("of: [done, not linked]", "of: [done, done]", 13, "figures[0].of[1]", "'done' is listed twice")]
    [InlineData("of: [done, not linked]", "of: [[done]]", 13, "figures[0].of[0]", "must be a condition")]
    [InlineData("any: [not fee_due, paid_national]", "any: []", 14, "figures[0].count[1].any", "must list at least one item")]
    [InlineData("any: [not fee_due, paid_national]", "all: [paid]", 14, "figures[0].count[1].all", "unknown key; allowed: name, any")]
    [InlineData("any: [not fee_due, paid_national]", "any: [paid_nationl]", 14, "figures[0].count[1].any[0]", "did you mean 'paid_national'?")]
    [InlineData("any: [not fee_due, paid_national]", "any: [paid, paid]", 14, "figures[0].count[1].any[1]", "'paid' is listed twice")]
    [InlineData("name: fee_settled, ", "", 14, "figures[0].count[1].name", "is missing")]
    [InlineData("name: fee_settled", "name: paid", 14, "figures[0].count[1].name", "not a condition's own name")]
    [InlineData("at_least: 70 %", "at_least: 70", 16, "figures[0].targets[0].at_least", "must be a ratio like 70 % or 0.7, at most 100 %, not '70'")]
    [InlineData("at_least: 70 %", "not_below: 70", 16, "figures[0].targets[0].not_below", "unknown key; allowed: at_least")]
    [InlineData("at_least: 70 %, ", "", 16, "figures[0].targets[0].at_least", "is missing: a ratio's target is like 70 %")]
    [InlineData("kind: feedback", "kind: feedbak", 20, "figures[1].kind", "did you mean 'feedback'?")]
    [InlineData("version: 3", "version: 0", 21, "figures[1].version", "must be a whole number from 1 to")]
    [InlineData("version: 3", "export: no", 21, "figures[1].export", "must be true or false, not 'no'")]
    [InlineData("too_few: 5", "too_few: five", 22, "figures[1].too_few", "must be a whole number from 0 to 1000000, not 'five'")]
    [InlineData("not_below: 50", "not_below: 50 %", 27, "figures[1].targets[0].not_below", "must be a whole number from 1 to")]
    [InlineData("version: 3", "unit: handling", 23, "", "Duplicate key unit")]
    public void Mistake_IsNamedWithItsLineKeyAndWhatIsAllowed(string sound, string mistaken, int line, string key, string message)
    {
        var (rulebook, problems) = Parse(Replaced(sound, mistaken));

        Assert.Null(rulebook);
        Assert.Contains(problems, problem => problem.File == "rules.yaml" && problem.Line == line && problem.Key == key
            && problem.Message.Contains(message));
    }

    [Theory]
    [InlineData("figures:\n  - id: a\n\tb: c", 2)]
    [InlineData("id: \"open", 1)]
    [InlineData("id: a\nfigures: [1, 2", 3)]
    [InlineData("id: *there", 1)]
    [InlineData("id: &here a", 1)]
    [InlineData("id: a\n---\nid: b", 3)]
    [InlineData("- a\n- b", 1)]
    [InlineData("just words", 1)]
    [InlineData("id: a\n? [b]\n: c", 2)]
    public void UnreadableYaml_IsNamedWithItsLine(string yaml, int line)
    {
        var (rulebook, problems) = Parse(yaml);

        Assert.Null(rulebook);
        Assert.Equal(line, problems[0].Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    public void EmptyFile_LacksEveryRequiredKey(string yaml)
    {
        var (rulebook, problems) = Parse(yaml);

        Assert.Null(rulebook);
        Assert.Equal(["figures", "id", "rollout"], problems.Select(problem => problem.Key).Order());
    }

    [Fact]
    public void BottomlessNesting_IsRefusedBeforeItIsBuilt()
    {
        var (rulebook, problems) = Parse("id: " + new string('[', 5_000));

        Assert.Null(rulebook);
        Assert.Contains("nested deeper than 32 levels", Assert.Single(problems).Message);
    }

    [Fact]
    public void SeveralMistakes_AreAllFoundInOnePass()
    {
        var text = Sound.Replace("unit: handling", "unit: both").Replace("not_below: 50", "not_below: x");

        Assert.Equal([11, 27], Parse(text).Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void TooManyFigures_AreRefused()
    {
        const string figure = "  - {id: f000, name: {vi: a, en: a}, basis: b, unit: handling, time: ended, of: [done]}\n";
        var figures = string.Concat(Enumerable.Range(0, Rulebook.MaxFigures + 1).Select(i => figure.Replace("f000", $"f{i}")));

        var problem = Assert.Single(Parse("id: a\nrollout: 2025-07-01\nfigures:\n" + figures).Problems);

        Assert.Equal((3, "figures", "has 65 figures; at most 64 are allowed"), (problem.Line, problem.Key, problem.Message));
    }

    [Fact]
    public void TooManyItemsToCount_AreRefused()
    {
        var nine = string.Join(", ", Conditions.Names.Take(FigureDefinition.MaxCountItems + 1));

        var problem = Assert.Single(Parse(Replaced("count: [online, {name: fee_settled, any: [not fee_due, paid_national]}]", $"count: [{nine}]")).Problems);

        Assert.Equal((14, "figures[0].count"), (problem.Line, problem.Key));
    }

    [Fact]
    public void ListsWaiversAndLinkedCases_AreRead()
    {
        var (rulebook, problems) = Parse(Sound
            .Replace("procedure: \"1.001193\"", "list: civil, channel: online, units: [\"33\"]")
            .Replace("of: [accepted]", "linked: only\n    of: [in:civil, not in:online]\n    sentence: Một câu."));

        Assert.Empty(problems);
        Assert.Equal(["civil", "online"], rulebook!.Lists.Select(list => list.Name));
        Assert.Equal(["HT"], rulebook.Lists[0].Fields);
        Assert.True(rulebook.Lists[1].IsOfCatalogue);
        Assert.Equal((null, Condition.FirstList, Condition.Online),
            (rulebook.Waivers[0].Procedure, rulebook.Waivers[0].List!.Value, rulebook.Waivers[0].Channel!.Value));
        Assert.Equal(["33"], rulebook.Waivers[0].Units);
        var second = rulebook.Figures[1];
        Assert.Equal((LinkedCases.Only, "Một câu."), (second.Linked, second.Sentence));
        Assert.Equal(["in:civil", "not in:online"], second.Of.Select(item => item.Name));
        Assert.Equal([new Literal(Condition.FirstList + 1, Negated: true)], second.Of[1].AnyOf);
        Assert.Equal("in:online", rulebook.NameOf(Condition.FirstList + 1));
    }

    [Fact]
    public void TooManyLists_AreRefused()
    {
        var lists = string.Concat(Enumerable.Range(0, Rulebook.MaxLists + 1).Select(i => $"\n  l{i}: {{fields: [a]}}"));

        var problem = Assert.Single(
            Parse(Sound.Replace("\nlists:\n  civil: {fields: [HT]}\n  online: {catalogue: eligible}", "\nlists:" + lists)).Problems);

        Assert.Equal("has 17 lists; at most 16 are allowed", problem.Message);
    }

    [Fact]
    public void FigureOfEveryCase_HasAnEmptyOf()
    {
        var (rulebook, problems) = Parse(Sound.Replace("of: [done, not linked]", "of: []"));

        Assert.Empty(problems);
        Assert.Empty(rulebook!.Figures[0].Of);
    }

    [Fact]
    public void Problem_ReadsAsOneLine()
    {
        Assert.Equal("a.yaml:3: id: is missing", new ConfigProblem("a.yaml", 3, "id", "is missing").ToString());
        Assert.Equal("a.yaml: there is no such file", new ConfigProblem("a.yaml", 0, "", "there is no such file").ToString());
    }

    [Theory]
    [InlineData("version: 3", true)]
    [InlineData("export: true", true)]
    [InlineData("export: false", false)]
    public void AFigure_IsExportedUnlessItSaysNo(string written, bool isExported) =>
        Assert.Equal([true, isExported], Parse(Replaced("version: 3", written)).Rulebook!.Figures.Select(static figure => figure.IsExported));

    private static string Replaced(string sound, string mistaken)
    {
        Assert.Contains(sound, Sound);
        var at = Sound.IndexOf(sound);
        return string.Concat(Sound.AsSpan(0, at), mistaken, Sound.AsSpan(at + sound.Length));
    }

    private static (Rulebook? Rulebook, List<ConfigProblem> Problems) Parse(string yaml)
    {
        var problems = new List<ConfigProblem>();
        return (RulebookYaml.Parse("rules.yaml", yaml, problems), problems);
    }
}
