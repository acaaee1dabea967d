namespace KpiStream.Engine.Tests.Units;

/// <summary>Reading a directory: what is read, and how every mistake is named.</summary>
public sealed class UnitCsvTests
{
    private const string Header = "code,name,kind,parent,valid_from,valid_to,successor,aliases\n";
    private static readonly string[] Departments = ["sở", "ban", "văn phòng", "thanh tra"];
    private readonly List<string> problems = [];

    [Theory]
    [InlineData("units-hungyen.csv", 104)]
    [InlineData("units-sonla.csv", 75)]
    [InlineData("units-vn.csv", 3_321)]
    public void AShippedDirectory_LoadsWithAllItsCommunes(string file, int communes)
    {
        var text = File.ReadAllText(RepositoryRoot.File("ingest/Sources/Shipped/" + file));
        var directory = UnitDirectory.TryCreate(UnitCsv.Parse(text, problems), file, problems);
        Assert.Empty(problems);
        Assert.NotNull(directory);
        Assert.Equal(communes, directory.Rows.Count(row => directory.IsShownAtZero(row) && row.IsCommune));
        Assert.All(directory.Rows.Where(row => directory.IsShownAtZero(row) && !row.IsCommune), row => Assert.Contains(row.Kind, Departments));
        Assert.All(directory.Rows.Where(row => directory.IsShownAtZero(row)), row => Assert.Equal("VN", directory.Above(row.Code).Last()));
        Assert.All(directory.Rows, row => Assert.True(row.Name.Length > 0 && row.Code.Trim() == row.Code));
    }

    [Theory]
    [InlineData("units-hungyen.csv", 13, "33.STP", "33")]
    [InlineData("units-sonla.csv", 14, "14.SDTTG", "14")]
    public void AProvincesDirectory_HoldsItsDepartments(string file, int departments, string code, string province)
    {
        var directory = UnitDirectory.TryCreate(
            UnitCsv.Parse(File.ReadAllText(RepositoryRoot.File("ingest/Sources/Shipped/" + file)), problems), file, problems)!;
        Assert.Equal(departments, directory.Rows.Count(row => Departments.Contains(row.Kind)));
        Assert.Equal([province, "VN"], directory.Above(code));
        Assert.Equal(province, directory.UnlistedParent);
    }

    [Fact]
    public void AFullRow_IsReadWithEveryField()
    {
        var row = Assert.Single(UnitCsv.Parse(Header + "\"00,1\",\"Xã \"\"A\"\"\",xã,33,2020-01-01,2025-07-01,12,Thụy; Thuỵ ;;X\r\n", problems));
        Assert.Empty(problems);
        Assert.Equal(("00,1", "Xã \"A\"", "xã", "33"), (row.Code, row.Name, row.Kind, row.Parent));
        Assert.Equal((new DateOnly(2020, 1, 1), new DateOnly(2025, 7, 1), "12"), (row.ValidFrom, row.ValidTo, row.Successor));
        Assert.Equal(["Thụy", "Thuỵ", "X"], row.Aliases);
    }

    [Fact]
    public void ShortRowsBlankLinesAndAByteOrderMark_AreFine()
    {
        var rows = UnitCsv.Parse("\uFEFFcode,name,kind,parent\r\n01,Một,xã,\n\n  \n00002,Hai,xã,01", problems);
        Assert.Empty(problems);
        Assert.Equal(["01", "00002"], rows.Select(row => row.Code));
        Assert.Null(rows[0].Parent);
        Assert.Empty(rows[0].Aliases);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("code,name,kind\n", "line 1")]
    [InlineData("name,code,kind,parent\n", "line 1")]
    [InlineData("code,name,kind,parent,valid_from,valid_to,successor,aliases,more\n", "line 1")]
    [InlineData("Code,name,kind,parent\n", "line 1")]
    [InlineData(Header + "1,a,xã\n", "line 2: 3 fields")]
    [InlineData(Header + "\n1,a,xã,,,,,,\n", "line 3: 9 fields")]
    [InlineData("code,name,kind,parent\n1,a,xã,,2025-07-01\n", "line 2: 5 fields")]
    [InlineData(Header + ",a,xã,\n", "line 2: code")]
    [InlineData(Header + "123456789012345678901234567890123,a,xã,\n", "line 2: code")]
    [InlineData(Header + "ồồồồồồồồồồồ,a,xã,\n", "line 2: code")]
    [InlineData(Header + "1,a,xã,,2025-7-1\n", "line 2: valid_from")]
    [InlineData(Header + "1,a,xã,,,2025-02-29\n", "line 2: valid_to")]
    [InlineData(Header + "1,a,xã,,,01/07/2025\n", "line 2: valid_to")]
    [InlineData(Header + "1,\"a,xã,\n2,b,xã,,,,,\n", "line 2: a quoted field")]
    public void AMistake_IsNamedWithItsLine(string text, string start)
    {
        UnitCsv.Parse(text, problems);
        Assert.StartsWith(start, Assert.Single(problems));
    }

    [Fact]
    public void EveryMistake_IsNamedAtOnce()
    {
        UnitCsv.Parse(Header + "1,a\n2,b,xã,,x,y\n,c,xã,\n", problems);
        Assert.Equal(["line 2", "line 3", "line 3", "line 4"], problems.Select(problem => problem.Split(':')[0]));
    }
}
