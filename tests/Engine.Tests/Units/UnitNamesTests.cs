using KpiStream.Engine.Units;
using KpiStream.Ingest.Sources.Configuration;
using Xunit;

namespace KpiStream.Engine.Tests.Units;

public class UnitNamesTests
{
    [Theory]
    [InlineData("Thụy", "Thuỵ")]
    [InlineData("Hòa Bình", "Hoà Bình")]
    [InlineData("HÒA BÌNH", "hoà bình")]
    [InlineData("Thụy", "Thu\u0323y")]
    [InlineData("Tiền Hải", "Tie\u0302\u0300n Ha\u0309i")]
    [InlineData("Phố Hiến", " Pho\u0302\u0301 Hie\u0302\u0301n ")]
    [InlineData("Vũ Thư", "Vu\u0303 Thu\u031B")]
    [InlineData("Đường Hào", "Đu\u031Bo\u031B\u0300ng Hào")]
    public void TheSameNameToAReader_HasTheSameKey(string one, string other) =>
        Assert.Equal(UnitNames.SearchKey(one), UnitNames.SearchKey(other));

    [Theory]
    [InlineData("Thụy", "Thuy")]
    [InlineData("Hòa", "Hóa")]
    [InlineData("Ân Thi", "An Thi")]
    [InlineData("Đông", "Dông")]
    [InlineData("Thư", "Thu")]
    public void DifferentLettersOrTones_HaveDifferentKeys(string one, string other) =>
        Assert.NotEqual(UnitNames.SearchKey(one), UnitNames.SearchKey(other));

    [Fact]
    public void TheNamesOfAProvince_KeepApart()
    {
        var names = Shipped.Units("hungyen").Rows.Where(row => row.Parent == "33" && row.ValidTo is null).Select(row => UnitNames.SearchKey(row.Name)).ToList();
        Assert.Equal(104, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
    }
}
