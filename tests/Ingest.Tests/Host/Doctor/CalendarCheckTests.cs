using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Doctor;
using KpiStream.Ingest.Host.Serving.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace KpiStream.Ingest.Tests.Host.Doctor;

/// <summary>What <c>doctor</c> says of the working calendars.</summary>
public sealed class CalendarCheckTests
{
    [Theory]
    [InlineData("2026-11-27", Health.Ok, "days are only expected: 1 Jan 2027 is only expected to be closed (Tết Dương lịch); 5 Feb 2027 to 11 Feb")]
    [InlineData("2026-12-05", Health.Warning, "see whether they have been announced")]
    [InlineData("2027-01-15", Health.Warning, "1 Jan 2027 is only expected")] // past, and still nobody has said so
    [InlineData("2027-09-04", Health.Warning, "knows no holiday from today on")]
    [InlineData("2026-11-27", Health.Ok, "calendar-vn.csv@")]
    internal void TheCountrysCalendar_IsNamed_WithWhatIsOnlyExpected(string today, Health health, string said)
    {
        var finding = Assert.Single(CalendarCheck.Look(Shipped.Rulebook(), At(today)));
        Assert.Equal(("calendar", health), (finding.Check, finding.Health));
        Assert.Contains(said, finding.Message);
    }

    [Theory]
    [InlineData("2026-09-01", Health.Ok, "days.csv@1 with 2 rows for 1 units; 1 only expected")]
    [InlineData("2026-09-08", Health.Warning, "1 have begun and are only expected, like that of 11953 from 2026-09-07")]
    [InlineData("2026-12-01", Health.Ok, "1 only expected")] // over for long
    internal void RowsOfUnitsThatHaveBegun_AreToBeAnnounced(string today, Health health, string said)
    {
        UnitCalendarRow[] rows =
        [
            new("11953", new DateOnly(2026, 9, 7), new DateOnly(2026, 9, 8), UnitDays.Closed, true, "bão"),
            new("11953", new DateOnly(2026, 9, 1), new DateOnly(2026, 9, 1), UnitDays.Closed, false, "họp"),
        ];
        var rulebook = Shipped.Rulebook() with { UnitCalendars = new UnitCalendars(Shipped.Calendar, rows, Shipped.Units("hungyen"), "days.csv@1") };

        var finding = CalendarCheck.Look(rulebook, At(today)).Last();

        Assert.Equal(("units' days", health), (finding.Check, finding.Health));
        Assert.Contains(said, finding.Message);
    }

    /// <summary>Whatever was refused, the newest note says what is in force.</summary>
    [Theory]
    [InlineData("holidays.csv@1", true, false)]
    [InlineData("holidays.csv@2", true, true)]
    [InlineData("holidays.csv@2", false, false)]
    internal void AServerThatGoesByAnotherCalendar_IsToBeStartedAgain(string settings, bool isRunning, bool isTold)
    {
        using var folder = new TemporaryFolder();
        var notes = (EditionNote[])[new(1, "calendar", false, "holidays.csv@1", "", "at the start"), new(2, "calendar", true, "holidays.csv@1", "", "changed")];
        File.WriteAllLines(
            folder.File(AlertHistory.FileName), notes.Select(static note => Encoding.UTF8.GetString(AlertHistory.LineOf(AlertHistoryEntry.Of(note)))));
        var calendar = new WorkingCalendar([]) { Version = settings };

        var findings = CalendarCheck.LookAtServer(folder.Path, calendar, isRunning).ToList();

        Assert.Equal(isTold ? 1 : 0, findings.Count(one => one.Message.Contains("goes by holidays.csv@1, and the settings have holidays.csv@2")));
        Assert.Equal(isTold ? 1 : 0, findings.Count);
        Assert.Empty(CalendarCheck.LookAtServer(folder.File("nothing"), calendar, isRunning));
    }

    private static FakeTimeProvider At(string day) => new(new DateTimeOffset(DateTime.Parse(day), TimeSpan.FromHours(7)));
}
