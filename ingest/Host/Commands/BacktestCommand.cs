using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Runs.Backtests;
using KpiStream.Ingest.Sources.Configuration.Alerts;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream alerts backtest</c>: rules tried on a stream of the past.</summary>
internal sealed class BacktestCommand
{
    private readonly TrialOptions trial = new();
    private readonly Option<string?> rules = new("--rules") { HelpName = "file", Description = "Rules file to try. Left out, the shipped rules." };
    private readonly Option<string?> against =
        new("--against") { HelpName = "file", Description = "Another rules file; what the two tell differently is listed." };
    private readonly Option<string?> from =
        InstantOption("--from", "The first day or instant judged, like 2025-07-01. What came before is counted, and not judged.");
    private readonly Option<string?> to = InstantOption("--to", "The day or instant at which to stop, not included.");
    private readonly Option<Duration> every = DurationOption.Create(
        "--every", "Time between two looks, like 10s. A server looks every 10s; longer ones are quicker and find the same, so much later at most.",
        TimeSpan.FromMilliseconds(AlertTicks.EveryMillis), TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
    private readonly Option<bool> thorough = new("--every-tick")
    {
        Description = "Judge every single look, also those in which nothing can change. Slow; the result is the same.",
    };
    private readonly Option<string?> truth = new("--truth")
    {
        HelpName = "file",
        Description = "What truly changed, CSV with the header unit,from,to,figure,what: says what was found, missed and false. Left out, the file beside the "
            + $"source whose name ends in {DeclaredChangeFile.Ending}, if there is one.",
    };
    private readonly Option<string?> csv =
        new("--csv") { HelpName = "file", Description = "File for all alerts as CSV (.gz is compressed), or '-' for standard output." };
    private readonly Option<string?> html = new("--html") { HelpName = "file", Description = "File for a page with the timelines, which needs nothing else." };
    private readonly Option<string?> config = new("--config")
    {
        HelpName = "file",
        Description = "Settings file that says how long, and in which office hours, a source may say nothing before it counts as missing. Left out, the "
            + "defaults.",
    };
    private readonly Option<bool> json = new("--json") { Description = "Print the results as JSON instead of a summary." };

    public static Command Create() => new BacktestCommand().CreateCommand();

    private Command CreateCommand()
    {
        var command = new Command("backtest", "Try rules on a stream of the past: what would have fired, when, how long, for whom.");
        trial.AddTo(command);
        foreach (var option in (Option[])[rules, against, from, to, every, thorough, truth, csv, html, config, json])
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            trial.Declare(result, files);
            files.Read("--rules", result.GetValue(rules));
            files.Read("--against", result.GetValue(against));
            files.Read("--truth", TruthOf(result));
            files.Read("--config", result.GetValue(config));
            files.Write("--csv", result.GetValue(csv), OutputForms.Figures);
            files.Write("--html", result.GetValue(html), OutputForms.Page);
        });
        command.SetStoppable(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        if (RunOutput.IsImpossible(parsed.GetValue(csv), parsed.GetValue(html)))
        {
            return ExitCode.Unavailable;
        }

        var problems = new List<ConfigProblem>();
        var plan = PlanOf(parsed, problems);
        Terminal.Say(problems);
        if (plan is null)
        {
            return ExitCode.Configuration;
        }

        var (exit, result) = await new BacktestRun(plan).RunAsync(stop);
        if (result is null)
        {
            return exit;
        }

        return BacktestOutput.TryWrite(plan, result, BacktestReport.Of(plan, result)) ? exit : ExitCode.Unavailable;
    }

    private BacktestPlan? PlanOf(ParseResult parsed, List<ConfigProblem> problems)
    {
        if (trial.Resolve(parsed, problems) is not { } count)
        {
            return null;
        }

        var sets = (string?[])[parsed.GetValue(rules), .. parsed.GetValue(against) is { } other ? (string[])[other] : []];
        var read = sets.Select(file => new AlertSettings { RulesFile = file }.Load(count.Rulebook, count.Units, problems)).ToList();
        var changes = TruthOf(parsed.CommandResult) is { } path ? DeclaredChangeFile.Load(path, count.Rulebook, count.Units, problems) : null;
        var settings = parsed.GetValue(config) is { } named ? SettingsFile.Load(named, problems)?.Settings : Settings.Default;
        return problems.Count > 0 || settings is null ? null : new BacktestPlan
        {
            Count = count,
            Silence = settings,
            Rules = [.. read.OfType<AlertRuleSet>()],
            From = DayOrInstant.Parse(parsed.GetValue(from)),
            To = DayOrInstant.Parse(parsed.GetValue(to)),
            Every = (long)parsed.GetValue(every).Time.TotalMilliseconds,
            IsThorough = parsed.GetValue(thorough),
            Truth = changes,
            Csv = parsed.GetValue(csv),
            Html = parsed.GetValue(html),
            Json = parsed.GetValue(json),
        };
    }

    private string? TruthOf(CommandResult result) => result.GetValue(truth)
        ?? (trial.SourcesOf(result) is [var only] && File.Exists(only + DeclaredChangeFile.Ending) ? only + DeclaredChangeFile.Ending : null);

    private static Option<string?> InstantOption(string name, string description)
    {
        var option = new Option<string?>(name) { HelpName = "day or instant", Description = description };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>() ?? "";
            if (DayOrInstant.Parse(text) is null)
            {
                result.AddError($"{name}: '{text}' is not {DayOrInstant.Form}.");
            }
        });
        return option;
    }
}
