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

    [Theory]
    [InlineData("Thụy Anh", "thuy anh")]
    [InlineData("Thu\u0323y Anh", "thuy anh")]
    [InlineData("Đoàn Đào", "doan dao")]
    [InlineData("PHỐ HIẾN", "pho hien")]
    [InlineData("Ngự Thiên", "ngu thien")]
    [InlineData("Sở Văn hóa, Thể thao và Du lịch", "so van hoa, the thao va du lich")]
    public void APlainKey_HasNoAccents(string name, string plain) => Assert.Equal(plain, UnitNames.PlainKey(name));

    [Theory]
    [InlineData("h33.01", "H33.01")]
    [InlineData(" H33", "H33")]
    [InlineData("Thụy", "thụy")]
    [InlineData("Thụy", "Thuy5")]
    public void Codes_KeepTheirLetterCaseAndSpaces(string one, string other) => Assert.NotEqual(UnitNames.CodeKey(one), UnitNames.CodeKey(other));

    [Fact]
    public void TheNamesOfAProvince_KeepApart()
    {
        var names = Shipped.Units("hungyen").Rows.Where(row => row.IsCommune && row.ValidTo is null).Select(row => UnitNames.SearchKey(row.Name)).ToList();
        Assert.Equal(104, names.Count);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Theory]
    [InlineData("11953", "phường Phố Hiến")]
    [InlineData("33.SYT", "Sở Y tế")]
    [InlineData("33", "tỉnh Hưng Yên")]
    public void AFullName_SaysTheKindOnce(string code, string name) => Assert.Equal(name, Shipped.Units("hungyen").Find(code)!.FullName);
}
