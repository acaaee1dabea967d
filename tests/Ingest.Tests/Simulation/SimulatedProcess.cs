using KpiStream.Ingest.Host.State;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// One life of the program, put together as <c>serve</c> and <c>replay</c> do it, with the real engine, checkpoints and sources, on a simulated disk, clock and
/// scheduler.
/// </summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly SimulatedWorld world;
    private readonly LifePlan plan;
    private readonly ISimulatedWay way;
    private readonly List<string> said = [];
    private readonly CancellationTokenSource stop = new();
    private readonly int firstOperation;
    private CheckpointService? service;
    private long seenWritten;
    private long now;
    private bool isStopped;

    public SimulatedProcess(SimulatedWorld world, LifePlan plan, ISimulatedWay way)
    {
        (this.world, this.plan, this.way) = (world, plan, way);
        firstOperation = world.Disk.Operations;
        Scheduler = new SimulatedScheduler(world.Random, world.Clock, world.Trace);
        Options = new EngineOptions
        {
            Rulebook = plan.Rulebook,
            Directory = plan.Directory,
            Limits = SimulatedSettings.Limits,
            Shards = plan.Shards,
            QueuedBatches = plan.QueuedBatches,
            Sliding = [.. SimulatedSettings.Periods.Where(period => period.Kind == PeriodKind.Sliding)],
            NowFollowsEvents = !plan.IsLive,
            Stepped = Scheduler.Add,
        };
    }

    public SimulatedScheduler Scheduler { get; }

    public EngineOptions Options { get; }

    public LifePlan Plan => plan;

    public CancellationToken Stop => stop.Token;

    /// <summary>Records judged so far.</summary>
    public IntakeCounts? Counts { get; private set; }

    /// <summary>Runs it to its end; null when it did not end in order, or could not begin.</summary>
    public EngineRun? Live()
    {
        world.Disk.CrashAt = plan.CrashAfterOperations is { } after ? firstOperation + after : int.MaxValue;
        world.Disk.CrashShare = plan.CrashShare;
        world.Disk.Meanwhile = Scheduler.Meanwhile;
        var life = Scheduler.Begin(LiveAsync);
        Scheduler.Run(life, IsOver);
        return world.Disk.IsDown ? null : life.GetAwaiter().GetResult();
    }

    public void Say(string line)
    {
        // How long it took is nothing a simulation decides.
        var told = line.Split(", counted again in")[0];
        said.Add(told);
        world.Trace.Say(told);
    }

    public void Dispose() => stop.Dispose();

    public void Cancel() => stop.Cancel();

    private bool IsOver()
    {
        if (!world.Disk.IsDown && service is { } counted && counted.Counts.Written > seenWritten)
        {
            seenWritten = counted.Counts.Written;
            world.Watch.Written();
        }

        if (Scheduler.Steps == plan.KillAfterSteps)
        {
            world.Trace.Say($"killed after {Scheduler.Steps} steps");
            world.Disk.Crash();
        }

        if (Scheduler.Steps >= plan.StopAfterSteps && !isStopped)
        {
            isStopped = true;
            Cancel();
        }

        return world.Disk.IsDown;
    }

    private async Task<EngineRun?> LiveAsync()
    {
        try
        {
            var source = way.Open(this);
            var faults = world.Disk.Faults;
            world.Disk.FaultEvery = plan.FaultEvery;
            var store = new CheckpointStore(new SimulatedStateFiles(world.State));
            var start = new CheckpointLoader(store, Options, [source.StateName], NowOf, Say) { FindGap = new GapFinder([source]).FindAsync };
            var started = await start.OpenAsync();
            Assert.True(started is not null, "the state was refused");
            world.Watch.MustBeFoundBy(string.Join('\n', said), isDiskGood: faults == world.Disk.Faults);
            return await RunAsync(source, store, started);
        }
        catch (IOException error)
        {
            Say($"could not begin: {error.Message}");
            return null;
        }
    }

    private async Task<EngineRun?> RunAsync(IRecordSource source, CheckpointStore store, StartedState started)
    {
        var engine = started.Engine;
        var intake = engine.OpenIntake(source.Name, null, source.Form);
        started.Restore(intake, 0);
        Counts = intake.Counts;
        service = new CheckpointService(engine, store, plan.CheckpointEvery, world.Clock, Say) { Scheduler = Scheduler, NewId = world.NextId };
        var gate = service.Over(source, intake, started.PlacesOf(0));
        await service.PrepareAsync();
        var others = (List<Task>)[way.FeedAsync(this), plan.IsLive ? ShowAsync(engine) : Task.CompletedTask];
        world.Clock.Jump(plan.Jump);
        var end = await source.RunAsync(gate, new SourceStart(started.PlacesOf(0), AcceptGap: false) { Say = Say }, Stop);
        world.Trace.Say($"the source ended: {end.Kind} {end.Message}");
        Assert.True(end.Kind is SourceEndKind.Finished or SourceEndKind.Stopped
            || (end.Kind == SourceEndKind.Unavailable && plan.FaultEvery > 0), $"{end.Kind}: {end.Message}");
        gate.Flush();
        await service.FinishAsync();
        Cancel();
        await Task.WhenAll(others);
        await way.CloseAsync();
        now = await engine.MoveToAsync(plan.IsLive || intake.Counts.Accepted == 0 ? Now() : intake.Counts.Now);
        await engine.StopAsync();
        return !plan.IsLast ? null : EngineRun.Of(engine, intake, SimulatedSettings.Periods, now, rollUp: false);
    }

    /// <summary>What <c>serve</c> takes for now is the wall clock, and <c>replay</c> what the checkpoint says.</summary>
    private long? NowOf(CheckpointHead head) =>
        plan.IsLive ? Now() : head.Sources.Max(source => source.Intake.Now) is > long.MinValue and var last ? last : null;

    private long Now() => world.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Moves now as the board does, while somebody sets the clock again and again.</summary>
    private async Task ShowAsync(StreamEngine engine)
    {
        do
        {
            await engine.MoveToAsync(Now());
            if (plan.Jumps > 0 && world.Random.Next(plan.Jumps) == 0)
            {
                world.Clock.Jump(TimeSpan.FromMilliseconds(
                    world.Random.Next(2) == 0 ? world.Random.Next(-5_000, 5_000) : world.Random.Next(-100_000_000, 100_000_000)));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), world.Clock);
        }
        while (!Stop.IsCancellationRequested);
    }
}
