using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Serving.Alerts;

/// <summary>The file of units' calendars that is changed while the server runs, and what the board says of calendars.</summary>
public sealed class CalendarsInForceTests : IDisposable
{
    private const string Unit = "11953";
    private static readonly int Monday = LocalTime.DayOf(new DateOnly(2026, 9, 7));

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.FromHours(7)));
    private readonly StringWriter said = new();
    private readonly List<EditionNote> notes = [];
    private int writings;

    private string Path => folder.File("days.csv");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AnotherFile_IsInForceWithinSeconds_AndNoted()
    {
        var calendars = Start($"{Unit},2026-09-14,2026-09-14,closed,announced,họp");
        Assert.True(calendars.Current.Of(Unit).IsWorkingDay(Monday));

        Look(calendars, $"{Unit},2026-09-07,2026-09-11,closed,expected,bão");

        Assert.False(calendars.Current.Of(Unit).IsWorkingDay(Monday));
        Assert.Equal((2, ""), (calendars.Number, calendars.Refused));
        Assert.Contains($"edition 2 is in force, {calendars.Current.Version} with 1 rows for 1 units", said.ToString());
        var note = Assert.Single(notes);
        Assert.Equal(("unit_calendars", false, calendars.Current.Version), (note.Id, note.IsRefused, note.Hash));
        Assert.Equal(OperatingSystem.IsLinux(), note.By.Length > 0);
    }

    [Fact]
    public void ABadFile_LeavesTheCalendarsOfBefore_AndIsSaidOnce_OnTheBoardToo()
    {
        var calendars = Start($"{Unit},2026-09-07,2026-09-07,closed,announced,họp");
        Look(calendars, $"{Unit},2026-09-07,2026-09-07,shut,announced,họp");
        Look(calendars, $"{Unit},2026-09-07,2026-09-07,shut,announced,họp");

        Assert.False(calendars.Current.Of(Unit).IsWorkingDay(Monday));
        Assert.Contains("days.csv", calendars.Refused);
        Assert.Single(said.ToString().Split('\n'), static line => line.Contains("are not used"));
        Assert.True(Assert.Single(notes).IsRefused);
        var basis = Basis(calendars);
        Assert.Equal($"{Shipped.Calendar.Version} + {calendars.Current.Version}", basis.Calendar);
        var note = Assert.Single(basis.Notes);
        Assert.StartsWith("tệp lịch làm việc của đơn vị mới có lỗi, vẫn dùng bản trước (dòng 2, kind: unknown word 'shut'", note);
        Assert.DoesNotContain(folder.File(""), note); // the place of a file is nobody's business who looks at a wallboard

        File.Delete(Path);
        Look(calendars, null);
        Assert.False(calendars.Current.Of(Unit).IsWorkingDay(Monday));

        Look(calendars, $"{Unit},2026-09-08,2026-09-08,closed,announced,họp");
        Assert.True(calendars.Current.Of(Unit).IsWorkingDay(Monday));
        Assert.Empty(Basis(calendars).Notes);
    }

    [Fact]
    public void AHolidayThatIsOnlyExpected_IsSaidOnTheBoardAWeekAhead()
    {
        var calendars = Start("");
        Assert.Empty(Basis(calendars, "2027-01-28").Notes);
        Assert.Equal(
            "ngày 05/02/2027 dự kiến là ngày nghỉ (Tết Đinh Mùi); chưa có thông báo chính thức",
            Assert.Single(Basis(calendars, "2027-01-30").Notes));
        Assert.Equal(
            "ngày 05/02/2027 đến ngày 11/02/2027 dự kiến là ngày nghỉ (Tết Đinh Mùi); chưa có thông báo chính thức",
            Assert.Single(Basis(calendars, "2027-02-05").Notes));
    }

    [Fact]
    public void ExpectedDays_AreSaidInBothLanguages()
    {
        IReadOnlyList<CalendarDay> days =
        [
            new(new DateOnly(2026, 9, 5), true) { IsMorning = true, Name = "QĐ 12" },
            new(new DateOnly(2026, 9, 12), true) { IsMorning = true, Name = "QĐ 12" },
            new(new DateOnly(2026, 9, 14), false) { Name = "" },
        ];
        Assert.Equal(
            "ngày 05/9/2026 đến ngày 12/9/2026 dự kiến là ngày làm việc buổi sáng (QĐ 12); ngày 14/9/2026 dự kiến là ngày nghỉ",
            ExpectedDays.InVietnamese(days));
        Assert.Equal("5 Sep 2026 to 12 Sep 2026 is only expected to be worked until noon (QĐ 12); 14 Sep 2026 is only expected to be closed",
            ExpectedDays.InEnglish(days));
    }

    /// <summary>Cases are counted by it, so it cannot change under a server.</summary>
    [Fact]
    public void AnotherCalendarOfTheCountry_WaitsForTheNextStart_AndIsSaidOnce_OnTheBoardToo()
    {
        var file = folder.File("calendar.csv");
        WriteCommon("2026-09-02,closed,lễ,announced");
        var common = new CommonCalendarInForce(ReadCommon([])!, ReadCommon, file, new OperatorLog(said, time), time) { Noted = notes.Add };
        var before = common.Current;
        Look();
        Assert.Equal(("", false), ($"{said}", common.IsWaiting));

        WriteCommon("2026-09-03,closed,lễ,announced");
        Look();
        Look();
        Assert.Same(before, common.Current);
        Assert.Contains($"Until then {before.Version} stays in force", Assert.Single(said.ToString().Trim().Split('\n')));
        Assert.Equal(("calendar", true, before.Version), Assert.Single(notes) is var note ? (note.Id, note.IsRefused, note.Hash) : default);
        Assert.Equal(
            "tệp lịch làm việc chung đã thay đổi, có hiệu lực sau khi khởi động lại máy chủ",
            Assert.Single(Basis(Start(""), common: common).Notes));

        WriteCommon("2026-09-03,feast,lễ,announced");
        Look();
        Assert.StartsWith(
            "tệp lịch làm việc chung mới có lỗi, vẫn dùng bản trước (dòng 2, ", Assert.Single(Basis(Start(""), common: common).Notes));

        WriteCommon("2026-09-02,closed,lễ,announced");
        Look();
        Assert.Equal(("", 1, false), (common.Refused, common.Number, common.IsWaiting));
        Assert.Empty(Basis(Start(""), common: common).Notes);

        void WriteCommon(string row) => Write(file, $"date,kind,name,certainty\n{row}\n");
        WorkingCalendar? ReadCommon(ICollection<ConfigProblem> problems) => CalendarFile.Load(file, problems);
        void Look()
        {
            time.Advance(TimeSpan.FromSeconds(5));
            common.LookAgain();
        }
    }

    private AlertBasis Basis(CalendarsInForce calendars, string day = "2026-09-01", CommonCalendarInForce? common = null)
    {
        common ??= new CommonCalendarInForce(Shipped.Calendar, static _ => null, null, new OperatorLog(said, time), time);
        var rules = new RulesInForce(AlertRuleSet.Empty, static _ => null, null, [], Shipped.Units("hungyen"), new OperatorLog(said, time), time);
        return AlertBasis.Of(rules, calendars, common, LocalTime.StartOfDay(LocalTime.DayOf(DateOnly.Parse(day))));
    }

    private CalendarsInForce Start(string row)
    {
        Write(row);
        return new CalendarsInForce(Read([])!, Read, Path, new OperatorLog(said, time), time) { Noted = notes.Add };
    }

    private UnitCalendars? Read(ICollection<ConfigProblem> problems) => UnitCalendarFile.Load(Path, Shipped.Calendar, Shipped.Units("hungyen"), problems);

    private void Look(CalendarsInForce calendars, string? row)
    {
        if (row is not null)
        {
            Write(row);
        }

        time.Advance(TimeSpan.FromSeconds(5));
        calendars.LookAgain();
    }

    /// <summary>Each is written a second after the one before, as nobody writes two within the least step of a file's time.</summary>
    private void Write(string row) => Write(Path, $"unit,from,to,kind,certainty,reason\n{row}\n");

    private void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 9, 1, 0, 0, ++writings, DateTimeKind.Utc));
    }
}
