namespace KpiStream.Engine.Tests.Windowing;

public sealed class PeriodTests
{
    [Theory]
    [InlineData("1h", 3_600)]
    [InlineData("24h", 86_400)]
    [InlineData("10d", 864_000)]
    public void ASlidingPeriod_HasItsLength(string name, long seconds) => Assert.Equal(seconds, Period.TryParse(name)!.Seconds);

    [Theory]
    [InlineData("0h")]
    [InlineData("01h")]
    [InlineData("007d")]
    [InlineData("+1h")]
    [InlineData("1H")]
    [InlineData("h")]
    [InlineData("3661d")]
    public void ASecondSpellingOfAPeriod_IsNone(string name) => Assert.Null(Period.TryParse(name));
}
