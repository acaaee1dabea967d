using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>One replay: sources, one after the other → their intakes → shards, then figures and report.</summary>
internal sealed class ReplayRun(CountPlan plan, IReadOnlyList<IRecordSource> sources, ReplayOptions options)
{
    private bool hasFigures;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (RunOutput.IsImpossible(plan.Export, plan.Report, options.DeadLetters))
        {
            return ExitCode.Unavailable;
        }

        if (options.DeadLetters is not { } deadLetterFile)
        {
            return await RunAsync(null, cancel);
        }

        // Written by the reading thread, which may wait here: a run that was asked for its letters is to have all of them.
        var file = DeadLetterFile.FileAt(deadLetterFile, new DeadLetterSettings().MaxBytes, TimeProvider.System);
        using var letters = new DeadLetterFile(file, TimeProvider.System, Terminal.Say, "--dead-letters");
        if (!file.TryBegin())
        {
            Terminal.Say($"{deadLetterFile} cannot be written: {file.Error} Choose another file with --dead-letters.");
            return file.IsForeign ? ExitCode.Usage : ExitCode.Unavailable;
        }

        var exit = await RunAsync(letters, cancel);
        letters.Complete(hasFigures);
        return letters.Counts.Dropped == 0 ? exit : ExitCode.Unavailable;
    }

    private async Task<int> RunAsync(IDeadLetterSink? deadLetters, CancellationToken cancel)
    {
        using var meter = new RunMeter();
        if (options.State is not { } state)
        {
            return await RunAsync(new StartedState(new StreamEngine(Options()), null), null, deadLetters, meter, cancel);
        }

        try
        {
            using var files = StateFiles.Open(state.Folder);
            var store = new CheckpointStore(files);
            var start = new CheckpointLoader(
                store, Options(), [.. sources.Select(source => source.StateName)], head => plan.AsOf ?? NowOf(head), Terminal.Say)
            { FindGap = new GapFinder(sources).FindAsync };
            return await start.OpenAsync() is { } started ? await RunAsync(started, store, deadLetters, meter, cancel) : ExitCode.Configuration;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"the state cannot be used: {error.Message}");
            return ExitCode.Unavailable;
        }
    }

    private async Task<int> RunAsync(StartedState started, CheckpointStore? store, IDeadLetterSink? deadLetters, RunMeter meter, CancellationToken cancel)
    {
        await using var engine = started.Engine;
        if (plan.AsOf is { } asOf)
        {
            await engine.AdvanceToAsync(asOf, cancel);
        }

        var intakes = sources.Select(source => engine.OpenIntake(source.Name, deadLetters, source.Form)).ToList();
        foreach (var (index, intake) in intakes.Index())
        {
            started.Restore(intake, index);
        }

        var service = store is null ? null : new CheckpointService(engine, store, options.State!.Every, TimeProvider.System, Terminal.Say);
        if (await ReadAllAsync(started, intakes, service, cancel) is var (exit, isWhole) && !isWhole)
        {
            return exit;
        }

        hasFigures = true;
        var counts = new IntakeTotals(intakes);
        var now = NowOf(counts);
        await engine.AdvanceToAsync(now, CancellationToken.None);
        await engine.StopAsync();
        meter.EndReading();

        // What was read before a source broke off is still right as far as it goes, and the exit code says that it is not all.
        return Publish(engine, counts, now, meter) is { } report ? RejectedNote.Conclude(exit, report, sources) : ExitCode.Unavailable;
    }

    /// <summary>Reads the sources one after the other and leaves a last checkpoint; not whole when figures would say nothing.</summary>
    private async Task<(int Exit, bool IsWhole)> ReadAllAsync(StartedState started, List<Intake> intakes, CheckpointService? service, CancellationToken cancel)
    {
        var gates = sources.Select((source, index) => service?.Over(source, intakes[index], started.PlacesOf(index))).ToList();
        await (service?.PrepareAsync() ?? Task.CompletedTask);
        var exit = ExitCode.Ok;
        var last = SourceEnd.Finished;
        for (var index = 0; index < sources.Count && last.Kind is SourceEndKind.Finished or SourceEndKind.Damaged; index++)
        {
            var start = new SourceStart(started.PlacesOf(index), options.State?.AcceptGap ?? true) { Say = Terminal.Say };
            last = await ReadAsync(sources[index], start, started.Engine, intakes[index], gates[index], cancel);
            exit = Math.Max(exit, SourceOpening.ExitCodeOf(last));
        }

        if (service is not null)
        {
            // A run that could read nothing leaves no state of nothing.
            var hasBegun = last.Kind is SourceEndKind.Finished or SourceEndKind.Damaged || intakes.Exists(static intake => intake.Counts.Events > 0);
            await service.FinishAsync(last.Kind != SourceEndKind.Gap && hasBegun);
            SayWritten(service.Counts);
        }

        return last.Kind is SourceEndKind.Finished or SourceEndKind.Damaged ? (exit, true) : (SourceOpening.ExitCodeOf(last.Kind), false);
    }

    private async Task<SourceEnd> ReadAsync(
        IRecordSource source, SourceStart start, StreamEngine engine, Intake intake, CheckpointSink? gate, CancellationToken cancel)
    {
        // A paced run waits by each event, and has no need of more threads.
        using var spread = options is { Speed: null, Decoders: > 0 } ? engine.Spread(intake, options.Decoders) : null;
        using var progress = new ProgressLine(() => ProgressOf(intake.Counts, source.Progress));
        var sink = options.Speed is { } factor ? new PacedSink(intake, factor, TimeProvider.System, cancel) : spread ?? (IRecordSink)intake;
        if (gate is not null)
        {
            gate.Inner = sink;
        }

        var end = await source.RunAsync(gate ?? sink, start, cancel);
        sink.Flush();
        if (gate is not null)
        {
            gate.Inner = intake;
        }

        return end;
    }

    private static string ProgressOf(IntakeCounts counts, (long Read, long Total) bytes)
    {
        var share = bytes.Total > 0 ? $"{100.0 * bytes.Read / bytes.Total:0} %, " : "";
        return $"{share}{counts.Events:N0} events, {counts.Rejected:N0} rejected";
    }

    private static void SayWritten(CheckpointCounts counts)
    {
        if (counts.Written > 0)
        {
            Terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Written} checkpoints written, the last of {counts.Cases:N0} cases and {counts.Bytes / 1e6:0.0} MB in "
                    + $"{counts.LastWrite.TotalMilliseconds:0} ms; pauses under {counts.PauseOf(0.999).TotalMilliseconds:0.0} ms (99.9 %), "
                    + $"{counts.LongestPause.TotalMilliseconds:0.0} ms (all)."));
        }
    }

    private static long? NowOf(CheckpointHead head) => head.Sources.Max(source => source.Intake.Now) is > long.MinValue and var now ? now : null;

    private EngineOptions Options() => new()
    {
        Rulebook = plan.Rulebook,
        Directory = plan.Units,
        PseudonymKey = plan.PseudonymKey,
        Profiles = plan.Profiles,
        Limits = options.Limits,
        Shards = options.Shards,
        Sliding = [.. plan.Periods.Where(period => period.Kind == PeriodKind.Sliding)],
        NowFollowsEvents = plan.AsOf is null,
        WallClock = static () => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    /// <summary>
    /// Of a recording the latest arrival, of a file the greatest <c>at</c> accepted, of both the greater; the wall clock when there is
    /// none. A topic is counted like a file of the same records: its timestamps say when somebody copied them there, which is not what the figures are about.
    /// </summary>
    private long NowOf(IntakeTotals counts) =>
        plan.AsOf ?? (counts.Accepted > 0 ? counts.Now : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Null when the results cannot be written.</summary>
    private RunReport? Publish(StreamEngine engine, IntakeTotals counts, long now, RunMeter meter)
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
            Tombstones = sources.Select(static source => source.Skipped).FirstOrDefault(static count => count is not null),
            Cases = engine.States.Sum(state => state.Cases.Count),
            Now = now,
            Fingerprint = fingerprint,
        };
        var export = new FigureExport(engine.Rules, engine.Options.Codes.Units, plan.Units, now, plan.RollUp);
        var ledgers = engine.States.Select(state => state.Ledger).ToList();
        return RunOutput.Write(plan, () => meter.Report(outcome), writer => FigureCsv.WriteInOrder(writer, export.Rows(ledgers, plan.Periods)));
    }
}
