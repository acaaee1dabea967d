using KpiStream.Ingest.Host.Serving.Alerts;

namespace KpiStream.Ingest.Host.Runs.Explanations;

/// <summary>
/// The units' calendars that were in force at a tick: from the texts that the server kept, or from the settings where they are the same. Rulebook, units and
/// the country's calendar must be those of the settings.
/// </summary>
/// <param name="folder">The state folder.</param>
/// <param name="loaded">The settings.</param>
internal sealed class CalendarsThen(string folder, LoadedSettings loaded)
{
    private readonly Dictionary<string, UnitCalendars> known = [];

    public UnitCalendars Of(AlertTick tick) => known[tick.Basis];

    /// <summary>Loads the calendars of some ticks.</summary>
    /// <returns>Why those of one of them are not known, or why it was judged by something else than the settings have; empty where all is well.</returns>
    public string FindObstacle(IReadOnlyList<AlertTick> ticks)
    {
        foreach (var basis in ticks.Select(static tick => tick.Basis).Distinct())
        {
            if (Find(basis, out var why) is not { } calendars)
            {
                return why;
            }

            known[basis] = calendars;
        }

        return "";
    }

    private UnitCalendars? Find(string basis, out string why)
    {
        var none = new UnitCalendars(loaded.Rulebook.Calendar);
        var common = AlertTick.BasisOf(loaded.Rulebook, loaded.Units, none);
        why = $"it was judged by {basis}, and the settings have {AlertTick.BasisOf(loaded.Rulebook, loaded.Units, loaded.Rulebook.Calendars)}: "
            + "give the settings of then with --config";
        return basis == common ? none
            : basis.StartsWith(common + UnitCalendars.Joint, StringComparison.Ordinal) ? FindOwn(basis[(common.Length + UnitCalendars.Joint.Length)..], out why)
            : null;
    }

    /// <param name="version">The file's name, and the first digits of its hash.</param>
    private UnitCalendars? FindOwn(string version, out string why)
    {
        var path = KeptTexts.PathOfCalendars(folder, version);
        why = $"the text of the units' calendars {version} is missing: {path} is not there, and the settings have others";
        if (!File.Exists(path))
        {
            return loaded.Rulebook.Calendars.Version == version ? loaded.Rulebook.Calendars : null;
        }

        var name = version[..Math.Max(0, version.LastIndexOf('@'))];
        var problems = new List<ConfigProblem>();
        var read = UnitCalendarFile.Parse(name, File.ReadAllText(path), loaded.Rulebook.Calendar, loaded.Units, problems);
        why = read is null ? $"{path} cannot be read as units' calendars by this version: {problems[0]}"
            : $"{path} was changed: it is not the text that its name says";
        return read?.Version == version ? read : null;
    }
}
