namespace KpiStream.Engine.Tests.Units;

/// <summary>Successors, parents and the mistakes that keep a directory from being loaded.</summary>
public sealed class UnitDirectoryTests
{
    private static readonly DateOnly Merger = new(2025, 7, 1);
    private readonly List<string> problems = [];

    [Fact]
    public void OldUnits_HandOverFromTheirLastDayOn()
    {
        var directory = Load(Row("new"), Row("old", validTo: Merger, successor: "new"));
        Assert.Equal("old", directory.Resolve("old", Day(2025, 6, 30)));
        Assert.Equal("new", directory.Resolve("old", Day(2025, 7, 1)));
        Assert.Equal("new", directory.Resolve("old", Day(2026, 1, 1)));
        Assert.Equal("new", directory.Resolve("new", Day(2020, 1, 1)));
    }

    [Fact]
    public void Chains_AreFollowedOnlyAsFarAsTheDayReaches()
    {
        var directory = Load(
            Row("a", validTo: new DateOnly(2020, 1, 1), successor: "b"), Row("b", validTo: Merger, successor: "c"), Row("c"));
        Assert.Equal("a", directory.Resolve("a", Day(2019, 12, 31)));
        Assert.Equal("b", directory.Resolve("a", Day(2020, 1, 1)));
        Assert.Equal("b", directory.Resolve("a", Day(2025, 6, 30)));
        Assert.Equal("c", directory.Resolve("a", Day(2025, 7, 1)));
    }

    [Fact]
    public void UnitsWithoutSuccessorOrEndOrRow_StayThemselves()
    {
        var directory = Load(Row("closed", validTo: Merger), Row("open", successor: "x"), Row("gone", validTo: Merger, successor: "nowhere"));
        Assert.Equal("closed", directory.Resolve("closed", Day(2026, 1, 1)));
        Assert.Equal("open", directory.Resolve("open", Day(2026, 1, 1)));
        Assert.Equal("nowhere", directory.Resolve("gone", Day(2026, 1, 1)));
        Assert.Equal("unknown", directory.Resolve("unknown", Day(2026, 1, 1)));
        Assert.Equal(UnitDirectory.Unstated, directory.Resolve(UnitDirectory.Unstated, Day(2026, 1, 1)));
    }

    [Fact]
    public void Leaves_AreWhatNobodyNamesAsParent()
    {
        var directory = Load(Row("VN"), Row("33", "VN"), Row("1", "33"), Row("2", "33", Merger, "1"));
        Assert.Equal(["33", "VN"], directory.Above("1"));
        Assert.Empty(directory.Above("VN"));
        Assert.Equal(["33", "VN"], directory.Above("unknown"));
        Assert.False(directory.IsLeaf("VN"));
        Assert.False(directory.IsLeaf("33"));
        Assert.True(directory.IsLeaf("1"));
        Assert.True(directory.IsLeaf("2"));
        Assert.True(directory.IsLeaf("unknown"));
        Assert.Equal(["1"], directory.Rows.Where(directory.IsShownAtZero).Select(row => row.Code));
        Assert.Null(directory.Find("unknown"));
        Assert.Equal("v1", directory.Version);
    }

    [Fact]
    public void UnlistedCodes_BelongToTheOneProvinceOrToTheRoot()
    {
        Assert.Equal("33", Load(Row("VN"), Row("33", "VN"), Row("1", "33")).UnlistedParent);
        Assert.Equal("33", Load(Row("VN"), Row("33", "VN"), Row("26", "VN", Merger, "33"), Row("1", "33")).UnlistedParent);
        var nation = Load(Row("VN"), Row("33", "VN"), Row("14", "VN"), Row("1", "33"));
        Assert.Equal("VN", nation.UnlistedParent);
        Assert.Equal(["VN"], nation.Above(UnitDirectory.Unstated));
        Assert.Equal("33", Load(Row("33"), Row("1", "33"), Row("2", "33")).UnlistedParent);
        Assert.Null(Load(Row("1"), Row("2")).UnlistedParent);
    }

