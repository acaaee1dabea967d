using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class SourceRuleTests
{
    [Theory]
    [InlineData(SourceRule.Fine, Judgement.Clear)]
    [InlineData(SourceRule.Unknown, Judgement.Between)]
    [InlineData(SourceRule.Wrong, Judgement.Met)]
    public void ASourcesState_IsTheVerdictAndTheNightChangesNothing(long state, Judgement expected)
    {
        var rule = new SourceRule { Figure = "", Fault = SourceFault.Silent };
        Assert.Equal(expected, rule.Judge(new AlertReading(rule, "igate", state, null, null, HasData: true), 0));
        Assert.Equal(Judgement.Missing, rule.Judge(new AlertReading(rule, "igate", state, null, null, HasData: false), 0));
    }

    [Theory]
    [InlineData(19, 100, Judgement.Between)]
    [InlineData(20, 100, Judgement.Met)]
    [InlineData(20, 1_000, Judgement.Between)]
    [InlineData(25, 1_000, Judgement.Met)]
    [InlineData(10, 1_000, Judgement.Clear)]
    [InlineData(0, 0, Judgement.Clear)]
    public void RejectedRecords_AreWrongBeyondAHundredthAndChance(long rejected, long records, Judgement expected)
    {
        var rule = new SourceRule { Figure = "", Fault = SourceFault.Rejected };
        Assert.Equal(expected, rule.Judge(new AlertReading(rule, "igate", records, rejected, null, HasData: true), 0));
    }

    [Fact]
    public void OnlyASourceThatGivesNothing_KeepsUnitsFromBeingJudged()
    {
        Assert.Equal([true, true, true, false, false, true, false], SourceRules.All.Select(static rule => rule.Inhibits));
        Assert.False(new PaceRule { Figure = "arisen" }.Inhibits);
        Assert.Equal(SourceRules.All.Count, SourceRules.All.Select(static rule => rule.Id).Distinct().Count());
        Assert.Equal("source:igate", SourceRules.All[0].CauseOf("igate"));
    }
}
