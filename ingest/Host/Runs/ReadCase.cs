namespace KpiStream.Ingest.Host.Runs;

/// <summary>Looks a case up by reading sources through the real pipeline: the same question that <c>serve</c> answers.</summary>
internal sealed class ReadCase(CountPlan plan, IReadOnlyList<IRecordSource> sources)
{
    public async Task<int> PrintAsync(CaseId id, CaseSheetOutput output, CancellationToken cancel)
    {
        await using var engine = new StreamEngine(new EngineOptions
        {
            Rulebook = plan.Rulebook,
            Directory = plan.Units,
            Catalogue = plan.Catalogue,
            PseudonymKey = plan.PseudonymKey,
            Profiles = plan.Profiles,
            NowFollowsEvents = plan.AsOf is null,
        });
        var intakes = new List<Intake>();
        var exit = ExitCode.Ok;
        foreach (var source in sources)
        {
            intakes.Add(engine.OpenIntake(source.Name, form: source.Form));
            var end = await source.RunAsync(intakes[^1], cancel);
            intakes[^1].Flush();
            exit = Math.Max(exit, SourceOpening.ExitCodeOf(end));
            if (end.Kind is SourceEndKind.Unavailable or SourceEndKind.Stopped or SourceEndKind.Foreign)
            {
                return SourceOpening.ExitCodeOf(end.Kind);
            }
        }

        var counts = new IntakeTotals(intakes);
        var now = plan.AsOf ?? (counts.Accepted > 0 ? counts.Now : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        if (await engine.FindCaseAsync(id, now, CancellationToken.None) is { } sheet)
        {
            output.Print(sheet);
            return exit;
        }

        Terminal.Say($"the case is not among the {counts.Accepted} events read; check the code and the sources.");
        return exit == ExitCode.Ok ? ExitCode.CheckFailed : exit;
    }
}
