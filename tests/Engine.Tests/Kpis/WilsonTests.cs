namespace KpiStream.Engine.Tests.Kpis;

public sealed class WilsonTests
{
    /// <summary>Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void PublishedExample_GivesItsPublishedInterval(long numerator, long denominator, double lower, double upper)
    {
        var interval = Wilson.Interval(numerator, denominator);

        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
    }

    [Fact]
    public void NoCases_CouldBeAnything() => Assert.Equal((0d, 1d), Wilson.Interval(0, 0));

    [Fact]
    public void AllOrNoneOfTheCases_ReachTheEndsExactly()
    {
        for (var count = 1; count < 2_000; count++)
        {
            Assert.Equal(1d, Wilson.Interval(count, count).Upper);
            Assert.Equal(0d, Wilson.Interval(0, count).Lower);
        }
    }

    [Fact]
    public void EveryRatio_LiesInsideItsIntervalAndMirrorsItsComplement()
    {
        for (var numerator = 0; numerator <= 97; numerator++)
        {
            var (lower, upper) = Wilson.Interval(numerator, 97);
            var mirrored = Wilson.Interval(97 - numerator, 97);

            Assert.InRange(numerator / 97d, lower, upper);
            Assert.InRange(lower, 0, 1);
            Assert.Equal(1 - lower, mirrored.Upper, 12);
        }
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void ImpossibleCounts_AreRefused(long numerator, long denominator) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(numerator, denominator));
}
