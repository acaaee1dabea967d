using System.CommandLine;
using System.Text.Json;
using KpiStream.Ingest.Sources.Configuration;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream check-config</c>: reads settings, rulebook and units as <c>serve</c> would, and names every mistake with its line.</summary>
internal static class CheckConfigCommand
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = $"Settings file; {SettingsFile.DefaultName} in the current folder, or the defaults." };
        var units = new Option<string?>("--units") { Description = "Check this unit directory instead of the one the settings name." };
        var rulebook = new Option<string?>("--rulebook") { Description = "Check this rulebook instead of the one the settings name." };
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var command = new Command("check-config", "Check settings, rulebook and unit directory without starting anything.") { config, units, rulebook, json };
        command.SetAction(parsed => Run(parsed.GetValue(config), parsed.GetValue(units), parsed.GetValue(rulebook), parsed.GetValue(json)));
        return command;
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
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Ok = problems.Count == 0, Problems = problems }, Format));
        }
        else if (problems.Count == 0)
        {
            Console.WriteLine($"ok: rulebook {figures!.Id} {figures.Version} with {figures.Figures.Count} figures, directory {directory!.Version} with {directory.Rows.Count} units");
        }
        else
        {
            problems.ForEach(problem => Console.WriteLine(problem.ToString()));
        }

        return problems.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
    }
}
