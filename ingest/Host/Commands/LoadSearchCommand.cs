using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream load search</c>: the highest rate that a target holds, and the knee of its latencies.</summary>
internal sealed class LoadSearchCommand
{
    private readonly LoadOptions options = new();
    private readonly Option<string> from = new("--from-rate")
    {
        HelpName = "rate",
        Description = "The first rate tried; it is doubled from there.",
        DefaultValueFactory = _ => "1k/s",
    };

    private readonly Option<int> repeats = NumberOption.Create("--repeats", "Tries of each rate; most of them decide.", 1, 99, 3);
    private readonly Option<int> precision = NumberOption.Create("--precision", "The search ends when the gap is no more than this many percent.", 1, 50, 5);
    private readonly Option<Duration> length = DurationOption.Create(
        "--for", "How long each try sends.", TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1), TimeSpan.FromSeconds(5));

    private readonly Option<string?> report = new("--report") { HelpName = "file", Description = "File for every try as JSON, or '-' for standard output." };

    public static Command Create() => new LoadSearchCommand().CreateCommand();

    private Command CreateCommand()
    {
        var command = new Command("search", "Find the highest rate at which the backlog does not grow, by bisection, and the knee of the latencies.");
        options.AddTo(command);
        from.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && !LoadRates.TryRate(token.Value, out _))
            {
                result.AddError($"--from-rate: '{token.Value}' is not {LoadRates.RateForm}.");
            }
        });
        foreach (var option in (Option[])[from, repeats, precision, length, report])
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            options.Declare(result, files);
            files.Write("--report", result.GetValue(report), OutputForms.Report);
        });
        command.SetStoppable(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        var plans = options.Resolve(parsed, problems);
        var directory = plans is [var only] ? UnitFile.Load(only.Units, problems) : null;
        Terminal.Say(problems);
        if (plans is not [var plan] || directory is null)
        {
            return problems.Count > 0 ? ExitCode.Configuration : Refuse("A search is of one plan: choose it with --plan.");
        }

        if (LoadTargets.IsWeb(plan.Target))
        {
            return Refuse($"A search starts its target afresh for every try, and {plan.Target} cannot be: give --to engine or kafka:TOPIC.");
        }

        _ = LoadRates.TryRate(parsed.GetRequiredValue(from), out var first);
        var search = new SearchRun(plan, directory, options.Kafka.Resolve(parsed), parsed.GetValue(length).Time);
        return await RunAsync(search, plan, first, parsed, stop);
    }

    private async Task<int> RunAsync(SearchRun run, LoadPlan plan, double first, ParseResult parsed, CancellationToken stop)
    {
        var search = new LoadSearch(rate => run.TryAsync(rate, stop), parsed.GetValue(repeats), parsed.GetValue(precision) / 100.0);
        var isDone = await search.RunAsync(first);
        if (run.Last is not { } last)
        {
            return run.ExitCode;
        }

        var found = new SearchReport(plan.Name, search.Held, search.Knee, parsed.GetValue(repeats), parsed.GetValue(precision) / 100.0, last.Plan, last.Machine,
            search.Tries);
        if (parsed.GetValue(report) is { } path && !LoadOutputs.TryWrite("--report", path, () => Encoding.UTF8.GetBytes(found.ToJson() + "\n")))
        {
            return ExitCode.Unavailable;
        }

        if (parsed.GetValue(report) != StandardStreams.Dash)
        {
            Terminal.Result(found.Summary());
        }

        return isDone && search.Held > 0 ? ExitCode.Ok : Math.Max(run.ExitCode, ExitCode.CheckFailed);
    }

    private static int Refuse(string sentence)
    {
        Terminal.Say(sentence);
        return ExitCode.Usage;
    }
}
