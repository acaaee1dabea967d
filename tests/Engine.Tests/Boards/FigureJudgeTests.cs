using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

public class FigureJudgeTests
{
    private static readonly FigureDefinition Ratio = Shipped.Rulebook().Figures.Single(figure => figure.Id == "fully_online");
    private static readonly FigureDefinition Volume = Shipped.Rulebook().Figures.Single(figure => figure.Id == "arisen");
    private static readonly AppliedTarget Seventy = new(new Target(TargetComparison.AtLeast, 0.7, null, null, null), null);
    private static readonly AppliedTarget Fifty = new(new Target(TargetComparison.NotBelow, 50, null, null, null), null);
    private static readonly Period Month = Period.TryParse("month")!;
    private static readonly Period Since = Period.TryParse("since:2025-07-01")!;

    [Theory]
    [InlineData(100, 70, 0, true, FigureState.Ok)]
    [InlineData(1000, 699, 0, true, FigureState.Breach)]
    [InlineData(1000, 699, 1, true, FigureState.NotObserved)]
    [InlineData(1000, 600, 99, true, FigureState.Breach)]
    [InlineData(1000, 0, 1000, true, FigureState.NotObserved)]
    [InlineData(1000, 700, 300, true, FigureState.Ok)]
    [InlineData(20, 14, 0, true, FigureState.Ok)]
    [InlineData(20, 13, 0, true, FigureState.Breach)]
    [InlineData(20, 13, 1, true, FigureState.NotObserved)]
    [InlineData(19, 0, 0, true, FigureState.TooFew)]
    [InlineData(19, 0, 19, true, FigureState.TooFew)]
    [InlineData(0, 0, 0, true, FigureState.NoData)]
    [InlineData(100, 100, 0, false, FigureState.NoData)]
    [InlineData(5, 0, 5, false, FigureState.NoData)]
    public void ARatio_IsJudgedInOrderOfPrecedence(long denominator, long numerator, long unobserved, bool hasData, FigureState expected) =>
        Assert.Equal(expected, FigureJudge.Judge(Ratio, Month, new FigureCount(denominator, numerator, unobserved), Seventy, hasData).S);

    [Fact]
    public void WhatWasNeverObserved_MovesTheUpperBoundAndNotTheValue()
    {
        var cell = FigureJudge.Judge(Ratio, Month, new FigureCount(40, 10, 25), Seventy, true);

        Assert.Equal((0.25, 0.875, 25L, FigureState.NotObserved), (cell.V!.Value, cell.Most!.Value, cell.U!.Value, cell.S));
    }

    [Fact]
    public void ALapsedTarget_IsStillJudgedAndSaysItsYear()
    {
        var cell = FigureJudge.Judge(Ratio, Month, new FigureCount(100, 69, 0), Seventy with { Lapsed = 2025 }, true);

        Assert.Equal((FigureState.Breach, 2025), (cell.S, cell.Lapsed!.Value));
    }

    [Fact]
    public void EveryRatioOfTenMillionths_MeetsItsOwnTargetExactly()
    {
        for (var hundredths = 1; hundredths <= 100; hundredths++)
        {
            var target = Seventy with { Target = Seventy.Target with { Value = hundredths / 100.0 } };
            Assert.Equal(FigureState.Ok, FigureJudge.Judge(Ratio, Month, new FigureCount(10_000_000, hundredths * 100_000L, 0), target, true).S);
            Assert.Equal(FigureState.Breach, FigureJudge.Judge(Ratio, Month, new FigureCount(10_000_000, (hundredths * 100_000L) - 1, 0), target, true).S);
        }
    }

    [Fact]
    public void WithoutATarget_ARatioIsNotJudged() => Assert.Equal(FigureState.None, FigureJudge.Judge(Ratio, Month, new FigureCount(100, 1, 0), null, true).S);

    [Theory]
    [InlineData(49, "since:2025-07-01", FigureState.Breach)]
    [InlineData(50, "since:2025-07-01", FigureState.Ok)]
    [InlineData(49, "month", FigureState.None)]
    public void AVolume_IsLowOnlyCountedSinceTheRollout(long count, string period, FigureState expected) =>
        Assert.Equal(expected, FigureJudge.Judge(Volume, Period.TryParse(period)!, new FigureCount(count, 0, 0), Fifty, true).S);

    [Fact]
    public void AVolumeOfZeroWithoutASource_IsNoData() => Assert.Equal(FigureState.NoData, FigureJudge.Judge(Volume, Since, default, Fifty, false).S);

    [Fact]
    public void AVolume_HasNoRatioAndNoInterval()
    {
        var cell = FigureJudge.Judge(Volume, Since, new FigureCount(60, 0, 0), Fifty, true);
        Assert.Equal(new FigureCell(60, null, FigureState.Ok), cell);
    }

    [Fact]
    public void ARatio_LiesInItsInterval()
    {
        var cell = FigureJudge.Judge(Ratio, Month, new FigureCount(120, 91, 0), Seventy, true);
        Assert.Equal(91 / 120.0, cell.V);
        Assert.InRange(cell.V!.Value, cell.Lo!.Value, cell.Hi!.Value);
    }
}
