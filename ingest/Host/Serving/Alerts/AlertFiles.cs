using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>The files by which alerts are judged, and who is told when one changes.</summary>
internal sealed class AlertFiles
{
    private Action<EditionNote> noted = static _ => { };

    /// <param name="loaded">The settings in force.</param>
    /// <param name="rules">The rules at the start.</param>
    /// <param name="adapt">What this server makes of rules that are read later.</param>
    /// <param name="kept">The sliding periods that the engine keeps.</param>
    /// <param name="always">Rules that no file names.</param>
    /// <param name="log">Told of every change, and of every file that is refused.</param>
    public AlertFiles(
        LoadedSettings loaded, AlertRuleSet rules, Func<AlertRuleSet, AlertRuleSet> adapt, IReadOnlyList<Period> kept,
        IReadOnlyList<AlertRule> always, OperatorLog log, TimeProvider time)
    {
        var (settings, common) = (loaded.Settings, loaded.Rulebook.Calendar);
        Rules = new RulesInForce(
            rules, problems => settings.Alerts.Load(loaded.Rulebook, loaded.Units, problems) is { } read ? adapt(read) : null, settings.Alerts.RulesFile, kept,
            loaded.Units, log, time)
        {
            Always = always,
            Noted = Note,
        };
        Calendars = new CalendarsInForce(
            loaded.Rulebook.Calendars,
            problems => UnitCalendarFile.Load(settings.UnitCalendars, common, loaded.Units, problems), settings.UnitCalendars, log, time)
        {
            Noted = Note,
        };
        CommonCalendar = new CommonCalendarInForce(
            common, problems => settings.Calendar is { } file ? CalendarFile.Load(file, problems) : common, settings.Calendar, log, time)
        {
            Noted = Note,
        };
    }

    public RulesInForce Rules { get; }

    public CalendarsInForce Calendars { get; }

    public CommonCalendarInForce CommonCalendar { get; }

    /// <summary>From now on a change is noted in the history of alerts, and told to others.</summary>
    public void NoteIn(AlertService alerts, Action<EditionNote>? others)
    {
        alerts.NoteBegun(Rules.Begun);
        alerts.NoteBegun(Calendars.Begun);
        alerts.NoteBegun(CommonCalendar.Begun);
        noted = alerts.Note + others;
    }

    /// <summary>See <see cref="FileInForce{T}.LookAgain"/>.</summary>
    public void LookAgain()
    {
        Rules.LookAgain();
        Calendars.LookAgain();
        CommonCalendar.LookAgain();
    }

    private void Note(EditionNote note) => noted(note);
}
