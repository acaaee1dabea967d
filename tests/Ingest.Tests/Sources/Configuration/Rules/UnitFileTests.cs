namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

public sealed class UnitFileTests
{
    [Fact]
    public void MissingFile_SaysWhatToDo()
    {
        var problems = new List<ConfigProblem>();

        Assert.Null(UnitFile.Load("no-such-units.csv", problems));
        Assert.Null(RulebookFile.Load("no-such-rules.yaml", problems));

        Assert.Equal(
            [
                "no-such-units.csv: there is no such file; give the path of a units.csv, or one of the shipped names hungyen, sonla, vn",
                "no-such-rules.yaml: there is no such file; give the path of a rulebook, or leave it out to use the shipped one",
            ],
            problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void ShippedName_NeedsNoFile()
    {
        var problems = new List<ConfigProblem>();

        Assert.Equal("Phố Hiến", UnitFile.Load("hungyen", problems)?.Find("11953")?.Name);
        Assert.Empty(problems);
    }

    [Fact]
    public void FileOnDisk_IsNamedAndHashed()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "code,name,kind,parent\n1,Một,xã,\n");
            var problems = new List<ConfigProblem>();

            Assert.StartsWith(Path.GetFileName(path) + "@", UnitFile.Load(path, problems)?.Version);
            Assert.Empty(problems);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void BytesThatAreNotUtf8_AreAProblem()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [0x63, 0xff, 0xfe]);
            var problems = new List<ConfigProblem>();

            Assert.Null(UnitFile.Load(path, problems));
            Assert.Contains("UTF-8", Assert.Single(problems).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("code,name,kind,parent\n1,Một,xã,\n2,Hai\n", 3, "2 fields")]
    [InlineData("code,name\n1,Một,xã,\n", 1, "the header must be")]
    [InlineData("code,name,kind,parent\n1,Một,xã,9\n", 0, "its parent 9 is not in the directory")]
    public void MistakenRow_IsNamedWithItsLine(string csv, int line, string message)
    {
        var problems = new List<ConfigProblem>();

        Assert.Null(UnitFile.Parse("units.csv", csv, problems));
        Assert.Equal(line, problems[0].Line);
        Assert.Contains(message, problems[0].Message);
    }
}
