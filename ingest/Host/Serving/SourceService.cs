using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;
using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Host.Serving;

/// <summary>
/// Reads a live source to its end: source → checkpoints → barrier → liveness → intake. Told to stop, it leaves a checkpoint of what came in.
/// </summary>
internal sealed class SourceService : BackgroundService
{
    private readonly LiveSource live;
    private readonly StartedState started;
    private readonly CheckpointService? checkpoints;
    private readonly bool acceptGap;
    private readonly Action<string> warn;
    private readonly TimeProvider time;

    /// <param name="started">The engine, and where the source continues.</param>
    /// <param name="letters">Told of rejected records.</param>
    /// <param name="checkpoints">Makes checkpoints; null for none.</param>
    /// <param name="acceptGap">True to go on where the source continues when what comes next is gone.</param>
    /// <param name="warn">Told of a gap that is accepted.</param>
    public SourceService(
        LiveSource live, StartedState started, IDeadLetterSink letters, CheckpointService? checkpoints, bool acceptGap, Action<string> warn, TimeProvider time)
    {
        (this.live, this.started, this.checkpoints, this.acceptGap, this.warn, this.time) = (live, started, checkpoints, acceptGap, warn, time);
        Intake = started.Engine.OpenIntake(live.Source.Name, letters, live.Source.Form);
        Watch = new LivenessSink(Intake, live.Partitions, time) { Silence = live.Silence, Health = live.Health };
        started.Restore(Intake, 0);

        // What was not read when a checkpoint was made comes in after it.
        Intake.IsLive = started.Head is { } head && LocalTime.DayOf(head.MadeAt) == LocalTime.DayOf(time.GetUtcNow().ToUnixTimeMilliseconds());
        Watch.Arrivals.Restore(Intake.Counts.LatestArrival);
        Cuts = new BarrierSink(Watch, started.Engine, Bounds(), time);
    }

    public Intake Intake { get; }

    public LivenessSink Watch { get; }

    /// <summary>Where the stream can be cut.</summary>
    public BarrierSink Cuts { get; }

    /// <summary>How the source ended; null before it has.</summary>
    public SourceEnd? End { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Nothing is queued yet, so this takes no time; told to stop right now, the run still ends in order and with 0.
        await started.Engine.MoveToAsync(time.GetUtcNow().ToUnixTimeMilliseconds(), CancellationToken.None);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (checkpoints is null)
        {
            End = await live.Source.RunAsync(Cuts, stoppingToken);
            return;
        }

        var gate = checkpoints.Over(live.Source, Intake, started.PlacesOf(0));
        gate.Inner = Cuts;
        await checkpoints.PrepareAsync();
        var end = await live.Source.RunAsync(gate, new SourceStart(started.PlacesOf(0), acceptGap) { Say = warn }, stoppingToken);
        gate.Flush();
        await checkpoints.FinishAsync(end.Kind != SourceEndKind.Gap);
        End = end;
    }

    /// <summary>What went into the checkpoint that is gone on from: the log's beginning, for a checkpoint does not say where its log began.</summary>
    private StreamBounds Bounds()
    {
        var bounds = new StreamBounds();
        if (live.Recount is { } counted && started.Head is { } head)
        {
            foreach (var place in started.PlacesOf(0).Parts)
            {
                var (part, last) = counted.IsGapless ? (0, head.Sources[0].Intake.ToState().LastOffset) : (place.Part, place.Next - 1);
                bounds.AddBefore(part, counted.FirstPosition, last);
            }
        }

        return bounds;
    }
}
