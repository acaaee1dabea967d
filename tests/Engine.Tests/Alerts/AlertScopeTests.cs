using KpiStream.Engine.Alerts;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Tests.Alerts;

public sealed class AlertScopeTests
{
    [Theory]
    [InlineData("xã", "33", UnitKind.Commune)]
    [InlineData("phường", "33", UnitKind.Commune)]
    [InlineData("sở", "33", UnitKind.Department)]
    [InlineData("tỉnh", null, UnitKind.Province)]
    [InlineData("tỉnh", "0", UnitKind.Province)]
    [InlineData("quốc gia", null, UnitKind.Nation)]
    [InlineData("", null, UnitKind.Unlisted)]
    public void ARowOfAKind_HasItsLevel(string kind, string? parent, UnitKind level) => Assert.Equal(level, Row("1", kind, parent).Level);

    [Fact]
    public void AScope_HoldsItsKindsAndCodesAndNeverWhatIsExcepted()
    {
        var scope = AlertScope.Communes with { Codes = ["H33"], Except = ["11953"] };
        Assert.True(scope.Contains(Row("12000", "xã", "33")));
        Assert.True(scope.Contains(Row("H33", "sở", "33")));
        Assert.False(scope.Contains(Row("H34", "sở", "33")));
        Assert.False(scope.Contains(Row("11953", "xã", "33")));
        Assert.True(AlertScope.Everything.Contains(UnitRow.Unlisted("X.1", "33")));
    }

    [Fact]
    public void ScopesOfTheSameUnits_AreEqualWhateverTheirOrder() =>
        Assert.Equal(
            new AlertScope { Kinds = [UnitKind.Commune, UnitKind.Province], Codes = ["1", "2"] },
            new AlertScope { Kinds = [UnitKind.Province, UnitKind.Commune], Codes = ["2", "1"] });

    [Fact]
    public void AlertsOfOneKindAndFigure_HaveOneCause()
    {
        var rule = new BelowTargetRule { Figure = "fully_online", Over = Period.TryParse("30d")!, MinCount = 20 };
        Assert.Equal("ratio:fully_online", rule.CauseOf("11953"));
        Assert.Equal("official_breach", AlertRule.TextOf(AlertKind.OfficialBreach));
    }

    private static UnitRow Row(string code, string kind, string? parent) => new(code, code, kind, parent, null, null, null, []);
}