    [Fact]
    public void CodesOfNoDirectory_AreCountedAsTheUnitThatCarriesThemAsAlias_ByTextAndById()
    {
        var directory = Load(
            Row("new"), Row("old", validTo: Merger, successor: "new") with { Aliases = ["H31.7", "Thụy Sơn"] }, Row("other") with { Aliases = ["new"] });
        var codes = new CodeTable();
        codes.Intern("before the directory");
        var byId = new UnitSuccessors(codes, directory);
        string ById(string code, int day) => codes.Text(byId.Resolve(codes.Intern(code), day));
        foreach (var (code, day, unit) in ((string, int, string)[])
            [
                ("H31.7", Day(2025, 6, 30), "old"), ("H31.7", Day(2025, 7, 1), "new"), ("Thuỵ Sơn", Day(2025, 6, 30), "old"),
                    ("Thu\u0323y So\u031Bn", Day(2025, 7, 1), "new"),
                ("new", Day(2025, 7, 1), "new"), ("thụy sơn", Day(2025, 7, 1), "thụy sơn"), ("h31.7", Day(2025, 7, 1), "h31.7"),
                    ("H31.7 ", Day(2025, 7, 1), "H31.7 "),
                ("before the directory", Day(2025, 7, 1), "before the directory"), ("?", Day(2025, 7, 1), "?"),
            ])
        {
            Assert.Equal((code, unit), (code, directory.Resolve(code, day)));
            Assert.Equal((code, unit), (code, ById(code, day)));
            Assert.Equal((code, unit), (code, ById(code, day)));
        }
    }

    [Fact]
    public void ASuccessorGivenByItsAlias_IsFollowed()
    {
        var directory = Load(Row("old", validTo: Merger, successor: "H31.7"), Row("new") with { Aliases = ["H31.7"] });
        var codes = new CodeTable();
        Assert.Equal("new", directory.Resolve("old", Day(2025, 7, 1)));
        Assert.Equal("new", codes.Text(new UnitSuccessors(codes, directory).Resolve(codes.Intern("old"), Day(2025, 7, 1))));
    }

    [Fact]
    public void AnAliasThatTwoUnitsCarry_IsRefusedWithBothRows()
    {
        var mistakes = new List<string>();
        var rows = UnitCsv.Parse(
            "code,name,kind,parent,valid_from,valid_to,successor,aliases\n1,A,xã,,,,,H1;Thụy;Thuỵ\n2,B,xã,,,,,\n3,C,xã,,,,,X;Thu\u0323y\n", mistakes);
        Assert.Null(UnitDirectory.TryCreate(rows, "v1", mistakes));
        var mistake = Assert.Single(mistakes);
        Assert.StartsWith("line 4: unit 3: its alias 'Thu\u0323y' is also carried by unit 1 (line 2)", mistake);
    }

    [Fact]
    public void LoopsOfSuccessorsThroughAnAlias_AreRefused() =>
        AssertRefused("circle", Row("a", validTo: Merger, successor: "b"), Row("b", validTo: Merger, successor: "H1"), Row("c") with { Aliases = ["x"] },
            Row("d", validTo: Merger, successor: "H1") with { Aliases = ["H1"] });

    [Fact]
    public void LoopsOfSuccessors_AreRefused()
    {
        AssertRefused("circle", Row("a", validTo: Merger, successor: "a"));
        AssertRefused("circle", Row("a", validTo: Merger, successor: "b"), Row("b", validTo: Merger, successor: "a"));
        AssertRefused("circle", Row("a", validTo: Merger, successor: "b"), Row("b", validTo: Merger, successor: "c"),
            Row("c", validTo: Merger, successor: "b"));
    }

    [Fact]
    public void LoopsOfParents_AreRefused()
    {
        AssertRefused("circle", Row("a", "a"));
        AssertRefused("circle", Row("a", "b"), Row("b", "a"));
    }

    [Fact]
    public void ParentsThatAreNotThereAndCodesListedTwice_AreRefused()
    {
        AssertRefused("its parent x is not in the directory", Row("a", "x"));
        AssertRefused("unit a is listed 2 times", Row("a"), Row("b"), Row("a"));
    }

    [Fact]
    public void RowsReadWithProblems_AreNotMadeADirectory()
    {
        problems.Add("line 2: something");
        Assert.Null(UnitDirectory.TryCreate([Row("a")], "v1", problems));
        Assert.Single(problems);
    }

    private UnitDirectory Load(params UnitRow[] rows)
    {
        var directory = UnitDirectory.TryCreate(rows, "v1", problems);
        Assert.Empty(problems);
        return directory!;
    }

    private static void AssertRefused(string why, params UnitRow[] rows)
    {
        var mistakes = new List<string>();
        Assert.Null(UnitDirectory.TryCreate(rows, "v1", mistakes));
        Assert.Contains(mistakes, problem => problem.Contains(why));
    }

    private static int Day(int year, int month, int day) => LocalTime.DayOf(new DateOnly(year, month, day));

    private static UnitRow Row(string code, string? parent = null, DateOnly? validTo = null, string? successor = null) =>
        new(code, code, "xã", parent, null, validTo, successor, []);
}
