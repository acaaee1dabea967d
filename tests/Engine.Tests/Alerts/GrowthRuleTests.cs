using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class GrowthRuleTests
{
    private static readonly GrowthRule Rule = new() { Figure = "synced", Ended = "handled", Grade = AlertGrade.Alarm };
    private static readonly int Friday = LocalTime.DayOf(new DateOnly(2025, 7, 18));

    [Theory]
    [InlineData(20, 20, Judgement.Clear)]
    [InlineData(20, 18, Judgement.Clear)]
    [InlineData(20, 13, Judgement.Met)]
    [InlineData(20, 15, Judgement.Between)] // a quarter is left over: chance it is not, nor the work of three days
    [InlineData(6, 5, Judgement.Clear)] // 14 of 84 are left over: one unit in seven has that by chance
    [InlineData(6, 4, Judgement.Between)]
    [InlineData(2, 0, Judgement.Met)] // 28 cases in two weeks, and none ended
    [InlineData(0, 20, Judgement.Clear)]
    [InlineData(0, 0, Judgement.Clear)]
    public void CasesGrowInNumber_WhereFewerEndThanComeBeyondChance(long came, long ended, Judgement expected) =>
        Assert.Equal(expected, Judge(Reading(Rule, _ => came, _ => ended)));

    [Fact]
    public void OverdueCases_AreThoseThatBecameLateLessThoseThatEndedLate()
    {
        var rule = Rule with { IsOverdue = true, Figure = "due_on_time", Ended = "on_time", Grade = AlertGrade.Watch };
        var reading = Reading(rule, static _ => 0, static _ => 0);
        var came = reading.History! with { Days = [.. reading.History.Days.Select(static _ => new FigureCount(20, 16, 1))] };
        var ended = reading.Ended! with { Days = [.. reading.Ended.Days.Select(static _ => new FigureCount(18, 17, 0))] };

        var evidence = rule.Evidence(reading with { History = came, Ended = ended }, Morning(Friday));
        Assert.Equal((14L, 3L * 14), (evidence.Count, evidence.Of));
        Assert.Equal((LocalTime.StartOfDay(Friday - 14), LocalTime.StartOfDay(Friday)), (evidence.From, evidence.To));
        Assert.Equal(Judgement.Met, Judge(reading with { History = came, Ended = ended }));
        Assert.InRange(evidence.Chance!.Value, 1e-5, 2e-4); // P(X ≤ 14) of 56 tosses is 1.2e-4
    }

    [Fact]
    public void TwoWholeWeeks_AreCompared_TodayIsNot()
    {
        var today = Reading(Rule, static day => day == Friday ? 1_000 : 20, static _ => 20);
        Assert.Equal(Judgement.Clear, Judge(today));
        var evidence = Rule.Evidence(today, Morning(Friday));
        Assert.Equal((280L, 280L), (evidence.Count, evidence.Of));
        Assert.Equal((280.0, true), (evidence.Expected, evidence.Low < 1 && evidence.High > 1));
    }

    [Fact]
    public void DaysThatTheLogLacks_LongClosures_AndYoungLogs_AreNotJudged()
    {
        var grown = Reading(Rule, static _ => 20, static _ => 5);
        Assert.Equal(Judgement.Met, Judge(grown));
        Assert.Equal(Judgement.Between, Judge(grown with { History = grown.History! with { LeftOut = new HashSet<int> { Friday - 4 } } }));
        Assert.Equal(Judgement.Met, Judge(grown with { History = grown.History! with { LeftOut = new HashSet<int> { Friday - 5 } } })); // a Sunday
        Assert.Equal(Judgement.Met, Judge(grown with { History = grown.History! with { ObservedFrom = Friday - 14 - 28 } }));
        Assert.Equal(Judgement.Between, Judge(grown with { History = grown.History! with { ObservedFrom = Friday - 14 - 27 } })); // its first cases add up
        Assert.Equal(Judgement.Missing, Judge(grown with { HasData = false }));
        Assert.Equal(Judgement.Missing, Judge(grown with { Ended = null }));
        Assert.Equal(Judgement.Between, Rule.Judge(grown, Morning(Friday + 1)));
        Assert.Equal(Judgement.Between, Rule.Judge(grown, Morning(Friday) - (4 * 3_600_000L)));
    }

    private static Judgement Judge(AlertReading reading) => reading.Rule.Judge(reading, Morning(Friday));

    private static long Morning(int day) => LocalTime.StartOfDay(day) + (9 * 3_600_000L);

    private static AlertReading Reading(GrowthRule rule, Func<int, long> came, Func<int, long> ended) =>
        new(rule, "11953", 0, 0, null, HasData: true, History: HistoryOf(rule, came), Ended: HistoryOf(rule, ended));

    /// <summary>The same count on every day, weekends included.</summary>
    private static UnitHistory HistoryOf(GrowthRule rule, Func<int, long> casesOn) => new(
        Friday - rule.HistoryDays,
        [.. Enumerable.Range(Friday - rule.HistoryDays, rule.HistoryDays + 1).Select(day => new FigureCount(casesOn(day), 0, 0))],
        WorkingCalendar.WeekdaysOnly)
    {
        ObservedFrom = Friday - 100,
    };
}
