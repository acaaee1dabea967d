using KpiStream.Engine.Units;

namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

/// <summary>What units add to the working calendar, as operators write it.</summary>
public sealed class UnitCalendarFileTests
{
    private const string Header = "unit,from,to,kind,certainty,reason\n";

    [Fact]
    public void RowsOfEveryKind_AreRead_AndSayWhichEditionTheyAre()
    {
        var calendars = Parse(
            "33,2026-09-07,2026-09-08,closed,expected,\"bão số 5, công điện 12\"\n11953,2026-01-01,,saturday_mornings,announced,QĐ 12\n"
            + "11953,2026-09-08,2026-09-08,worked,announced,bù\n11977,2026-09-09,2026-09-09,morning,announced,họp\n", out var problems)!;

        Assert.Empty(problems);
        Assert.Matches("^unit-calendars\\.csv@[0-9a-f]{12}$", calendars.Version);
        Assert.Equal($"{Shipped.Calendar.Version} + {calendars.Version}", calendars.Of("11953").Version);
        Assert.Equal(
            [DayHours.Morning, DayHours.Closed, DayHours.Closed, DayHours.Whole, DayHours.Whole],
            ((string[])["2026-09-05", "2026-09-06", "2026-09-07", "2026-09-08", "2026-09-09"]).Select(day => calendars.Of("11953").HoursOn(Day(day))));
        Assert.Equal(DayHours.Morning, calendars.Of("11977").HoursOn(Day("2026-09-09")));
        Assert.Equal("bão số 5, công điện 12", calendars.Of("11977").ExpectedOn(Day("2026-09-07"))!.Name);
        Assert.Null(calendars.Of("11953").ExpectedOn(Day("2026-09-08"))); // its own row is announced
        Assert.Equal(DayHours.Closed, calendars.Of("11953").HoursOn(Day("2026-05-02"))); // a Saturday that is a holiday
        Assert.Equal(DayHours.Whole, calendars.Of("11953").HoursOn(Day("2026-08-22"))); // a Saturday made up
    }

    [Theory]
    [InlineData("11952,2026-09-07,2026-09-08,closed,announced,r", 2, "unit", "'11952' is not in the unit directory")]
    [InlineData("11952,2026-09-07,2026-09-08,closed,announced,r", 2, "unit", "near it: 11953")]
    [InlineData("11956,2026-09-07,2026-09-08,closed,announced,r", 2, "unit", "'11956' is phường An Tảo, which ended on 2025-07-01")]
    [InlineData(",2026-09-07,2026-09-08,closed,announced,r", 2, "unit", "is missing")]
    [InlineData("11953,,2026-09-08,closed,announced,r", 2, "from", "is missing")]
    [InlineData("11953,7/9/2026,2026-09-08,closed,announced,r", 2, "from", "must be a date like 2025-07-01, not '7/9/2026'")]
    [InlineData("11953,1026-09-07,2026-09-08,closed,announced,r", 2, "from", "must lie between 2000-01-01 and 2099-12-31")]
    [InlineData("11953,2026-09-07,2026-09-06,closed,announced,r", 2, "to", "must not be before 'from' (2026-09-07)")]
    [InlineData("11953,2026-09-07,,closed,announced,r", 2, "to", "is missing; only saturday_mornings may go on without an end")]
    [InlineData("11953,2026-09-07,2027-09-08,closed,announced,r", 2, "to", "makes a row of more than 366 days")]
    [InlineData("11953,2026-09-07,2026-09-11,saturday_mornings,announced,r", 2, "to", "comes before the first Saturday")]
    [InlineData("11953,2026-09-07,2026-09-08,close,announced,r", 2, "kind", "did you mean 'closed'? allowed: closed, worked, morning, saturday_mornings")]
    [InlineData("11953,2026-09-07,2026-09-08,closed,certain,r", 2, "certainty", "allowed: announced, expected")]
    [InlineData("11953,2026-09-07,2026-09-08,closed,announced,", 2, "reason", "is missing")]
    [InlineData("11953,2026-09-07,2026-09-08,closed", 2, "", "4 fields, where 6 are expected")]
    [InlineData("11953,2026-09-01,2026-09-08,closed,announced,r\n11977,2026-09-08,2026-09-09,closed,announced,r\n"
        + "11953,2026-09-08,2026-09-09,worked,announced,r", 4, "from", "the days overlap those of line 2 for the same unit")]
    [InlineData("11953,2026-09-01,,saturday_mornings,announced,r\n11953,2027-09-01,,saturday_mornings,expected,r", 3, "from", "overlap those of line 2")]
    public void AMistake_IsNamedWithItsLineAndColumn(string rows, int line, string column, string message)
    {
        Assert.Null(Parse(rows, out var problems));
        Assert.Contains(problems, problem => problem.File == "unit-calendars.csv" && problem.Line == line && problem.Key == column
            && problem.Message.Contains(message));
    }

    [Fact]
    public void AClosureWithinSaturdayMornings_IsNoOverlap() =>
        Assert.NotNull(Parse("11953,2026-01-01,,saturday_mornings,announced,r\n11953,2026-09-01,2026-09-12,closed,announced,r\n", out _));

    [Fact]
    public void ASettingsFile_NamesThem_FromWhereItLies()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("days.csv"), Header + "11953,2026-01-01,,saturday_mornings,announced,r\n");
        File.WriteAllText(folder.File("kpistream.yaml"), "unit_calendars: days.csv\n");
        var problems = new List<ConfigProblem>();

        var loaded = SettingsFile.Load(folder.File("kpistream.yaml"), problems);

        Assert.Empty(problems);
        Assert.Equal(["11953"], loaded!.Rulebook.UnitCalendars!.Own);

        File.WriteAllText(folder.File("days.csv"), Header + "1,2026-01-01,,saturday_mornings,announced,r\n");
        Assert.Null(SettingsFile.Load(folder.File("kpistream.yaml"), problems));
        Assert.Equal((folder.File("days.csv"), 2, "unit"), (problems[0].File, problems[0].Line, problems[0].Key));
    }

    [Fact]
    public void TheManual_HasTheColumnsAndKindsThatAreRead()
    {
        var manual = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "ingest/Host/Serving/Alerts/README.md"));
        var rows = manual.Split('\n').SkipWhile(static line => !line.StartsWith("## Days on which a unit works")).Skip(1)
            .TakeWhile(static line => !line.StartsWith("## ")).Where(static line => line.StartsWith("| `")).Select(static line => line.Split('`')[1]).ToList();

        Assert.Equal([.. UnitCalendarFile.Columns, .. UnitCalendarFile.Kinds], rows);
    }

    private static UnitCalendars? Parse(string rows, out List<ConfigProblem> problems)
    {
        problems = [];
        return UnitCalendarFile.Parse("unit-calendars.csv", Header + rows, Shipped.Calendar, Shipped.Units("hungyen"), problems);
    }

    private static int Day(string date) => LocalTime.DayOf(DateOnly.Parse(date));
}
