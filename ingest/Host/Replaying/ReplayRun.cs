using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Host.Commands;
using KpiStream.Ingest.Host.DeadLetters;
using KpiStream.Ingest.Host.Reports;
using KpiStream.Ingest.Kafka;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Files;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Host.Replaying;

/// <summary>One replay: sources, one after the other → their intakes → shards, then figures and report.</summary>
internal sealed class ReplayRun(CountPlan plan, IReadOnlyList<IRecordSource> sources, int shards, int decoders, double? speed, string? deadLetterFile)
{
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (RunOutput.IsImpossible(plan.Export, plan.Report, deadLetterFile))
        {
            return ExitCode.Unavailable;
        }

        if (deadLetterFile is null)
        {
            return await RunAsync(null, cancel);
        }

        // Written by the reading thread, which may wait here: a run that was asked for its letters is to have all of them.
        var file = new GenerationFile(deadLetterFile, new DeadLetterSettings().MaxBytes, TimeProvider.System);
        using var letters = new DeadLetterFile(file, TimeProvider.System, line => Console.Error.WriteLine($"kpistream: {line}"), "--dead-letters");
        if (!file.TryBegin())
        {
            await Console.Error.WriteLineAsync($"kpistream: {deadLetterFile} cannot be written: {file.Trouble} Choose another file with --dead-letters.");
            return ExitCode.Unavailable;
        }

        var exit = await RunAsync(letters, cancel);
        letters.Complete();
        return letters.Counts.Dropped == 0 ? exit : ExitCode.Unavailable;
    }

    private async Task<int> RunAsync(IDeadLetterSink? deadLetters, CancellationToken cancel)
    {
        using var meter = new RunMeter();
        await using var engine = new StreamEngine(Options());
        if (plan.AsOf is { } asOf)
        {
            await engine.AdvanceToAsync(asOf, cancel);
        }

        var intakes = new List<Intake>();
        var exit = ExitCode.Ok;
        foreach (var source in sources)
        {
            intakes.Add(engine.OpenIntake(source.Name, deadLetters, source.Form));
            var end = await ReadAsync(source, engine, intakes[^1], cancel);
            exit = Math.Max(exit, SourceOpening.ExitCodeOf(end));
            if (end.Kind is SourceEndKind.Unavailable or SourceEndKind.Stopped)
            {
                return SourceOpening.ExitCodeOf(end.Kind);
            }
        }

        var counts = new IntakeTotals(intakes);
        var now = NowOf(counts);
        await engine.AdvanceToAsync(now, CancellationToken.None);
        await engine.StopAsync();

        // What was read before a source broke off is still right as far as it goes, and the exit code says that it is not all.
        return Publish(engine, counts, now, meter) ? exit : ExitCode.Unavailable;
    }

    private async Task<SourceEnd> ReadAsync(IRecordSource source, StreamEngine engine, Intake intake, CancellationToken cancel)
    {
        // A paced run waits by each event, and has no need of more threads.
        using var spread = speed is null && decoders > 0 ? engine.Spread(intake, decoders) : null;
        using var progress = ProgressLine.Start(intake.Counts, (source as FileSource)?.Progress ?? (source as RecordingSource)?.Progress);
        var sink = speed is { } factor ? new PacedSink(intake, factor, TimeProvider.System, cancel) : spread ?? (IRecordSink)intake;
        var end = await source.RunAsync(sink, cancel);
        sink.Flush();
        progress.Finish();
        return end;
    }

    private EngineOptions Options() => new()
    {
        Rulebook = plan.Rulebook,
        Directory = plan.Units,
        PseudonymKey = plan.PseudonymKey,
        Profiles = plan.Profiles,
        Shards = shards,
        Sliding = [.. plan.Periods.Where(period => period.Kind == PeriodKind.Sliding)],
        NowFollowsEvents = plan.AsOf is null,
    };

    /// <summary>
    /// Spec section 5: of a recording the latest arrival, of a file the greatest <c>at</c> accepted, of both the greater; the wall clock when there is
    /// none. A topic is counted like a file of the same
    /// records: its records' timestamps say when somebody copied them there, which is not what the figures are about.
    /// </summary>
    private long NowOf(IntakeTotals counts) =>
        plan.AsOf ?? (counts.Accepted > 0 ? counts.Now : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    private bool Publish(StreamEngine engine, IntakeTotals counts, long now, RunMeter meter)
    {
        var fingerprint = default(Fingerprint);
        foreach (var state in engine.States)
        {
            fingerprint.Merge(state.Ledger.Fingerprint);
        }

        var outcome = new RunOutcome
        {
            Events = counts.Events,
            Applied = engine.States.Sum(state => state.Applied),
            Duplicates = engine.States.Sum(state => state.Duplicates),
            Rejected = counts.ByReason,
            Late = counts.Late,
            Tombstones = sources.OfType<KafkaSource>().FirstOrDefault()?.Tombstones,
            Cases = engine.States.Sum(state => state.Cases.Count),
            Now = now,
            Fingerprint = fingerprint,
        };
        var report = meter.Report(outcome);
        var export = new FigureExport(engine.Rules, engine.Options.Codes.Units, plan.Units, now, plan.RollUp);
        return RunOutput.Write(plan, report, export.Rows([.. engine.States.Select(state => state.Ledger)], plan.Periods));
    }
}
