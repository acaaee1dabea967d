using KpiStream.Engine.Alerts;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Tests.Sources.Configuration;

/// <summary>What a rules file may say, and how it is told what it may not.</summary>
public sealed class AlertRulesYamlTests
{
    private const string Head = "id: mine\nversion: 3\n";

    private static readonly Rulebook Book = Shipped.Rulebook();
    private static readonly UnitDirectory Units = Shipped.Units("hungyen");

    [Fact]
    public void ShippedRules_AreSound_AndHaveIdsOfTheirOwn()
    {
        var (rules, problems) = Parse(Shipped.Text(AlertRulesFile.ShippedName));

        Assert.Empty(problems);
        Assert.Equal(("shipped", "1"), (rules!.Id, rules.Version));
        Assert.All(rules.Rules, rule => Assert.Equal(rule.GivenId, rule.Id));
    }

    [Fact]
    public void ARule_HasEverythingThatIsWritten()
    {
        var (rules, problems) = Parse(Head + """
            lists: {pilot: ["11953", "11977"]}
            rules:
              - id: few
                kind: low_volume
                figure: arisen
                fewer_than: 10
                since: 2025-08-01
                judged_on: 2025-08-15
                grade: report
                hold: 2h
                clear_hold: 30m
                advice: Gọi bà Hà, máy lẻ 112
                advice_en: Call Ms Hà, extension 112
                units: {kinds: [department, unlisted], lists: [pilot], codes: ["11983"], except: ["11977"]}
            """);

        Assert.Empty(problems);
        var rule = Assert.IsType<LowVolumeRule>(Assert.Single(rules!.Rules));
        Assert.Equal(("few", "arisen", 10L, AlertGrade.Report), (rule.Id, rule.Figure, rule.FewerThan, rule.Grade));
        Assert.Equal((new DateOnly(2025, 8, 1), new DateOnly(2025, 8, 15)), (rule.Since, rule.JudgedOn!.Value));
        Assert.Equal((7_200_000L, 1_800_000L), (rule.HoldMillis, rule.ClearHoldMillis));
        Assert.Equal(("Gọi bà Hà, máy lẻ 112", "Call Ms Hà, extension 112"), (rule.Advice, rule.AdviceEn));
        Assert.Equal([UnitKind.Department, UnitKind.Unlisted], rule.Scope.Kinds);
        Assert.Equal(["11983", "11953", "11977"], rule.Scope.Codes);
        Assert.Equal("pilot", rule.Scope.List);
        Assert.Equal((true, false), (rule.Concerns(Units.Find("11953")!), rule.Concerns(Units.Find("11977")!)));
    }

    [Fact]
    public void WhatIsLeftOut_IsUsualForTheKind()
    {
        var (rules, problems) = Parse(Head + "rules:\n  - {id: few, kind: low_volume, figure: arisen, fewer_than: 5, since: 2025-07-01}\n");

        Assert.Empty(problems);
        Assert.Equal(AlertScope.Communes, Assert.Single(rules!.Rules).Scope);
    }

    [Fact]
    public void AnotherText_IsAnotherEdition()
    {
        var (one, _) = Parse(Head + "rules: []\n");
        var (same, _) = Parse(Head + "rules: []\n");
        var (other, _) = Parse(Head + "rules: [] # none\n");

        Assert.Equal(one!.Hash, same!.Hash);
        Assert.NotEqual(one.Hash, other!.Hash);
        Assert.Equal($"mine 3 ({one.Hash[..12]})", one.ToString());
    }

