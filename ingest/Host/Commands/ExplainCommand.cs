using KpiStream.Ingest.Host.Runs.Explanations;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream alerts explain</c>: a past alert judged again from the log, and compared with what was decided.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The alert's id, as list, messages and the API give it." };
        id.Validators.Add(UnknownName.RefuseOptions);
        var json = new Option<bool>("--json") { Description = "Print the decisions, kept and judged again, as JSON." };
        var command = ServeCommand.CreateLooking(
            "explain", "Judge a past alert again, from the log that serve with the same options reads, and compare every decision with what was kept.",
            [json],
            (plan, parsed, stop) => RunAsync(plan, parsed.GetRequiredValue(id), parsed.GetValue(json), stop));
        command.Arguments.Add(id);
        return command;
    }

    private static async Task<int> RunAsync(ServePlan serve, string id, bool json, CancellationToken stop)
    {
        Terminal.Say(serve.Problems);
        if (serve.Loaded is not { } loaded || serve.Problems.Count > 0)
        {
            return ExitCode.Configuration;
        }

        if (serve.State is not { Folder: var folder })
        {
            Terminal.Say("What was decided is kept in the state folder of serve: give it with --state.");
            return ExitCode.Usage;
        }

        try
        {
            var plan = PlanOf(id, folder, loaded);
            var run = new ExplainRun(plan);
            if (await run.RunAsync(stop) is not { } found)
            {
                Terminal.Say($"{Path.Combine(folder, AlertHistory.FileName)} knows no alert {id}.");
                return ExitCode.Unavailable;
            }

            Terminal.Result(json ? ExplainOutput.Json(id, found)
                : string.Join('\n', ExplainOutput.Lines(id, found, run.ConditionOf, new AlertText(loaded.Rulebook, loaded.Units).UnitName)));
            return found.Exit;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"The state or the log cannot be read: {problem.Message}");
            return ExitCode.Unavailable;
        }
    }

    private static ExplainPlan PlanOf(string id, string folder, LoadedSettings loaded)
    {
        var settings = loaded.Settings;
        var log = settings.Log is { } embedded ? RecountLog.OfFolder(embedded.Folder, static () => false)
            : RecountLog.OfTopic(new KafkaConnection(settings.Kafka.Bootstrap, settings.Kafka.Topic) { Properties = settings.Kafka.Properties });
        return new ExplainPlan(id, folder, loaded, log.Open) { IsGapless = log.IsGapless, Topic = settings.Log is null ? settings.Kafka.Topic : null };
    }
}
