namespace KpiStream.Engine.Tests.Time;

public sealed class OfficeHoursTests
{
    private static readonly WorkingCalendar Calendar =
        new([new CalendarDay(new DateOnly(2026, 11, 26), false), new CalendarDay(new DateOnly(2026, 11, 28), true)]);

    [Theory]
    [InlineData("07:00-17:30", "07:00-17:30")]
    [InlineData("00:00-24:00 every day", "00:00-24:00 every day")]
    [InlineData("7:00-17:30", null)]
    [InlineData("17:30-07:00", null)]
    [InlineData("08:00-08:00", null)]
    [InlineData("08:00-24:01", null)]
    [InlineData("08:60-09:00", null)]
    [InlineData("08:00-17:00 daily", null)]
    [InlineData("08:00", null)]
    [InlineData("", null)]
    public void Text_IsReadWhole(string text, string? read) => Assert.Equal(read, OfficeHours.TryParse(text)?.ToString());

    [Theory]
    [InlineData("2026-11-25 06:59", false)]
    [InlineData("2026-11-25 07:00", true)]
    [InlineData("2026-11-25 17:29", true)]
    [InlineData("2026-11-25 17:30", false)]
    [InlineData("2026-11-26 10:00", false)] // a holiday
    [InlineData("2026-11-28 10:00", true)] // a Saturday that is worked
    [InlineData("2026-11-29 10:00", false)]
    public void WorkingDays_AreTheCalendars(string at, bool isOpen)
    {
        Assert.Equal(isOpen, OfficeHours.Default.Contain(At(at), Calendar));
        Assert.True(OfficeHours.Always.Contain(At(at), Calendar));
    }

    [Fact]
    public void AStretch_IsMeasuredWithinThemAlone()
    {
        Assert.Equal(0, OfficeHours.Default.Within(At("2026-11-25 17:30"), At("2026-11-27 07:00"), Calendar));
        Assert.Equal(90 * 60_000L, OfficeHours.Default.Within(At("2026-11-25 17:00"), At("2026-11-27 08:00"), Calendar));
        Assert.Equal(48 * 3_600_000L, OfficeHours.Always.Within(At("2026-11-25 17:00"), At("2026-11-27 17:00"), Calendar));
        Assert.Equal(0, OfficeHours.Always.Within(At("2026-11-27 17:00"), At("2026-11-25 17:00"), Calendar));
    }

    private static long At(string local) => new DateTimeOffset(DateTime.Parse(local), TimeSpan.FromHours(7)).ToUnixTimeMilliseconds();
}
