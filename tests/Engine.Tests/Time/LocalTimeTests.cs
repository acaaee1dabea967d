namespace KpiStream.Engine.Tests.Time;

/// <summary>Viet Nam's civil time against DateTimeOffset at +07:00.</summary>
public sealed class LocalTimeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("2025-06-30T23:59:59.999+07:00", "2025-06-30")]
    [InlineData("2025-07-01T00:00:00.000+07:00", "2025-07-01")]
    [InlineData("2025-06-30T16:59:59.999Z", "2025-06-30")]
    [InlineData("2025-06-30T17:00:00.000Z", "2025-07-01")]
    [InlineData("1970-01-01T00:00:00.000Z", "1970-01-01")]
    [InlineData("1969-12-31T16:59:59.999Z", "1969-12-31")]
    [InlineData("1969-12-31T17:00:00.000Z", "1970-01-01")]
    public void ALocalDay_RunsFromMidnightAtSevenHoursBeforeUtc(string instant, string date)
    {
        var millis = DateTimeOffset.Parse(instant).ToUnixTimeMilliseconds();
        Assert.Equal(DateOnly.Parse(date), LocalTime.DateOf(LocalTime.DayOf(millis)));
    }

    [Fact]
    public void RandomInstants_LieInTheDayAndSecondDateTimeOffsetSays()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var millis = random.NextInt64(-InstantText.End, InstantText.End);
            var instant = DateTimeOffset.FromUnixTimeMilliseconds(millis);
            var local = instant.ToOffset(TimeSpan.FromHours(7));
            var day = LocalTime.DayOf(millis);
            Assert.Equal(DateOnly.FromDateTime(local.DateTime), LocalTime.DateOf(day));
            Assert.Equal(day, LocalTime.DayOf(LocalTime.DateOf(day)));
            Assert.Equal(new DateTimeOffset(local.Date, local.Offset).ToUnixTimeMilliseconds(), LocalTime.StartOfDay(day));
            Assert.Equal(instant.ToUnixTimeSeconds(), LocalTime.SecondOf(millis));
            Assert.Equal(day, LocalTime.DayOfSecond(LocalTime.SecondOf(millis)));
        }
    }

    [Theory]
    [InlineData(7, 3, 2)]
    [InlineData(6, 3, 2)]
    [InlineData(0, 3, 0)]
    [InlineData(-1, 3, -1)]
    [InlineData(-3, 3, -1)]
    [InlineData(-4, 3, -2)]
    public void Division_RoundsTowardsThePast(long value, long divisor, long quotient) => Assert.Equal(quotient, LocalTime.FloorDiv(value, divisor));
}
