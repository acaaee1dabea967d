using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The working calendars: which editions they are, what of them is only expected, and whether they have run out.</summary>
internal static class CalendarCheck
{
    /// <summary>Days that are only expected should be announced a month before.</summary>
    private const int DaysAhead = 30;

    /// <summary>The days looked back on: what was only expected then counts for the alerts of now.</summary>
    private const int DaysBack = 30;

    /// <summary>A calendar tells two years at the most; what is expected of later ones is no news.</summary>
    private const int DaysKnown = 800;

    public static IEnumerable<Finding> Look(Rulebook rulebook, TimeProvider time)
    {
        var today = LocalTime.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        yield return OfCountry(rulebook.Calendar, today);
        if (rulebook.UnitCalendars is { Version.Length: > 0 } units)
        {
            yield return OfUnits(units, today);
        }
    }

    /// <summary>Whether a server that runs goes by another calendar than that of the settings: cases are counted by it, so it takes a restart.</summary>
    /// <param name="folder">The state folder; its history of alerts has what is in force.</param>
    /// <param name="isRunning">True while a server has the folder.</param>
    public static IEnumerable<Finding> LookAtServer(string folder, WorkingCalendar calendar, bool isRunning)
    {
        if (isRunning && InForce(folder) is { } known && known != calendar.Version)
        {
            yield return Finding.Warning("calendar", $"the server that runs goes by {known}, and the settings have {calendar.Version}: start it again, for "
                + "cases are counted by it");
        }
    }

    private static string? InForce(string folder)
    {
        try
        {
            var notes = AlertHistory.Read(Path.Combine(folder, AlertHistory.FileName), CommonCalendarInForce.HistoryId);
            return notes is [.., var newest] ? newest.Entry.Note : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // what is wrong with the folder is said of the folder
        }
    }

    private static Finding OfCountry(WorkingCalendar calendar, int today)
    {
        const string check = "calendar";
        if (calendar.Days.Count == 0 || LocalTime.DayOf(calendar.Days.Max(static day => day.Date)) < today)
        {
            return Finding.Warning(check, $"{calendar.Version} knows no holiday from today on: every Monday to Friday counts as worked; give a newer one "
                + "under 'calendar'");
        }

        var expected = calendar.ExpectedWithin(today - DaysBack, today + DaysKnown);
        var said = $"{calendar.Version}, to {calendar.Days.Max(static day => day.Date):yyyy-MM-dd}"
            + (expected.Count > 0 ? $"; {expected.Count} days are only expected: {ExpectedDays.InEnglish(expected)}" : "");
        return expected is [var first, ..] && LocalTime.DayOf(first.Date) <= today + DaysAhead
            ? Finding.Warning(check, $"{said}; see whether they have been announced, and give a calendar that says so (checkpoints stay good)")
            : Finding.Ok(check, said);
    }

    private static Finding OfUnits(UnitCalendars units, int today)
    {
        const string check = "units' days";
        var said = $"{units.Version} with {units.Rows.Count} rows for {units.Own.Count} units";
        var (now, before) = (LocalTime.DateOf(today), LocalTime.DateOf(today - DaysBack));
        var begun = units.Rows.Where(row => row.IsExpected && row.From <= now && !(row.To < before)).ToList();
        return begun is [var first, ..]
            ? Finding.Warning(check, $"{said}; {begun.Count} have begun and are only expected, like that of {first.Unit} from {first.From:yyyy-MM-dd}: see "
                + "whether they were announced")
            : Finding.Ok(check, $"{said}; {units.Rows.Count(static row => row.IsExpected)} only expected");
    }
}