    [Theory]
    [InlineData("  - {id: a, kind: ratoi, figure: fully_online}", 4, "rules[0].kind", "unknown kind 'ratoi'; did you mean 'ratio'?")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_onlin}", 4, "rules[0].figure",
        "'fully_onlin' is no ratio of the rulebook; did you mean 'fully_online'?")]
    [InlineData("  - {id: a, kind: low_volume, figure: fully_online, fewer_than: 1, since: 2025-07-01}", 4, "rules[0].figure",
        "'fully_online' is no volume of the rulebook; allowed: ")]
    [InlineData("  - {id: a, kind: ratio}", 4, "rules[0].figure", "is missing")]
    [InlineData("  - {kind: ratio, figure: fully_online}", 4, "rules[0].id", "is missing")]
    [InlineData("  - {id: 1a, kind: ratio, figure: fully_online}", 4, "rules[0].id", "must be 1 to 40 of a-z, 0-9 and _")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online, hold: 8d}", 4, "rules[0].hold", "must be a duration from 0 to 7d")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online, grade: alert}", 4, "rules[0].grade",
        "unknown word 'alert'; did you mean 'alarm'? allowed: report")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online, advice: \"a\\nb\"}", 4, "rules[0].advice", "must be one line of 1 to 300 characters")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online, advice_en: \" \"}", 4, "rules[0].advice_en", "must be one line of 1 to 300 characters")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online, fewer_than: 3}", 4, "rules[0].fewer_than", "unknown key; allowed: id, kind, units")]
    [InlineData("  - id: a\n    kind: ratio\n    figure: fully_online\n    units: {codes: [\"11954\"]}", 7, "rules[0].units.codes",
        "unit '11954' is not in the directory")]
    [InlineData("  - id: a\n    kind: ratio\n    figure: fully_online\n    units: {kinds: [communes]}", 7, "rules[0].units.kinds",
        "unknown kind of units 'communes'; did you mean 'commune'?")]
    [InlineData("  - id: a\n    kind: ratio\n    figure: fully_online\n    units: {lists: [pilot]}", 7, "rules[0].units.lists", "there is no list 'pilot'")]
    [InlineData("  - id: a\n    kind: ratio\n    figure: fully_online\n    units: {}", 7, "rules[0].units", "names no unit")]
    [InlineData("  - {id: a, kind: ratio, figure: fully_online}\n  - {id: a, kind: ratio, figure: synced}", 5, "rules[1].id", "'a' is used by an earlier rule")]
    public void AMistake_IsNamedWithItsLine(string rules, int line, string key, string message)
    {
        var (read, problems) = Parse($"{Head}rules:\n{rules}\n");

        Assert.Null(read);
        Assert.Contains(problems, problem => problem.Line == line && problem.Key == key && problem.Message.StartsWith(message));
    }

    [Theory]
    [InlineData("ratio, figure: fully_online, period: month, min_count: 5, tail: 0.01, clear_at: 0.5", "BelowTargetRule", AlertKind.Ratio, AlertGrade.Alarm)]
    [InlineData("copies, figure: same_day_copies", "BelowTargetRule", AlertKind.Copies, AlertGrade.Alarm)]
    [InlineData("ratio_drop, figure: fully_online, depth: 20 %, score: 5", "RatioDropRule", AlertKind.Ratio, AlertGrade.Alarm)]
    [InlineData("official_breach, figure: fully_online", "OfficialBreachRule", AlertKind.OfficialBreach, AlertGrade.Report)]
    [InlineData("pace, figure: arisen, fall: 0.4, score: 2.5", "PaceRule", AlertKind.Pace, AlertGrade.Alarm)]
    [InlineData("silence, figure: arisen, yearly_chance: 0.01", "SilenceRule", AlertKind.Silence, AlertGrade.Alarm)]
    public void EachKind_HasItsOwnKeys(string keys, string rule, AlertKind kind, AlertGrade grade)
    {
        var (rules, problems) = Parse($"{Head}rules:\n  - {{id: a, kind: {keys}}}\n");

        Assert.Empty(problems);
        var read = Assert.Single(rules!.Rules);
        Assert.Equal((rule, kind, grade), (read.GetType().Name, read.Kind, read.Grade));
        (double Written, double Read)? check = read switch
        {
            BelowTargetRule { About: AlertKind.Ratio } ratio => (0.01 + 0.5, ratio.FireAt + ratio.ClearAt),
            RatioDropRule drop => (0.2 + 5, drop.Depth + drop.FireAt),
            PaceRule pace => (0.4 + 2.5, pace.Fall + pace.FireAt),
            SilenceRule silence => (0.01, silence.YearlyChance),
            _ => null,
        };
        Assert.Equal(check?.Written, check?.Read);
    }

    [Theory]
    [InlineData("ratio, figure: fully_online, tail: 0.6", "rules[0].tail", "must be a number from 1E-09 to 0.5, not '0.6'")]
    [InlineData("ratio, figure: fully_online, tail: 0.1, clear_at: 0.05", "rules[0].clear_at", "must not be below 'tail'")]
    [InlineData("pace, figure: arisen, fall: twice", "rules[0].fall", "must be a ratio like 70 % or 0.7")]
    [InlineData("silence, figure: fully_online", "rules[0].figure", "'fully_online' is no volume of the rulebook")]
    public void AWrongNumber_IsNamed(string keys, string key, string message)
    {
        var (_, problems) = Parse($"{Head}rules:\n  - {{id: a, kind: {keys}}}\n");

        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.StartsWith(message, problem.Message);
    }

    [Fact]
    public void AllMistakes_AreNamedAtOnce()
    {
        var (_, problems) = Parse("version: 1\nrule: []\nrules:\n  - {id: a, kind: pase}\n  - {id: B, kind: ratio, figure: x, holds: 1m}\n");

        Assert.Equal(
            ["id", "rule", "rules[0].kind", "rules[1].figure", "rules[1].holds", "rules[1].id"], problems.Select(problem => problem.Key).Order());
        Assert.All(problems, problem => Assert.Equal("alerts.yaml", problem.File));
    }

    private static (AlertRuleSet? Rules, List<ConfigProblem> Problems) Parse(string text)
    {
        var problems = new List<ConfigProblem>();
        return (AlertRulesYaml.Parse("alerts.yaml", text, Book, Units, problems), problems);
    }
}
