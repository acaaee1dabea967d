namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream check-config</c>: reads settings, rulebook and units as <c>serve</c> would, and names every mistake with its line.</summary>
internal static class CheckConfigCommand
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create()
    {
        var config = new Option<string?>(
            "--config")
        { Description = $"Settings file. Left out, {SettingsFile.DefaultName} in the current folder if there is one, or the defaults." };
        var units = new Option<string?>("--units") { Description = "Check this unit directory instead of the one the settings name." };
        var rulebook = new Option<string?>("--rulebook") { Description = "Check this rulebook instead of the one the settings name." };
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var defaults = new Option<bool>(
            "--print-defaults")
        {
            Description =
            $"Print a settings file with every setting, its default and what it does, to begin a {SettingsFile.DefaultName} with."
        };
        var command = new Command(
            "check-config", "Check settings, rulebook and unit directory without starting anything.") { config, units, rulebook, json, defaults };
        DeclaredFiles.AddTo(command, (result, files) =>
        {
            files.Read("--config", result.GetValue(config));
            files.ReadUnits(result.GetValue(units));
            files.Read("--rulebook", result.GetValue(rulebook));
        });
        command.SetAction(parsed => parsed.GetValue(defaults) ? PrintDefaults()
            : Run(parsed.GetValue(config), parsed.GetValue(units), parsed.GetValue(rulebook), parsed.GetValue(json)));
        return command;
    }

    private static int PrintDefaults()
    {
        Terminal.ResultText(Shipped.Text(SettingsFile.DefaultName));
        return ExitCode.Ok;
    }

    /// <summary>What was read, so that a file in another folder is not taken for checked.</summary>
    private static List<string> Checked(string? config, string? units, string? rulebook, LoadedSettings? loaded)
    {
        var file = config ?? (File.Exists(SettingsFile.DefaultName) ? SettingsFile.DefaultName : null);
        return
        [
            file is null ? $"settings: none; there is no {SettingsFile.DefaultName} in {Environment.CurrentDirectory}, so the defaults hold"
                : $"settings: {file}",
            $"rulebook: {rulebook ?? loaded?.Settings.Rulebook ?? "the one that comes with the program"}",
            .. (units ?? loaded?.Settings.Units) is { } named ? (string[])[$"units: {named}"] : [],
            .. loaded is null ? [] : (string[])[$"calendar: {loaded.Rulebook.Calendars.FullVersion}"],
            .. loaded?.Settings.Profiles.Select(choice => $"profile: {choice.Profile}") ?? [],
        ];
    }

    private static int Run(string? config, string? units, string? rulebook, bool json)
    {
        var problems = new List<ConfigProblem>();
        var loaded = SettingsFile.Load(config, problems);
        var figures = rulebook is null ? loaded?.Rulebook : RulebookFile.Load(rulebook, problems);
        var directory = units is null ? loaded?.Units : UnitFile.Load(units, problems);
        if (loaded is not null)
        {
            PseudonymKeyChoice.Check(loaded.Settings, problems);
            ChannelSecrets.Check(loaded.Settings, problems);
            SettingsOutputs.Check(loaded.Settings, config, problems);
            KafkaSettingsCheck.Check(loaded.Settings.Kafka, config ?? SettingsFile.DefaultName, problems);
        }

        var read = Checked(config, units, rulebook, loaded);

        if (json)
        {
            Terminal.Result(JsonSerializer.Serialize(new { Ok = problems.Count == 0, Checked = read, Problems = problems }, Format));
        }
        else if (problems.Count == 0)
        {
            read.ForEach(Terminal.Result);
            Terminal.Result($"ok: rulebook {figures!.Id} {figures.Version} with {figures.Figures.Count} figures, directory {directory!.Version} with "
                + $"{directory.Rows.Count} units");
        }
        else
        {
            Terminal.Say(problems);
        }

        return problems.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
    }
}
