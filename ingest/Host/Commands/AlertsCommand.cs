using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream alerts</c>: checks rules files, and what is below.</summary>
internal static class AlertsCommand
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create()
    {
        var command = new Command(
            "alerts", "Check alert rules, try them on the past; explain, list, acknowledge and silence alerts; try the channels they are told on.")
        {
            CreateCheck(), BacktestCommand.Create(), ExplainCommand.Create(),
        };
        foreach (var served in ServedAlertsCommand.Create())
        {
            command.Subcommands.Add(served);
        }

        command.Subcommands.Add(AlertsTestCommand.Create());
        return command;
    }

    private static Command CreateCheck()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Rules file. Left out, the one the settings name, or the shipped rules.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        file.Validators.Add(UnknownName.RefuseOptions);
        var config = new Option<string?>("--config")
        {
            Description = $"Settings file, for rulebook and units. Left out, {SettingsFile.DefaultName} in the current folder if there is one, "
                + "or the defaults.",
        };
        var units = new Option<string?>("--units") { Description = "Check against this unit directory instead of the one the settings name." };
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var defaults = new Option<bool>("--print-defaults") { Description = "Print the shipped rules, which explain every key, to begin a file with." };
        var command = new Command("check", "Check a rules file: every mistake with its line, key and what is allowed.")
        {
            file, config, units, json, defaults,
        };
        DeclaredFiles.AddTo(command, (result, files) =>
        {
            files.Read("FILE", result.GetValue(file));
            files.Read("--config", result.GetValue(config));
            files.ReadUnits(result.GetValue(units));
        });
        command.SetAction(parsed => parsed.GetValue(defaults) ? PrintDefaults()
            : Check(parsed.GetValue(file), parsed.GetValue(config), parsed.GetValue(units), parsed.GetValue(json)));
        return command;
    }

    private static int PrintDefaults()
    {
        Terminal.ResultText(Shipped.Text(AlertRulesFile.ShippedName));
        return ExitCode.Ok;
    }

    private static int Check(string? file, string? config, string? units, bool json)
    {
        var problems = new List<ConfigProblem>();
        var loaded = SettingsFile.Load(config, problems);
        var directory = units is null ? loaded?.Units : UnitFile.Load(units, problems);
        var rules = loaded is null || directory is null ? null
            : (file is null ? loaded.Settings.Alerts : new AlertSettings { RulesFile = file }).Load(loaded.Rulebook, directory, problems);
        if (json)
        {
            var found = new { Ok = problems.Count == 0, Rules = rules?.Rules.Select(rule => rule.Id), Problems = problems };
            Terminal.Result(JsonSerializer.Serialize(found, Format));
        }
        else if (rules is not null && problems.Count == 0)
        {
            foreach (var rule in rules.Rules)
            {
                Terminal.Result($"{rule.Id,-32} {rule.KindText,-16} {rule.Grade.ToString().ToLowerInvariant(),-9} {rule.Figure}");
            }

            Terminal.Result($"ok: {rules} with {rules.Rules.Count} rules, against rulebook {loaded!.Rulebook.Id} {loaded.Rulebook.Version} and directory "
                + $"{directory!.Version}");
        }
        else
        {
            Terminal.Say(problems);
        }

        return problems.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
    }
}
