using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream load</c>: recorded or generated streams as load tests, each with its answer checked.</summary>
internal sealed class LoadCommand
{
    private readonly LoadOptions options = new();
    private readonly Option<string?> report = new("--report") { HelpName = "file", Description = "File for the report as JSON, or '-' for standard output." };
    private readonly Option<string?> html = new("--html") { HelpName = "file", Description = "File for the report as one page that needs no other." };
    private readonly Option<string?> hlog = new("--hlog")
    {
        HelpName = "file",
        Description =
        "File for the latencies as a log of HDR histograms, in nanoseconds."
    };
    private readonly Option<string?> junit = new("--junit") { HelpName = "file", Description = "File for the verdict as JUnit XML." };
    private readonly Option<string?> compare =
        new("--compare") { HelpName = "file", Description = "An earlier --report: of the same stream it must have the same fingerprint; --html shows both." };

    public static Command Create() => new("load", "Test with recorded or generated streams: planned moments, honest latencies, checked answers.")
    {
        new LoadCommand().CreateRun(),
        LoadSearchCommand.Create(),
    };

    private Command CreateRun()
    {
        var command = new Command("run",
            "Send a stream at its planned moments and measure until it is on the board. Exit code 1 when the figures are not those "
            + "of a recount of what was sent, something did not arrive, a condition was not reached, or the sender itself fell behind.");
        options.AddTo(command);
        foreach (var option in (Option[])[report, html, hlog, junit, compare])
        {
            command.Options.Add(option);
        }

        DeclaredFiles.AddTo(command, (result, files) =>
        {
            options.Declare(result, files);
            files.Read("--compare", result.GetValue(compare));
            files.Write("--report", result.GetValue(report), OutputForms.Report);
            files.Write("--html", result.GetValue(html), OutputForms.Page);
            files.Write("--hlog", result.GetValue(hlog), OutputForms.Histograms);
            files.Write("--junit", result.GetValue(junit), OutputForms.Junit);
        });
        command.SetStoppable(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new List<ConfigProblem>();
        var plans = options.Resolve(parsed, problems);
        var earlier = EarlierOf(parsed.GetValue(compare), problems);
        Terminal.Say(problems);
        if (plans is null || problems.Count > 0)
        {
            return ExitCode.Configuration;
        }

        var outputs = new LoadOutputs(parsed.GetValue(report), parsed.GetValue(html), parsed.GetValue(hlog), parsed.GetValue(junit));
        if (RunOutput.IsImpossible(outputs.All))
        {
            return ExitCode.Unavailable;
        }

        if (plans.Count > 1 && outputs.Histograms is not null)
        {
            Terminal.Say($"--hlog is of one run, and there are {plans.Count} plans: choose one with --plan.");
            return ExitCode.Usage;
        }

        return await RunAllAsync(plans, options.Kafka.Resolve(parsed), outputs, earlier, stop);
    }

    private static async Task<int> RunAllAsync(
        IReadOnlyList<LoadPlan> plans, KafkaAccess access, LoadOutputs outputs, LoadReport? earlier, CancellationToken stop)
    {
        var (reports, exit) = (new List<LoadReport>(), ExitCode.Ok);
        if (!outputs.TryOpenHistograms(out var file))
        {
            return ExitCode.Unavailable;
        }

        using var histograms = file;
        var log = file is null ? null : new HistogramLog(file.Stream, LatencyTrack.Digits);
        foreach (var plan in plans)
        {
            var problems = new List<ConfigProblem>();
            var directory = UnitFile.Load(plan.Units, problems);
            Terminal.Say(problems);
            if (directory is null)
            {
                return ExitCode.Configuration;
            }

            using var view = LoadView.Of(plan);
            var run = new LoadRun(plan, directory, access, TimeProvider.System) { Earlier = earlier, Show = view.Show, Opened = view.Open, Log = log };
            var (report, code) = await run.RunAsync(stop);
            view.Dispose();
            exit = Math.Max(exit, code);
            if (report is null)
            {
                break;
            }

            reports.Add(report);
            if (outputs.Report != StandardStreams.Dash)
            {
                Terminal.Result(LoadSummary.Of(report));
            }

            if (stop.IsCancellationRequested)
            {
                break;
            }
        }

        return reports.Count == 0 || (outputs.TryKeepHistograms(file, log) & outputs.TryWrite(reports, earlier)) ? exit : ExitCode.Unavailable;
    }

    private static LoadReport? EarlierOf(string? path, List<ConfigProblem> problems)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            if (LoadReport.TryRead(File.ReadAllText(path)) is { } earlier)
            {
                return earlier;
            }

            problems.Add(new ConfigProblem(path, 0, "", "is no report of one run; give a file that load run --report wrote"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigProblem(path, 0, "", $"cannot be read: {error.Message}"));
        }

        return null;
    }
}
