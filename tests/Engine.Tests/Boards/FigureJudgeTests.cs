using KpiStream.Engine.Boards;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration;
using Xunit;

namespace KpiStream.Engine.Tests.Boards;

public class FigureJudgeTests
{
    private static readonly FigureDefinition Ratio = Shipped.Rulebook().Figures.Single(figure => figure.Id == "fully_online");
    private static readonly FigureDefinition Volume = Shipped.Rulebook().Figures.Single(figure => figure.Id == "received");
    private static readonly Target Seventy = new(TargetComparison.AtLeast, 0.7, null, null, null);
    private static readonly Target Fifty = new(TargetComparison.NotBelow, 50, null, null, null);
    private static readonly Period Month = Period.TryParse("month")!;
    private static readonly Period Since = Period.TryParse("since:2025-07-01")!;

    [Theory]
    [InlineData(100, 70, true, FigureState.Ok)]
    [InlineData(1000, 699, true, FigureState.Breach)]
    [InlineData(20, 14, true, FigureState.Ok)]
    [InlineData(20, 13, true, FigureState.Breach)]
    [InlineData(19, 0, true, FigureState.TooFew)]
    [InlineData(0, 0, true, FigureState.NoData)]
    [InlineData(100, 100, false, FigureState.NoData)]
    [InlineData(5, 5, false, FigureState.NoData)]
    public void ARatio_IsJudgedInOrderOfPrecedence(long denominator, long numerator, bool hasData, FigureState expected) =>
        Assert.Equal(expected, FigureJudge.Judge(Ratio, Month, denominator, numerator, Seventy, hasData).S);

    [Fact]
    public void EveryRatioOfTenMillionths_MeetsItsOwnTargetExactly()
    {
        for (var hundredths = 1; hundredths <= 100; hundredths++)
        {
            var target = Seventy with { Value = hundredths / 100.0 };
            Assert.Equal(FigureState.Ok, FigureJudge.Judge(Ratio, Month, 10_000_000, hundredths * 100_000L, target, true).S);
            Assert.Equal(FigureState.Breach, FigureJudge.Judge(Ratio, Month, 10_000_000, (hundredths * 100_000L) - 1, target, true).S);
        }
    }

    [Fact]
    public void WithoutATarget_ARatioIsNeverInBreach() => Assert.Equal(FigureState.Ok, FigureJudge.Judge(Ratio, Month, 100, 1, null, true).S);

    [Theory]
    [InlineData(49, "since:2025-07-01", FigureState.Breach)]
    [InlineData(50, "since:2025-07-01", FigureState.Ok)]
    [InlineData(49, "month", FigureState.Ok)]
    public void AVolume_IsLowOnlyCountedSinceTheRollout(long count, string period, FigureState expected) =>
        Assert.Equal(expected, FigureJudge.Judge(Volume, Period.TryParse(period)!, count, count, Fifty, true).S);

    [Fact]
    public void AVolumeOfZeroWithoutASource_IsNoData() => Assert.Equal(FigureState.NoData, FigureJudge.Judge(Volume, Since, 0, 0, Fifty, false).S);

    [Fact]
    public void AVolume_HasNoRatioAndNoInterval()
    {
        var cell = FigureJudge.Judge(Volume, Since, 60, 60, Fifty, true);
        Assert.Equal(new FigureCell(60, null, null, null, null, FigureState.Ok), cell);
    }

    [Fact]
    public void ARatio_LiesInItsInterval()
    {
        var cell = FigureJudge.Judge(Ratio, Month, 120, 91, Seventy, true);
        Assert.Equal(91 / 120.0, cell.V);
        Assert.InRange(cell.V!.Value, cell.Lo!.Value, cell.Hi!.Value);
    }
}
