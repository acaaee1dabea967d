namespace KpiStream.Ingest.Host.Commands;

/// <summary>Which keys and tokens a command is about: those of the <c>serve</c> with the same options.</summary>
internal sealed class AccessOptions
{
    private readonly Option<string?> config =
        new("--config") { Description = $"Settings file. Left out, {SettingsFile.DefaultName} in the current folder if there is one, or the defaults." };
    private readonly Option<string?> units =
        new("--units") { Description = "Unit directory: hungyen, sonla, vn, or a CSV file. Left out, that of the settings." };
    private readonly Option<string?> log = new("--log") { Description = "Folder of the embedded log, where serve is given one." };
    private readonly Option<string?> state = new("--state") { Description = "Folder of checkpoints, where serve is given one." };

    /// <summary>A command with these options that is ended by what it finds.</summary>
    public static Command Create(string name, string description, IEnumerable<Symbol> more, Func<AccessChange, ParseResult, int> run)
    {
        var options = new AccessOptions();
        var command = new Command(name, description) { options.config, options.units, options.log, options.state };
        foreach (var symbol in more)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else if (symbol is Option option)
            {
                command.Options.Add(option);
            }
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            files.Read("--config", result.GetValue(options.config));
            files.ReadUnits(result.GetValue(options.units));
        });
        command.SetAction(parsed => options.Run(parsed, run));
        return command;
    }

    private int Run(ParseResult parsed, Func<AccessChange, ParseResult, int> run)
    {
        var problems = new List<ConfigProblem>();
        var loaded = SettingsFile.Load(parsed.GetValue(config), problems);
        var directory = parsed.GetValue(units) is { } named ? UnitFile.Load(named, problems) : loaded?.Units;
        Terminal.Say(problems);
        if (loaded is null || directory is null)
        {
            return ExitCode.Configuration;
        }

        var settings = loaded.Settings with
        {
            Log = parsed.GetValue(log) is { } folder ? (loaded.Settings.Log ?? new LogSettings(folder)) with { Folder = folder } : loaded.Settings.Log,
            StateFolder = parsed.GetValue(state) ?? loaded.Settings.StateFolder,
        };
        try
        {
            return run(new AccessChange(settings, directory, TimeProvider.System), parsed);
        }
        catch (IOException error)
        {
            Terminal.Say(error.Message);
            return ExitCode.Unavailable;
        }
    }
}
