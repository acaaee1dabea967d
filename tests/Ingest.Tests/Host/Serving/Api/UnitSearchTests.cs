using KpiStream.Ingest.Host.Serving.Api;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

public sealed class UnitSearchTests
{
    [Theory]
    [InlineData("pho hien", "Phố Hiến")]
    [InlineData("doan dao", "Đoàn Đào")]
    [InlineData("Doan Dao", "Đoàn Đào")]
    [InlineData("ĐOÀN ĐÀO", "Đoàn Đào")]
    [InlineData("thuy anh", "Thụy Anh")]
    [InlineData("pho  hien", "Phố Hiến")]
    [InlineData(" Phố\u00a0\tHiến ", "Phố Hiến")]
    [InlineData("Ph\u200bố Hi\ufeffến", "Phố Hiến")]
    [InlineData("\u00d0oàn \u00d0ào", "Đoàn Đào")]
    [InlineData("\u00f0oan \u00f0ao", "Đoàn Đào")]
    [InlineData("119 53", "Phố Hiến")]
    [InlineData("Thuỵ Anh", "Thụy Anh")]
    [InlineData("so tu phap", "Sở Tư pháp")]
    [InlineData("33.stp", "Sở Tư pháp")]
    [InlineData("11953", "Phố Hiến")]
    public void AName_IsFoundWithAndWithoutItsAccents(string text, string name) =>
        Assert.Contains(UnitSearch.Find(Shipped.Units("hungyen"), text), row => row.Name == name && row.ValidTo is null);

    [Fact]
    public void UnitsThatMatchWithTheAccentsTyped_ComeFirst()
    {
        var found = UnitSearch.Find(Shipped.Units("vn"), "Tân An").Select(row => row.Name).ToList();
        Assert.Contains("Tân An", found[0]);
        Assert.Contains(found, name => !name.Contains("Tân An", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("phohien")]
    [InlineData("pho hien pho hien")]
    public void WhatNoUnitBears_FindsNothing(string text) => Assert.Empty(UnitSearch.Find(Shipped.Units("hungyen"), text));

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("\u200b")]
    public void NoText_GivesAllUnitsNowValid(string? text) => Assert.All(UnitSearch.Find(Shipped.Units("hungyen"), text), row => Assert.Null(row.ValidTo));
}
