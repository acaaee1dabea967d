using System.Diagnostics;
using KpiStream.Engine.Codecs.Decoders;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>Rules tried on a stream of the past: source → ticks → the real engine on a stepped shard → the real alert engine.</summary>
internal sealed class BacktestRun(BacktestPlan plan)
{
    private readonly ReplayClock clock = new();
    private readonly List<Func<bool>> steps = [];

    /// <summary>Reads the sources and judges; the result is null when the exit code is not that of results.</summary>
    public async Task<(int Exit, BacktestResult? Result)> RunAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        if (SourceOpening.Open(plan.Count, DecodeLimits.Default.MaxRecordBytes) is not { } sources)
        {
            return (ExitCode.Usage, null);
        }

        if (sources.Select(static source => source.Form).Distinct().Count() > 1)
        {
            Terminal.Say("Recordings and other files cannot be tried together, for only recordings know when events arrived: convert the others first.");
            return (ExitCode.Usage, null);
        }

        var engine = new StreamEngine(Options());
        try
        {
            return await RunAsync(engine, sources, began, stop);
        }
        finally
        {
            await Stepping.StopAsync(steps, engine);
        }
    }

    private async Task<(int Exit, BacktestResult? Result)> RunAsync(
        StreamEngine engine, IReadOnlyList<IRecordSource> sources, long began, CancellationToken stop)
    {
        var intake = engine.OpenIntake(sources[0].Name, deadLetters: null, sources[0].Form);
        var board = PastEngine.Board(engine, plan.Silence);
        var trials = plan.Rules.Select(set => new RuleTrial(set, plan.Count.Units)).ToList();
        var world = new TrialWorld(engine, steps, intake, board, trials, clock);
        var walk = new TickWalk(world, clock) { From = plan.From, To = plan.To, Every = plan.Every, IsThorough = plan.IsThorough };
        var (exit, isWhole) = await ReadAsync(sources, intake, new TickSink(intake, world.Watch, DecoderOf(engine, intake.Form), walk), stop);
        if (!isWhole)
        {
            return (exit, null);
        }

        walk.Finish();
        return (exit, new BacktestResult(walk.Began ?? plan.From ?? 0, clock.Now, trials)
        {
            Counts = intake.Counts,
            Sources = sources,
            Ticks = (walk.Passed, walk.Judged),
            Took = Stopwatch.GetElapsedTime(began),
        });
    }

    private static async Task<(int Exit, bool IsWhole)> ReadAsync(IReadOnlyList<IRecordSource> sources, Intake intake, TickSink sink, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        sink.Over = over.Cancel;
        using var progress = new ProgressLine(() => $"{intake.Counts.Events:N0} events");
        var exit = ExitCode.Ok;
        foreach (var source in sources)
        {
            var end = await source.RunAsync(sink, over.Token);
            if (sink.IsOver)
            {
                return (exit, true);
            }

            exit = Math.Max(exit, SourceOpening.ExitCodeOf(end));
            if (end.Kind is not (SourceEndKind.Finished or SourceEndKind.Damaged))
            {
                return (SourceOpening.ExitCodeOf(end.Kind), false);
            }
        }

        return (exit, true);
    }

    private EngineOptions Options() =>
        PastEngine.Options(
            plan.Count.Rulebook, plan.Count.Units, plan.Count.Catalogue, plan.Rules.SelectMany(static set => set.Rules), clock, steps) with
        {
            PseudonymKey = plan.Count.PseudonymKey,
            Profiles = plan.Count.Profiles,
        };

    private static IEventDecoder DecoderOf(StreamEngine engine, RecordForm form) => form == RecordForm.Recorded
        ? new RecordedEventDecoder(engine.Options.Codes, engine.Options.Limits)
        : new EventDecoder(engine.Options.Codes, engine.Options.PseudonymKey, engine.Options.Limits, engine.Options.Profiles);
}
