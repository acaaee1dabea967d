using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class AlertRuleTests
{
    private static readonly DateOnly JudgedOn = new(2025, 7, 15);
    private static readonly long EndOfJudgedDay = LocalTime.StartOfDay(LocalTime.DayOf(JudgedOn) + 1);

    private static readonly LowVolumeRule Seed003 =
        new() { Figure = "received", FewerThan = 50, Since = new DateOnly(2025, 7, 1), JudgedOn = JudgedOn };

    private static readonly BelowTargetRule Watch =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20, Grade = AlertGrade.Watch };

    private static readonly BelowTargetRule Below =
        new() { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20 };

    [Fact]
    public void LowVolume_ReadsTheDaysItNames()
    {
        Assert.Equal(Period.TryParse("2025-07-01..2025-07-15"), Seed003.Period);
        Assert.Equal(Period.TryParse("since:2025-07-01"), (Seed003 with { JudgedOn = null }).Period);
    }

    [Theory]
    [InlineData(49, -1, Judgement.Clear)]
    [InlineData(0, -1, Judgement.Clear)]
    [InlineData(49, 0, Judgement.Met)]
    [InlineData(0, 0, Judgement.Met)]
    [InlineData(50, 0, Judgement.Clear)]
    [InlineData(49, 86_400_000, Judgement.Met)]
    public void LowVolume_IsJudgedFromTheEndOfItsDay(long count, long millisAfterTheDay, Judgement expected)
    {
        var reading = new AlertReading(Seed003, "11953", count, null, null, HasData: true);

        Assert.Equal(expected, Seed003.Judge(reading, EndOfJudgedDay + millisAfterTheDay));
    }

    [Fact]
    public void LowVolumeWithoutDay_IsJudgedFromItsFirstDayOn()
    {
        var rule = Seed003 with { JudgedOn = null };
        var reading = new AlertReading(rule, "11953", 49, null, null, HasData: true);
        var start = LocalTime.StartOfDay(LocalTime.DayOf(rule.Since));

        Assert.Equal(Judgement.Clear, rule.Judge(reading, start - 1));
        Assert.Equal(Judgement.Met, rule.Judge(reading, start));
        Assert.Equal(Judgement.Clear, rule.Judge(reading with { Denominator = 50 }, start));
    }

    [Theory]
    [InlineData(50, 100, 0.7, Judgement.Met)]
    [InlineData(60, 100, 0.7, Judgement.Met)]
    [InlineData(61, 100, 0.7, Judgement.Between)]
    [InlineData(67, 100, 0.7, Judgement.Between)]
    [InlineData(68, 100, 0.7, Judgement.Clear)]
    [InlineData(80, 100, 0.7, Judgement.Clear)]
    [InlineData(0, 19, 0.7, Judgement.Between)]
    [InlineData(0, 20, 0.7, Judgement.Met)]
    [InlineData(500, 500, 1.0, Judgement.Clear)]
    [InlineData(499, 500, 1.0, Judgement.Met)]
    [InlineData(0, 100, null, Judgement.Clear)]
    [InlineData(0, 0, 0.7, Judgement.Missing)]
    public void AWatch_FiresAtTheFunnelsLimitAndClearsHalfADeviationBelowTheTarget(long numerator, long denominator, double? target, Judgement expected) =>
        Assert.Equal(expected, Watch.Judge(new AlertReading(Watch, "11953", denominator, numerator, target, HasData: true), 0));

    [Theory]
    [InlineData(54, 0, Judgement.Met)]
    [InlineData(55, 0, Judgement.Between)]
    [InlineData(54, 1, Judgement.Between)]
    [InlineData(10, 58, Judgement.Clear)]
    public void AnAlarm_FiresAtTheOuterLimitAndUnobservedCasesCountAsAchieved(long numerator, long unobserved, Judgement expected)
    {
        Assert.Equal(expected, Below.Judge(new AlertReading(Below, "11953", 100, numerator, 0.7, HasData: true, unobserved), 0));
    }

    [Fact]
    public void Evidence_SaysHowProbableItWas()
    {
        var evidence = Below.Evidence(new AlertReading(Below, "11953", 100, 50, 0.7, HasData: true, Unobserved: 10), 86_400_000L * 40);
        Assert.Equal((50, 100, 10, 0.7), (evidence.Count, evidence.Of, evidence.Unobserved, evidence.Target));
        Assert.Equal(70, evidence.Expected!.Value, 9);
        Assert.Equal(0.0210, evidence.Chance!.Value, 4); // P(X <= 60), n = 100, p = 0.7: 0.02099 by scipy's binom.cdf
        Assert.Equal((86_400_000L * 10, 86_400_000L * 40), (evidence.From, evidence.To));
    }

    [Fact]
    public void MissingData_SaysNothing()
    {
        Assert.Equal(Judgement.Missing, Seed003.Judge(new AlertReading(Seed003, "11953", 0, null, null, HasData: false), EndOfJudgedDay));
        Assert.Equal(Judgement.Missing, Below.Judge(new AlertReading(Below, "11953", 100, 0, 0.7, HasData: false), 0));
        Assert.Equal(Judgement.Missing, Below.Judge(new AlertReading(Below, "11953", 100, null, 0.7, HasData: true), 0));
    }

    [Fact]
    public void Ids_DifferByConditionAndAreStable()
    {
        Assert.Equal("low_volume:received:2025-07-01..2025-07-15", Seed003.Id);
        Assert.Equal("below_target:fully_online:30d", Below.Id);
    }
}
