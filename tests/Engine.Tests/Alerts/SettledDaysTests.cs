using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>Results are handed over hours after a case has ended: until then its day says less of a ratio than it will.</summary>
public sealed class SettledDaysTests
{
    private const long Hour = 3_600_000;
    private const int Cases = 200;

    private static readonly WorkingCalendar Calendar = WorkingCalendar.WeekdaysOnly;
    private static readonly int Friday = LocalTime.DayOf(new DateOnly(2026, 11, 27));

    [Theory]
    [InlineData(16.0, 2)] // Thursday has closed, today has not
    [InlineData(17.5, 1)]
    [InlineData(0.0, 2)]
    public void ADay_IsSettledOnceTheWorkingDayAfterItHasClosed(double hour, int back) =>
        Assert.Equal(Friday - back, History(today: 1, yesterday: 1).SettledDay(LocalTime.StartOfDay(Friday) + (long)(hour * Hour)));

    [Fact]
    public void AfterAWeekend_ThursdayIsTheNewestSettledDay_UntilMondayCloses()
    {
        var history = History(today: 1, yesterday: 1) with { Days = [.. History(1, 1).Days, default, default, default] };
        Assert.Equal(Friday - 1, history.SettledDay(LocalTime.StartOfDay(Friday + 3) + (9 * Hour)));
        Assert.Equal(Friday + 2, history.SettledDay(LocalTime.StartOfDay(Friday + 3) + (18 * Hour)));
    }

    [Fact]
    public void AHealthyUnitWhoseLatestResultsAreNotHandedOverYet_IsNotNamed()
    {
        var history = History(today: 0.3, yesterday: 0.7);
        var now = LocalTime.StartOfDay(Friday) + (10 * Hour);
        Assert.NotEqual(Judgement.Met, Judge(new RatioDropRule { Figure = "fully_online" }, history, now));
        Assert.NotEqual(Judgement.Met, Judge(new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("month")!, MinCount = 20 }, history, now));
    }

    /// <summary>Of a stretch that ended yesterday yesterday is left out, and today is none of it.</summary>
    [Fact]
    public void AStretchThatHasEnded_IsJudgedByItsSettledDaysAlone()
    {
        var stretch = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("2026-11-02..2026-11-26")!, MinCount = 20 };
        var history = History(today: 0.3, yesterday: 0.1);
        var settled = Enumerable.Range(LocalTime.DayOf(stretch.Over.From), 24).Select(history.On).Aggregate(static (left, right) => left + right);
        var sum = settled + history.On(Friday - 1);
        var reading = new AlertReading(stretch, "1", sum.Denominator, sum.Numerator, 0.7, HasData: true, History: history);
        var evidence = stretch.Evidence(in reading, LocalTime.StartOfDay(Friday) + (10 * Hour));
        Assert.Equal((settled.Numerator, settled.Denominator), (evidence.Count, evidence.Of));
        Assert.Equal(LocalTime.StartOfDay(Friday - 1), evidence.To);
    }

    [Fact]
    public void AWindowOfOneDay_IsJudgedAsItStands()
    {
        var day = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("24h")!, MinCount = 20 };
        Assert.Equal(Judgement.Met, Judge(day, History(today: 0.3, yesterday: 0.7), LocalTime.StartOfDay(Friday) + (10 * Hour)));
    }

    private static Judgement Judge(AlertRule rule, UnitHistory history, long now)
    {
        var days = rule.Period.Kind == PeriodKind.Month ? LocalTime.DateOf(Friday).Day : 1;
        var sum = history.Days.TakeLast(days).Aggregate(static (left, right) => left + right);
        return rule.Judge(new AlertReading(rule, "1", sum.Denominator, sum.Numerator, 0.7, HasData: true, History: history), now);
    }

    private static UnitHistory History(double today, double yesterday)
    {
        var first = Friday - PaceBaseline.CalendarDays;
        return new UnitHistory(first, [.. Enumerable.Range(first, Friday - first + 1).Select(day => !Calendar.IsWorkingDay(day) ? default
            : new FigureCount(Cases, (long)(Cases * 0.74 * (day == Friday ? today : day == Friday - 1 ? yesterday : 1)), 0))], Calendar);
    }
}
