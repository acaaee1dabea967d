namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

/// <summary>The tables an operator keeps beside the rulebook: targets, procedures, calendar.</summary>
public sealed class RegisterFileTests
{
    private const string Targets = "figure,unit,from,to,at_least,registered_on,basis\n";
    private const string Procedures = "code,name,field,level,eligible,fee\n";
    private const string Calendar = "date,kind,name,certainty\n";

    [Fact]
    public void TargetsHandedDown_AreReadWithTheirDays()
    {
        var (register, problems) =
            Read(Targets + "fully_online,33,2026-01-01,2026-12-31,75 %,2026-01-05,\"QĐ 1, Điều 2\"\nfully_online,11953,2026-01-01,,0.8,,QĐ 2\n");

        Assert.Empty(problems);
        Assert.Equal(
            [
                new UnitTarget("fully_online", "33", new Target(TargetComparison.AtLeast, 0.75, new(2026, 1, 1), new(2026, 12, 31), null), new(2026, 1, 5),
                    "QĐ 1, Điều 2"),
                new UnitTarget("fully_online", "11953", new Target(TargetComparison.AtLeast, 0.8, new(2026, 1, 1), null, null), null, "QĐ 2"),
            ],
            register!.Rows);
    }

    [Theory]
    [InlineData("fully_online,33,2026-01-01,,75 %,,b\nfully_online,11953,2026-06-01,,70 %,,b", 3, "at_least",
        "70 % for 11953 is lower than 75 % for 33 above it")]
    [InlineData("fully_online,11953,2025-06-01,,60 %,,b", 2, "at_least", "60 % for 11953 is lower than 70 % of the rulebook")]
    [InlineData("fully_onlin,33,,,75 %,,b", 2, "figure", "did you mean 'fully_online'?")]
    [InlineData("received,33,,,75 %,,b", 2, "figure", "unknown figure 'received'")]
    [InlineData("fully_online,34,,,75 %,,b", 2, "unit", "'34' is not in the unit directory")]
    [InlineData("fully_online,33,01/01/2026,,75 %,,b", 2, "from", "must be a date like 2025-07-01, not '01/01/2026'")]
    [InlineData("fully_online,33,2026-02-01,2026-01-01,75 %,,b", 2, "to", "must not be before 'from' (2026-02-01)")]
    [InlineData("fully_online,33,,,75,,b", 2, "at_least", "must be a ratio like 70 % or 0.7, at most 100 %, not '75'")]
    [InlineData("fully_online,33,,,75 %,,", 2, "basis", "is missing")]
    [InlineData("fully_online,33,,75 %", 2, "", "4 fields, where 7 are expected")]
    [InlineData("fully_online,33,,,75 %,,\"b", 2, "", "a quoted field does not end on its line")]
    public void AMistakeInATarget_IsNamedWithItsLineAndColumn(string rows, int line, string column, string message)
    {
        var (register, problems) = Read(Targets + rows);

        Assert.Null(register);
        Assert.Contains(problems, problem => problem.File == "targets.csv" && problem.Line == line && problem.Key == column
            && problem.Message.Contains(message));
    }

    [Theory]
    [InlineData("fully_online,33,2026-01-01,2026-06-30,75 %,,b\nfully_online,11953,2026-07-01,,70 %,,b")] // not at the same time
    [InlineData("fully_online,11953,2026-01-01,,60 %,,b")] // the rulebook's has lapsed by then
    [InlineData("fully_online,33,,,75 %,,b\nvneid,11953,,,10 %,,b")]
    public void ATargetThatIsNotLowerAtTheSameTime_IsAllowed(string rows) => Assert.Empty(Read(Targets + rows).Problems);

    [Fact]
    public void Procedures_NameLevelsAndFillTheListOfTheEligible()
    {
        var problems = new List<ConfigProblem>();
        var catalogue = ProcedureFile.Parse("p.csv",
            Procedures + "2.000815,Chứng thực bản sao,HT,full,true,8000\n1.001193,Khai sinh,HT,partial,true,\n1.2,\"Khác, "
                + "nữa\",,none,false,0\n", problems)!;

        Assert.Empty(problems);
        Assert.Equal(new FigureCount(2, 1, 0), catalogue.OfferedOnline);
        Assert.Equal("Chứng thực bản sao", catalogue.Find("2.000815.000.00.00.H31")!.Name);
        Assert.Null(catalogue.Find("2.0008151"));
        Assert.Equal("Khác, nữa", catalogue.Find("1.2")!.Name);
        var rulebook = Shipped.Rulebook() with { Lists = [new ProcedureList("online", ["9.9"], [], IsOfCatalogue: true)] };
        Assert.Equal(["9.9", "2.000815", "1.001193"], catalogue.Complete(rulebook).Lists[0].Procedures);
    }

    [Theory]
    [InlineData("a,b,,whole,true,", 2, "level", "unknown word 'whole'; allowed: full, partial, none")]
    [InlineData("a,b,,full,yes,", 2, "eligible", "unknown word 'yes'; allowed: false, true")]
    [InlineData("a,b,,full,true,-1", 2, "fee", "must be a whole number of đồng")]
    [InlineData("a,,,full,true,", 2, "name", "is missing")]
    [InlineData("a,b,,full,true,\na,c,,full,true,", 3, "code", "'a' is listed by an earlier line")]
    public void AMistakeInAProcedure_IsNamedWithItsLineAndColumn(string rows, int line, string column, string message)
    {
        var problems = new List<ConfigProblem>();

        Assert.Null(ProcedureFile.Parse("p.csv", Procedures + rows, problems));
        var problem = Assert.Single(problems);
        Assert.Equal((line, column), (problem.Line, problem.Key));
        Assert.Contains(message, problem.Message);
    }

    [Theory]
    [InlineData("2025-07-01,shut,x,announced", "kind", "unknown word 'shut'; allowed: closed, worked")]
    [InlineData("2025-7-1,closed,x,announced", "date", "must be a date like")]
    [InlineData("2025-07-01,closed,x,announced\n2025-07-01,worked,x,announced", "date", "2025-07-01 is listed by an earlier line")]
    public void AMistakeInACalendar_IsNamed(string rows, string column, string message)
    {
        var problems = new List<ConfigProblem>();

        Assert.Null(CalendarFile.Parse("c.csv", Calendar + rows, problems));
        Assert.Contains(problems, problem => problem.Key == column && problem.Message.Contains(message));
    }

    [Fact]
    public void ADayThatIsWorked_WinsOverItsWeekday()
    {
        var calendar = CalendarFile.Parse("c.csv", Calendar + "2025-07-05,worked,x,announced\n2025-07-07,closed,y,expected\n", [])!;

        Assert.Equal(LocalTime.DayOf(new DateOnly(2025, 7, 5)), calendar.NextWorkingDay(LocalTime.DayOf(new DateOnly(2025, 7, 4))));
        Assert.Equal(LocalTime.DayOf(new DateOnly(2025, 7, 8)), calendar.NextWorkingDay(LocalTime.DayOf(new DateOnly(2025, 7, 5))));
    }

    private static (TargetRegister? Register, List<ConfigProblem> Problems) Read(string text)
    {
        var problems = new List<ConfigProblem>();
        return (TargetFile.Parse("targets.csv", text, Shipped.Rulebook(), Shipped.Units("hungyen"), problems), problems);
    }
}
