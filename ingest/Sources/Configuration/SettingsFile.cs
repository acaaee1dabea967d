using KpiStream.Ingest.Sources.Configuration.Alerts;
using KpiStream.Ingest.Sources.Configuration.Rules;
using KpiStream.Ingest.Sources.Configuration.Text;

namespace KpiStream.Ingest.Sources.Configuration;

/// <summary>Settings together with the files they name, all read and sound.</summary>
/// <param name="Profiles">How records that are not native are read.</param>
public sealed record LoadedSettings(Settings Settings, Rulebook Rulebook, UnitDirectory Units, ProfileSet Profiles)
{
    /// <summary>The procedures offered; empty where the settings name no catalogue.</summary>
    public ProcedureCatalogue Catalogue { get; init; } = ProcedureCatalogue.Empty;

    /// <summary>What is watched.</summary>
    public AlertRuleSet AlertRules { get; init; } = AlertRuleSet.Empty;
}

/// <summary>Loads the settings file and what it names.</summary>
public static class SettingsFile
{
    /// <summary>What is looked for in the working directory when no file is named.</summary>
    public const string DefaultName = "kpistream.yaml";

    private static readonly string Advice = $"leave it out to use {DefaultName} of the working directory, or the defaults where there is none";

    /// <summary>Loads settings, rulebook and unit directory; null when <paramref name="problems"/> got any.</summary>
    /// <param name="path">A settings file, which must exist; null for <see cref="DefaultName"/> if it exists, otherwise the defaults.</param>
    public static LoadedSettings? Load(string? path, ICollection<ConfigProblem> problems)
    {
        if (path is null && !File.Exists(DefaultName))
        {
            var (shipped, known) = (Shipped.Rulebook(), Shipped.Units(Settings.Default.Units));
            return new LoadedSettings(Settings.Default, shipped, known, ProfileSet.Empty) { AlertRules = AlertRulesFile.OfProgram(shipped, known) };
        }

        path ??= DefaultName;
        if (ConfigText.TryRead(path, Advice, problems) is not { } text || SettingsYaml.Parse(path, text, problems) is not { } written)
        {
            return null;
        }

        var settings = Resolve(written, Path.GetDirectoryName(path) ?? "");
        var units = UnitFile.Load(settings.Units, problems);
        var catalogue = settings.Procedures is { } procedures ? ProcedureFile.Load(procedures, problems) : ProcedureCatalogue.Empty;
        var book = settings.Rulebook is { } file ? RulebookFile.Load(file, problems) : Shipped.Rulebook();
        var rulebook = book is null || units is null || catalogue is null ? null : Complete(book, settings, catalogue, units, problems);

        // Read a second time, now knowing the figures, so that a figure the rulebook lacks is named with its line.
        var isSound = rulebook is null || SettingsYaml.Parse(path, text, problems, rulebook) is not null;
        var profiles = ProfileSet.Load(settings.Profiles, problems);
        var alerts = rulebook is null || units is null ? null : settings.Alerts.Load(rulebook, units, problems);
        return isSound && rulebook is not null && units is not null && alerts is not null
            && profiles is not null ? new LoadedSettings(settings, rulebook, units, profiles) { Catalogue = catalogue!, AlertRules = alerts } : null;
    }

    /// <summary>The rulebook with everything that completes it: calendars, catalogue, the units' own targets.</summary>
    private static Rulebook? Complete(
        Rulebook rulebook, Settings settings, ProcedureCatalogue catalogue, UnitDirectory units, ICollection<ConfigProblem> problems)
    {
        var calendar = settings.Calendar is { } days ? CalendarFile.Load(days, problems) : Shipped.Calendar;
        if (ProcedureFile.Complete(rulebook, catalogue, settings.Rulebook ?? "rulebook.yaml", "under 'procedures' in the settings", problems)
            is not { } complete)
        {
            return null;
        }

        var targets = settings.Targets is { } register ? TargetFile.Load(register, rulebook, units, problems) : TargetRegister.Empty;
        var ofUnits = UnitCalendarFile.Load(settings.UnitCalendars, calendar ?? Shipped.Calendar, units, problems);
        return targets is null || calendar is null || ofUnits is null ? null
            : complete with { Calendar = calendar, UnitCalendars = ofUnits, UnitTargets = targets };
    }

    /// <summary>Paths in the file are meant from where the file lies, wherever the program is started.</summary>
    private static Settings Resolve(Settings settings, string directory) => settings with
    {
        Units = Shipped.UnitNames.Contains(settings.Units) ? settings.Units : Path.Combine(directory, settings.Units),
        Rulebook = settings.Rulebook is { } rulebook ? Path.Combine(directory, rulebook) : null,
        Procedures = settings.Procedures is { } procedures ? Path.Combine(directory, procedures) : null,
        Targets = settings.Targets is { } targets ? Path.Combine(directory, targets) : null,
        Calendar = settings.Calendar is { } calendar ? Path.Combine(directory, calendar) : null,
        UnitCalendars = settings.UnitCalendars is { } ofUnits ? Path.Combine(directory, ofUnits) : null,
        Profiles = [.. settings.Profiles.Select(
            choice => Shipped.ProfileNames.Contains(choice.Profile) ? choice : choice with { Profile = Path.Combine(directory, choice.Profile) })],
        Log = settings.Log is { } log
            ? log with { Folder = Path.Combine(directory, log.Folder), ApiKeyFile = log.ApiKeyFile is { } keys ? Path.Combine(directory, keys) : null } : null,
        StateFolder = settings.StateFolder is { } state ? Path.Combine(directory, state) : null,
        DeadLetters = settings.DeadLetters with { File = settings.DeadLetters.File is { } letters ? Path.Combine(directory, letters) : null },
        Http = settings.Http with { Tls = settings.Http.Tls?.In(directory) },
        Access = settings.Access?.In(directory),
        Alerts = settings.Alerts.In(directory),
        PseudonymKeyFile = settings.PseudonymKeyFile is { } key ? Path.Combine(directory, key) : null,
    };
}
