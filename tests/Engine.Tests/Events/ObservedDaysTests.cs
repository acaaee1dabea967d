namespace KpiStream.Engine.Tests.Events;

/// <summary>Which stretches of time a log covers.</summary>
public sealed class ObservedDaysTests
{
    private static readonly DateOnly From = new(2025, 7, 1), To = new(2025, 7, 15);

    [Theory]
    [InlineData("2025-07-01", "2025-07-15", 1_000, true)]
    [InlineData("2025-07-01", "2025-07-15", 50, true)] // a quiet beginning of a log that is busy now
    [InlineData("2025-07-01", "2025-07-15", 1, false)] // one old record a day
    [InlineData("2025-07-03", "2025-07-15", 1_000, true)] // lacks the first two
    [InlineData("2025-07-04", "2025-07-15", 1_000, false)]
    [InlineData("2025-06-20", "2025-07-11", 1_000, true)] // lacks the last two
    [InlineData("2025-06-20", "2025-07-10", 1_000, false)]
    [InlineData("2025-07-16", "2025-07-31", 1_000, false)]
    public void AStretch_IsCoveredWhenNearlyAllItsWorkingDaysHaveRecords(string first, string last, long each, bool expected)
    {
        var days = Today(20_000);
        days.Add(Between(DateOnly.Parse(first), DateOnly.Parse(last)).Where(Shipped.Calendar.IsWorkingDay).Select(day => (day, each)));
        Assert.Equal(expected, days.Cover(From, To, Shipped.Calendar));
    }

    [Fact]
    public void AStrayCase_CoversNothing()
    {
        var days = Today(300);
        days.Add([(LocalTime.DayOf(new DateOnly(2025, 7, 3)), 2), (LocalTime.DayOf(new DateOnly(2025, 7, 9)), 3)]);
        Assert.False(days.Cover(From, To, Shipped.Calendar));
        Assert.False(new ObservedDays().Cover(From, To, Shipped.Calendar));
    }

    [Fact]
    public void ALogThatIsThinThroughout_CoversItsDays()
    {
        var days = new ObservedDays();
        days.Add(Between(From, To).Where(Shipped.Calendar.IsWorkingDay).Select(day => (day, 1L)));
        Assert.True(days.Cover(From, To, Shipped.Calendar));
    }

    /// <summary>Tết closes offices for longer than a log may lack working days.</summary>
    [Fact]
    public void Holidays_AreNotMissed()
    {
        var (from, to) = (new DateOnly(2026, 2, 9), new DateOnly(2026, 2, 27));
        var days = new ObservedDays();
        days.Add(Between(from, to).Where(Shipped.Calendar.IsWorkingDay).Select(day => (day, 900L)));
        Assert.True(days.Cover(from, to, Shipped.Calendar));
        Assert.False(days.Cover(from, to, WorkingCalendar.WeekdaysOnly));
    }

    private static ObservedDays Today(long each)
    {
        var days = new ObservedDays();
        days.Add(Between(new DateOnly(2026, 11, 2), new DateOnly(2026, 11, 26)).Select(day => (day, each)));
        return days;
    }

    private static IEnumerable<int> Between(DateOnly from, DateOnly to) => Enumerable.Range(LocalTime.DayOf(from), to.DayNumber - from.DayNumber + 1);
}
