using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class BacklogRuleTests
{
    private static readonly BacklogRule Rule = new() { Figure = "taken_in" };
    private static readonly int Friday = LocalTime.DayOf(new DateOnly(2025, 7, 11));

    [Theory]
    [InlineData(10, 100, Judgement.Met)]
    [InlineData(9, 100, Judgement.Between)]
    [InlineData(5, 100, Judgement.Clear)]
    [InlineData(10, 201, Judgement.Between)]
    [InlineData(10, 400, Judgement.Clear)]
    public void CasesThatNobodyTookIn_AreABacklogOnceTheyAreManyAndAShare(long waiting, long filed, Judgement expected) =>
        Assert.Equal(expected, Judge(waiting, filed, Friday + 3, hour: 17));

    [Fact]
    public void EightWorkingHours_HavePassedWhenTheNextWorkingDayCloses()
    {
        Assert.Equal(Judgement.Clear, Judge(100, 100, Friday, hour: 23));
        Assert.Equal(Judgement.Clear, Judge(100, 100, Friday + 3, hour: 16));
        Assert.Equal(Judgement.Met, Judge(100, 100, Friday + 3, hour: 17));
        Assert.Equal((100L, 100L), EvidenceAt(Friday + 3));
    }

    private static (long?, long?) EvidenceAt(int day)
    {
        var evidence = Rule.Evidence(Reading(100, 100, day), LocalTime.StartOfDay(day) + (17 * 3_600_000L));
        return (evidence.Count, evidence.Of);
    }

    private static Judgement Judge(long waiting, long filed, int day, int hour) =>
        Rule.Judge(Reading(waiting, filed, day), LocalTime.StartOfDay(day) + (hour * 3_600_000L));

    private static AlertReading Reading(long waiting, long filed, int today)
    {
        var days = new FigureCount[Rule.HistoryDays + 1];
        days[^(today - Friday + 1)] = new FigureCount(filed, filed - waiting, 0);
        var history = new UnitHistory(today - Rule.HistoryDays, days, WorkingCalendar.WeekdaysOnly);
        return new AlertReading(Rule, "11953", 0, 0, null, HasData: true, History: history);
    }
}
