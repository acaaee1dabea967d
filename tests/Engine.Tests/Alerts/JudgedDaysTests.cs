using KpiStream.Engine.Alerts;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class JudgedDaysTests
{
    private static readonly WorkingCalendar Calendar = KpiStream.Ingest.Sources.Configuration.Rules.Shipped.Calendar;

    [Theory]
    [InlineData("2026-02-06", true)] // Tết: 14 to 22 February
    [InlineData("2026-02-09", false)]
    [InlineData("2026-02-18", false)]
    [InlineData("2026-02-27", false)]
    [InlineData("2026-03-02", true)]
    [InlineData("2026-08-28", false)] // the national day: 29 August to 2 September
    [InlineData("2026-08-27", true)]
    [InlineData("2026-09-03", false)]
    [InlineData("2026-09-04", true)]
    [InlineData("2026-08-22", false)] // a Saturday made up
    [InlineData("2025-07-12", false)] // a Saturday
    [InlineData("2025-07-14", true)]
    public void ADay_IsComparedUnlessALongClosureIsNear(string date, bool isCompared) =>
        Assert.Equal(isCompared, JudgedDays.IsOrdinary(LocalTime.DayOf(DateOnly.Parse(date)), Calendar));

    [Theory]
    [InlineData("2025-07-01", 10, false)] // the first and second working days of a month
    [InlineData("2025-07-02", 10, false)]
    [InlineData("2025-07-03", 10, true)]
    [InlineData("2025-07-03", 6, false)]
    [InlineData("2025-07-03", 12, false)]
    [InlineData("2025-07-05", 10, false)]
    [InlineData("2026-02-10", 10, false)]
    [InlineData("2025-11-03", 10, false)] // 1 November was a Saturday
    [InlineData("2025-11-04", 10, false)]
    [InlineData("2025-11-05", 10, true)]
    public void ARuleAboutVolume_DecidesInOfficeHoursOfOrdinaryDays(string date, int hour, bool mayDecide) => Assert.Equal(
        mayDecide, JudgedDays.MayDecide(LocalTime.StartOfDay(LocalTime.DayOf(DateOnly.Parse(date))) + (hour * 3_600_000L), Calendar));

    [Fact]
    public void OfficeTimeWithinAStretch_IsThatOfItsMillisecondsLookedAtOneByOne()
    {
        const int seed = 815;
        var random = new Random(seed);
        var start = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2026, 8, 20)));
        for (var trial = 0; trial < 50; trial++)
        {
            var (from, to) = (start + (random.Next(0, 6 * 24 * 4) * 900_000L), start + (random.Next(0, 16 * 24 * 4) * 900_000L));
            var counted = 0L;
            for (var at = from; at < to; at += 900_000)
            {
                counted += Calendar.IsOpen(at) ? 900_000 : 0;
            }

            Assert.True(counted == Calendar.WorkingMillis(from, to), $"seed {seed}, {from} to {to}");
        }
    }
}
