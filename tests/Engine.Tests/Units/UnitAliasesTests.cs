namespace KpiStream.Engine.Tests.Units;

public sealed class UnitAliasesTests
{
    private static readonly DateOnly Merger = new(2025, 7, 1);

    [Theory]
    [InlineData("Ngự Thiên", "1")]
    [InlineData("xã ngự thiên", "1")]
    [InlineData("NGỰ THIÊN", "1")]
    [InlineData("1", "1")]
    [InlineData("H31.14", "1")]
    [InlineData("Phường Thuỵ Anh", "2")]
    [InlineData("Thụy Anh", "2")]
    [InlineData("Tân An", null)] // two bear it
    [InlineData("xã Tân An", "3")]
    [InlineData("phường Tân An", "4")]
    [InlineData("Lạc Đạo", "5")] // the valid one, not the old one
    [InlineData("Đình Dù", "6")]
    [InlineData("Không Có", null)]
    [InlineData("", null)]
    public void Names_FindTheOneUnitThatBearsThem(string name, string? code)
    {
        var problems = new List<string>();
        var directory = UnitDirectory.TryCreate(
            [
                new("1", "Ngự Thiên", "xã", null, null, null, null, ["H31.14"]), new("2", "Thụy Anh", "phường", null, null, null, null, []),
                new("3", "Tân An", "xã", null, null, null, null, []), new("4", "Tân An", "phường", null, null, null, null, []),
                new("5", "Lạc Đạo", "xã", null, Merger, null, null, []), new("05", "Lạc Đạo", "xã", null, null, Merger, "5", []),
                new("6", "Đình Dù", "xã", null, null, Merger, "5", []),
            ],
            "test",
            problems);
        Assert.Empty(problems);
        Assert.Equal(code, new UnitAliases(directory!).CodeOf(name));
    }
}
