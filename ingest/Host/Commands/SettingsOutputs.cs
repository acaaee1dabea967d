namespace KpiStream.Ingest.Host.Commands;

/// <summary>What <c>serve</c> would write, compared with all it reads, as the settings name them.</summary>
internal static class SettingsOutputs
{
    /// <summary>Names every output that would be written over an input or another output.</summary>
    /// <param name="settings">The settings in force, with paths resolved.</param>
    /// <param name="config">The settings file that was named; null for the usual one, if there is one.</param>
    /// <param name="problems">Gets a problem for each.</param>
    public static void Check(Settings settings, string? config, ICollection<ConfigProblem> problems)
    {
        var file = config ?? (File.Exists(SettingsFile.DefaultName) ? SettingsFile.DefaultName : null);
        var files = new DeclaredFiles();
        files.Read("the settings file", file);
        files.ReadUnits(settings.Units);
        files.Read("rulebook", settings.Rulebook);
        files.Read("procedures", settings.Procedures);
        files.Read("targets", settings.Targets);
        files.Read("calendar", settings.Calendar);
        files.Read("unit_calendars", settings.UnitCalendars);
        files.Read("alerts.rules", settings.Alerts.RulesFile);
        foreach (var choice in settings.Profiles.Where(choice => !Shipped.ProfileNames.Contains(choice.Profile)))
        {
            files.Read("profiles", choice.Profile);
        }

        files.Own("log.folder", settings.Log?.Folder);
        files.Own("state_dir", settings.StateFolder == settings.Log?.Folder ? null : settings.StateFolder);
        files.Read("log.api_key_file", settings.Log?.ApiKeyFile);
        files.Read("pseudonym_key_file", settings.PseudonymKeyFile);
        files.Roll("dead_letters.file", settings.DeadLetters.ToFile ? settings.DeadLetters.File : null, OutputForms.DeadLetters);
        foreach (var mistake in files.FindMistakes())
        {
            problems.Add(new ConfigProblem(file ?? "settings", 0, "", mistake));
        }
    }
}
