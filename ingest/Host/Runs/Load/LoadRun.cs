using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>One run of one plan: prepare, start the target, send, wait for what was sent, recount, judge.</summary>
/// <param name="access">How Kafka is reached.</param>
internal sealed class LoadRun(LoadPlan plan, UnitDirectory units, KafkaAccess access, TimeProvider time)
{
    /// <summary>From when everything is ready to the first moment planned.</summary>
    private const long LeadNanos = 100_000_000;

    private readonly LoadClock clock = new();

    /// <summary>Told of each second while it runs.</summary>
    public Action<LoadSample> Show { get; init; } = static _ => { };

    /// <summary>Told where the board can be looked at.</summary>
    public Action<Uri> Opened { get; init; } = static _ => { };

    /// <summary>An earlier report to compare the answer with; null for none.</summary>
    public LoadReport? Earlier { get; init; }

    /// <summary>Given the latencies of each second; null for nowhere.</summary>
    public HistogramLog? Log { get; init; }

    /// <summary>The report; null where the run could not begin, which has been said, with the exit code.</summary>
    public async Task<(LoadReport? Report, int ExitCode)> RunAsync(CancellationToken stop)
    {
        var stream = new LoadStream(plan, units, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (await stream.PrepareAsync(stop) is var (message, exit))
        {
            Terminal.Say(message);
            return (null, exit);
        }

        var (made, exitCode) = await SpoolAsync(stream, stop);
        using var spool = made;
        if (exitCode != ExitCode.Ok)
        {
            return (null, exitCode);
        }

        var book = new LatencyBook((long)plan.WarmUp.TotalNanoseconds, Log);
        await using var session = await OpenAsync(book, stop);
        if (session is null)
        {
            return (null, ExitCode.Unavailable);
        }

        Opened(session.Address);
        var report = await RunAsync(stream, spool ?? (ILoadRecords)stream, session, book, stop);
        return (report, report.IsOk ? ExitCode.Ok : ExitCode.CheckFailed);
    }

    /// <summary>What is generated, made beforehand; null for what is read. Where it cannot be held or the run was stopped, that has been said.</summary>
    private async Task<(LoadSpool? Spool, int ExitCode)> SpoolAsync(LoadStream stream, CancellationToken stop)
    {
        try
        {
            return (plan.Generate is null ? null : await LoadSpool.OfAsync(stream, Path.GetTempPath(), stop), ExitCode.Ok);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"What is generated cannot be held until it is sent: {problem.Message}. It takes some 650 bytes an event in "
                + $"{Path.GetTempPath()}; TMPDIR names another folder.");
            return (null, ExitCode.Unavailable);
        }
        catch (OperationCanceledException)
        {
            Terminal.Say("stopped.");
            return (null, ExitCode.CheckFailed);
        }
    }

    private Task<LoadSession?> OpenAsync(LatencyBook book, CancellationToken stop) => plan.Target switch
    {
        LoadTargets.Engine => Of(EngineSession.OpenAsync(plan, units, book, clock, stop)),
        _ when LoadTargets.IsKafka(plan.Target) => Of(EngineSession.OpenTopicAsync(plan, access, units, book, clock, stop)),
        _ => Of(PostedSession.OpenAsync(plan, book, clock, stop)),
    };

    private static async Task<LoadSession?> Of<T>(Task<T?> opening)
        where T : LoadSession => await opening;

    private async Task<LoadReport> RunAsync(
        LoadStream stream, ILoadRecords records, LoadSession session, LatencyBook book, CancellationToken stop)
    {
        var stall = plan.Stall is { } planned ? new StallingTarget(session.Target, planned, clock) : null;
        var queue = new LoadQueue();
        var sender = new LoadSender(queue, stall ?? session.Target, clock, plan.Pace.IsOpenLoop)
        {
            NoteLag = (due, nanos) => book.Record(LoadMeasure.Lag, due, nanos),
            JudgedFrom = (long)plan.WarmUp.TotalNanoseconds,
        };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var preparing = PrepareAsync(records, queue, over.Token);
        await Task.WhenAny(queue.Ready, preparing);
        GC.Collect();
        clock.Start(time, LeadNanos);
        book.Begin(clock.StartMillis);
        using var sampling = new CancellationTokenSource();
        var sampler = new LoadSampler(sender, session.Progress, book, clock, time) { Show = Show };
        var sampled = sampler.RunAsync(sampling.Token);
        var isWhole = await Task.Factory.StartNew(
            () => sender.Run(over.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await over.CancelAsync(); // A target that takes no more ends the preparing too.
        var end = await preparing;
        var missing = stop.IsCancellationRequested ? 0 : await session.FinishAsync(sender.Sent, stop).ConfigureAwait(false);
        var seconds = Math.Max(clock.Now, 1) / 1e9;
        await sampling.CancelAsync();
        await sampled;
        var failure = session.Failure;
        using var recount = new LoadRecount(stream, records, sender.Sent, clock.StartMillis, Shipped.Rulebook().ExportingAll(), units);
        var answer = await session.CheckAsync(recount, CancellationToken.None);
        var outcome = new LoadOutcome(plan, stream, sender, session.Progress, book, stall?.Stood)
        {
            Samples = sampler.Samples,
            Answer = answer,
            StreamHash = recount.StreamHash,
            Missing = missing,
            Failure = failure.Length > 0 ? failure : isWhole && end.Kind != SourceEndKind.Finished ? end.Message : "",
            IsStopped = stop.IsCancellationRequested,
            Seconds = seconds,
            StartMillis = clock.StartMillis,
            Earlier = Earlier,
        };
        return outcome.Report();
    }

    private static async Task<SourceEnd> PrepareAsync(ILoadRecords records, LoadQueue queue, CancellationToken stop)
    {
        try
        {
            return await Task.Run(() => records.RunAsync(queue, stop), CancellationToken.None);
        }
        finally
        {
            queue.Complete(stop);
        }
    }
}
