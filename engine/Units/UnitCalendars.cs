namespace KpiStream.Engine.Units;

/// <summary>
/// The working days of each unit: the country's calendar, and what a unit adds to it, like Saturday mornings or a day it is closed. Immutable. By it alert
/// rules judge; figures go by the country's alone.
/// </summary>
public sealed class UnitCalendars
{
    /// <summary>What stands between the two versions in <see cref="FullVersion"/>.</summary>
    public const string Joint = " + ";

    private readonly UnitDirectory? directory;
    private readonly Dictionary<string, WorkingCalendar> own = [];

    /// <param name="common">The calendar of all units that add nothing.</param>
    public UnitCalendars(WorkingCalendar common) => Common = common;

    /// <param name="common">The calendar of all units that add nothing.</param>
    /// <param name="rows">What units add; no two rows overlap.</param>
    /// <param name="directory">Who is below whom.</param>
    /// <param name="version">Tells one edition of the rows from another.</param>
    public UnitCalendars(WorkingCalendar common, IReadOnlyList<UnitCalendarRow> rows, UnitDirectory directory, string version)
    {
        (Common, Rows, Version, this.directory) = (common, rows, version, directory);
        var byUnit = rows.ToLookup(static row => row.Unit);
        var made = new Dictionary<string, WorkingCalendar>();
        foreach (var unit in directory.Rows)
        {
            // From the top down, so that what is said nearer to the unit holds.
            var chain = directory.Above(unit.Code).Prepend(unit.Code).Where(byUnit.Contains).Reverse().ToList();
            if (chain.Count == 0)
            {
                continue;
            }

            var key = string.Join('\n', chain);
            own[unit.Code] = made.TryGetValue(key, out var known) ? known : made[key] = Make([.. chain.SelectMany(code => byUnit[code])]);
        }
    }

    public WorkingCalendar Common { get; }

    /// <summary>What units add, in the file's order.</summary>
    public IReadOnlyList<UnitCalendarRow> Rows { get; } = [];

    /// <summary>The file's name with the first digits of its SHA-256; empty where units add nothing.</summary>
    public string Version { get; } = "";

    /// <summary>What the rows were read from; empty where that is no file.</summary>
    public string Text { get; init; } = "";

    /// <summary>The country's calendar and what units add to it, as boards and reports name them.</summary>
    public string FullVersion => Common.Version.Length > 0 && Version.Length > 0 ? Common.Version + Joint + Version : Common.Version + Version;

    /// <summary>Units with a calendar of their own.</summary>
    public IReadOnlyCollection<string> Own => own.Keys;

    /// <summary>The calendar of a unit; of a code of no directory that of the unit it is counted under.</summary>
    public WorkingCalendar Of(string unit) => own.GetValueOrDefault(unit)
        ?? (directory?.Find(unit) is null && directory?.UnlistedParent is { } parent ? own.GetValueOrDefault(parent) : null) ?? Common;

    private WorkingCalendar Make(List<UnitCalendarRow> rows) => Common.With(
        rows.Where(static row => row.IsOfDays).SelectMany(static row => row.Expand()),
        [.. rows.Where(static row => !row.IsOfDays).Reverse().Select(static row => new SaturdayMornings(row.From, row.To, row.IsExpected, row.Reason))],
        FullVersion);
}
