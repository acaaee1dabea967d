namespace KpiStream.Engine.Tests.Time;

public sealed class WorkingCalendarTests
{
    private const long Hour = 3_600_000;

    private static readonly WorkingCalendar Calendar = Shipped.Calendar;

    [Theory]
    [InlineData("2025-07-01", true)]
    [InlineData("2025-07-05", false)] // Saturday
    [InlineData("2025-07-06", false)]
    [InlineData("2025-04-26", true)] // a Saturday worked for 2 May
    [InlineData("2025-05-02", false)]
    [InlineData("2025-09-01", false)]
    [InlineData("2025-09-02", false)]
    [InlineData("2025-09-03", true)]
    [InlineData("2026-01-10", true)]
    [InlineData("2026-02-16", false)]
    [InlineData("2026-02-20", false)]
    [InlineData("2026-02-23", true)]
    [InlineData("2026-04-27", false)]
    [InlineData("2026-08-22", true)]
    [InlineData("2026-08-31", false)]
    [InlineData("2027-02-11", false)]
    [InlineData("2027-05-03", false)]
    [InlineData("1970-01-03", false)] // the first Saturday
    public void Day_IsWorkedOrNot(string date, bool expected) => Assert.Equal(expected, Calendar.IsWorkingDay(Day(date)));

    [Theory]
    [InlineData("2025-07-01T06:59:59.999", "2025-07-01T07:00:00.000")]
    [InlineData("2025-07-01T07:00:00.000", "2025-07-01T07:00:00.000")]
    [InlineData("2025-07-01T11:29:59.999", "2025-07-01T11:29:59.999")]
    [InlineData("2025-07-01T11:30:00.000", "2025-07-01T13:30:00.000")]
    [InlineData("2025-07-01T16:59:59.999", "2025-07-01T16:59:59.999")]
    [InlineData("2025-07-04T17:00:00.000", "2025-07-07T07:00:00.000")]
    [InlineData("2025-08-29T23:00:00.000", "2025-09-03T07:00:00.000")]
    public void NextOpen_IsTheInstantItselfOrTheNextOpening(string instant, string expected)
    {
        Assert.Equal(Instant(expected), Calendar.NextOpen(Instant(instant)));
        Assert.Equal(instant == expected, Calendar.IsOpen(Instant(instant)));
    }

    [Theory]
    [InlineData("2025-07-01T08:00:00.000", 0, "2025-07-01T08:00:00.000")]
    [InlineData("2025-07-01T08:00:00.000", 3, "2025-07-01T11:00:00.000")]
    [InlineData("2025-07-01T11:00:00.000", 1, "2025-07-01T14:00:00.000")]
    [InlineData("2025-07-01T07:00:00.000", 8, "2025-07-01T17:00:00.000")]
    [InlineData("2025-07-01T16:00:00.000", 8, "2025-07-02T16:00:00.000")]
    [InlineData("2025-07-04T20:00:00.000", 1, "2025-07-07T08:00:00.000")]
    [InlineData("2026-02-13T16:00:00.000", 16, "2026-02-24T16:00:00.000")]
    public void OfficeTime_IsAddedOverNoonsNightsAndFreeDays(string instant, int hours, string expected) =>
        Assert.Equal(Instant(expected), Calendar.AddWorkingTime(Instant(instant), hours * Hour));

    [Fact]
    public void OfficeTime_AddedInTwoParts_IsTheSameAsInOne()
    {
        var start = Instant("2025-08-28T06:30:00.000");
        for (var first = 0; first < 30; first++)
        {
            var parts = Calendar.AddWorkingTime(Calendar.AddWorkingTime(start, first * Hour / 2), 9 * Hour);
            Assert.Equal(Calendar.NextOpen(Calendar.AddWorkingTime(start, (first * Hour / 2) + (9 * Hour))), Calendar.NextOpen(parts));
        }
    }

    [Theory]
    [InlineData("2025-07-01", 0, "2025-07-01")]
    [InlineData("2025-07-05", 0, "2025-07-07")]
    [InlineData("2025-07-04", 1, "2025-07-07")]
    [InlineData("2025-08-29", 1, "2025-09-03")]
    [InlineData("2025-07-01", 5, "2025-07-08")]
    public void WorkingDays_AreAdded(string date, int count, string expected) => Assert.Equal(Day(expected), Calendar.AddWorkingDays(Day(date), count));

    [Fact]
    public void Closing_IsAtFive() => Assert.Equal(Instant("2025-07-01T17:00:00.000"), WorkingCalendar.ClosingTime(Day("2025-07-01")));

    private static int Day(string date) => LocalTime.DayOf(DateOnly.Parse(date));

    private static long Instant(string local) =>
        InstantText.TryParse(System.Text.Encoding.UTF8.GetBytes(local + "+07:00"), out var millis) ? millis : throw new ArgumentException(local, nameof(local));
}
