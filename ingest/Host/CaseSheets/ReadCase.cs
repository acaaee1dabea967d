using KpiStream.Engine.Events;
using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Host.Commands;

namespace KpiStream.Ingest.Host.CaseSheets;

/// <summary>Looks a case up by reading sources through the real pipeline: the same question that <c>serve</c> answers.</summary>
internal sealed class ReadCase(CountPlan plan, IRecordSource source)
{
    public async Task<int> PrintAsync(CaseId id, CaseSheetOutput output, CancellationToken cancel)
    {
        await using var engine = new StreamEngine(new EngineOptions
        {
            Rulebook = plan.Rulebook,
            Directory = plan.Units,
            PseudonymKey = plan.PseudonymKey,
            NowFollowsEvents = plan.AsOf is null,
        });
        var intake = engine.OpenIntake(source.Name);
        var end = await source.RunAsync(intake, cancel);
        intake.Flush();
        var exit = SourceOpening.ExitCodeOf(end);
        if (end.Kind is SourceEndKind.Unavailable or SourceEndKind.Stopped)
        {
            return exit;
        }

        var now = plan.AsOf ?? (intake.Counts.Accepted > 0 ? intake.Counts.GreatestAt : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        if (await engine.FindCaseAsync(id, now, CancellationToken.None) is { } sheet)
        {
            output.Print(sheet);
            return exit;
        }

        await Console.Error.WriteLineAsync($"kpistream: the case is not among the {intake.Counts.Accepted} events read; check the code and the sources.");
        return exit == ExitCode.Ok ? ExitCode.CheckFailed : exit;
    }
}
