using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class OfficialBreachRuleTests
{
    private static readonly OfficialBreachRule Rule = new() { Figure = "fully_online" };
    private static readonly long FirstOfAugust = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 8, 1)));

    [Theory]
    [InlineData(69, 0, 100, Judgement.Met)]
    [InlineData(70, 0, 100, Judgement.Clear)]
    [InlineData(69, 1, 100, Judgement.Clear)]
    [InlineData(0, 0, 1, Judgement.Met)]
    [InlineData(0, 0, 0, Judgement.Clear)]
    public void AClosedMonth_IsJudgedToTheCase(long numerator, long unobserved, long denominator, Judgement expected) =>
        Assert.Equal(expected, Rule.Judge(Reading(new FigureCount(denominator, numerator, unobserved)), FirstOfAugust + (8 * 3_600_000L)));

    [Fact]
    public void TheNightOfTheFirst_ClearsWhatWasSaidOfAnEarlierMonth()
    {
        var reading = Reading(new FigureCount(100, 10, 0));
        Assert.Equal(Judgement.Clear, Rule.Judge(reading, FirstOfAugust + 1));
        Assert.Equal(Judgement.Met, Rule.Judge(reading, FirstOfAugust + (7 * 3_600_000L)));
        Assert.Equal(Judgement.Missing, Rule.Judge(reading with { HasData = false }, FirstOfAugust + (7 * 3_600_000L)));
    }

    [Fact]
    public void Evidence_NamesTheMonthAndItsCases()
    {
        var evidence = Rule.Evidence(Reading(new FigureCount(100, 10, 5)), FirstOfAugust + (30 * 86_400_000L));
        Assert.Equal((10, 100, 5), (evidence.Count, evidence.Of, evidence.Unobserved));
        Assert.Equal((FirstOfAugust - (31 * 86_400_000L), FirstOfAugust), (evidence.From, evidence.To));
        Assert.Equal((new DateOnly(2025, 7, 1), new DateOnly(2025, 7, 31)), Rule.ClosedDays(FirstOfAugust));
    }

    /// <summary>Cases of 31 July; those of June and August are no part of July.</summary>
    private static AlertReading Reading(FigureCount july)
    {
        var first = LocalTime.DayOf(new DateOnly(2025, 6, 25));
        var days = new FigureCount[68];
        Array.Fill(days, new FigureCount(1_000, 0, 0), 0, 6);
        Array.Fill(days, new FigureCount(1_000, 0, 0), 37, days.Length - 37);
        days[36] = july;
        return new AlertReading(Rule, "11953", 0, 0, 0.7, HasData: true, History: new UnitHistory(first, days, WorkingCalendar.WeekdaysOnly));
    }
}
