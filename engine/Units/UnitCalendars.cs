namespace KpiStream.Engine.Units;

/// <summary>
/// The working days of each unit: the country's calendar, and what a unit adds to it, like Saturday mornings or a day it is closed. Immutable.
/// </summary>
/// <param name="common">The calendar of all units that add nothing.</param>
/// <param name="own">The calendars of those that do, by code.</param>
public sealed class UnitCalendars(WorkingCalendar common, IReadOnlyDictionary<string, WorkingCalendar>? own = null)
{
    public WorkingCalendar Common => common;

    /// <summary>Units with a calendar of their own.</summary>
    public IReadOnlyCollection<string> Own => [.. own?.Keys ?? []];

    public WorkingCalendar Of(string unit) => own?.GetValueOrDefault(unit) ?? common;
}
