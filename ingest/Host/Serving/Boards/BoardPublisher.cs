using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// On a cadence: moves the engine's now to the wall clock, reads all shards, judges the alerts and publishes a frame.
/// The only writer of the board and of the alerts' state.
/// </summary>
internal sealed class BoardPublisher(
    BoardPlan plan, StreamEngine engine, LivenessSink watch, Func<SourceHealth> health, IReadOnlyList<AlertRule> rules, AlertService service, LiveBoards boards,
    TimeProvider time, Action<string> warn, SelfCheckService? checks = null, BoardRegistry? registry = null,
    BarrierSink? cuts = null) : BackgroundService
{
    /// <summary>Four frames a second: a change is on the screen well within the second that a reader would call "at once".</summary>
    private static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a frame waits for a place between two batches: longer than any source rests, and a reader still sees it move.</summary>
    private static readonly TimeSpan CutPatience = TimeSpan.FromSeconds(1);

    /// <summary>After so long without such a place the source has more to give than is read, and business alerts are said to be missing.</summary>
    private static readonly TimeSpan UnjudgedFor = TimeSpan.FromSeconds(5);

    private readonly ClockWatch clocks = new(watch.Intake, warn);
    private readonly ClockJump jumps = new(time);
    private HistoryReader? pasts;
    private readonly SourceWatch sources = new(watch, plan.Silence, time, warn);
    private IReadOnlyList<Period> periods = [];
    private long frames;
    private (long Second, long Events) published;
    private volatile EngineReading? latest;
    private long? judgedAt;

    private HistoryReader Pasts => pasts ??= Calendars is { } followed ? new HistoryReader(plan, followed) : new HistoryReader(plan, plan.Calendars);

    /// <summary>What the newest frame was made of; null before the first. Any thread may read.</summary>
    public EngineReading? Latest => latest;

    /// <summary>Looks whether the rules have changed, before each frame.</summary>
    public Action LookAgain { get; init; } = static () => { };

    /// <summary>The working days of units, where they may change while the server runs; null for those of the plan.</summary>
    public Func<UnitCalendars>? Calendars { get; init; }

    /// <summary>By which rules and calendars alerts are judged, and what is to be said of them at an instant.</summary>
    public Func<long, AlertBasis> Basis { get; init; } = static _ => AlertBasis.Unsaid;

    /// <summary>What ends the alerts of rules that are gone.</summary>
    public Func<IReadOnlyList<AlertReading>> Retired { get; init; } = static () => [];

    /// <summary>Told of every frame, on the publisher's flow.</summary>
    public Action<FrameTimes> Published { get; init; } = static _ => { };

    /// <summary>Publishes until told to stop. Fails only when the engine has.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            do
            {
                await PublishAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Publishes when something came in or a second has passed: the clock, the alerts and the gauges go on without events.</summary>
    internal async Task PublishAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = (LocalTime.SecondOf(now), watch.Intake.Counts.Events);
        if (due == published)
        {
            return;
        }

        published = due;
        var heard = sources.Read(now); // first: a frame that takes long says of its sources what held at its now
        var isCaughtUp = heard.Stream is not null; // what is read later has all of the past only if it was read before
        var said = health();
        var state = LiveState.Of(said, heard, plan.Silence, now);
        var begun = time.GetTimestamp();
        LookAgain();
        var taken = watch.Latencies.Begin();
        var counts = watch.Intake.Counts;
        var reached = counts.DataTime;
        var isBehind = watch.Backlog.IsRead;
        var (reading, isWhole) = await ReadAsync(now, isCaughtUp, stop);
        var read = time.GetTimestamp();
        watch.Latencies.Record(LatencyStage.Applied, taken);
        (latest, now) = (reading, reading.Now);
        long? dataTime = reading.GreatestAt is { } folded && reached > long.MinValue ? Math.Min(now, Math.Min(reached, folded)) : null;
        var lags = counts.Lags;
        var today = counts.On(LocalTime.DayOf(now));
        watch.Sources = heard;
        watch.Backlog.Follow(isLost: state.Phase == LiveState.Lost);
        var hasData = !state.IsStale && isCaughtUp && dataTime is not null;
        var mayJudge = hasData && isWhole && !isBehind && !watch.Backlog.IsRead;
        var histories = mayJudge ? await Pasts.ReadAsync(engine, rules, now, reading.Days, stop) : UnitHistories.None;
        var ofSources = SourceAlerts.Of(rules, watch, heard, said, state, plan, reading.StatedKeys, reading.Days, now);
        var alerts = Judge([.. ofSources, .. AlertReadings.Of(plan, rules, reading.Of, mayJudge, now, reading.Days, histories)], isWhole, now);
        var basis = Basis(now);
        var trust = new BoardTrust(
            $"{plan.Rules.Rulebook.Id} {plan.Rules.Rulebook.Version}", plan.Directory.Version, due.Events,
            today.Rejected.Sum(row => row.Count), today.Late, reading.Duplicates,
            lags.Sum(lag => lag.Remaining), [.. lags.Select(lag => new BoardLag($"{watch.Intake.Source}/{lag.Partition}", lag.Remaining))],
            RejectedReasons.MostFrequent(today.Rejected),
            checks?.ForBoard(),
            [.. basis.Notes, .. clocks.Notes(reading.SetBack, now)],
            heard.ForBoard(now))
        {
            Latency = watch.Latencies.ForBoard(),
            AlertRules = basis.Rules,
            Calendar = basis.Calendar,
        };
        boards.Publish(++frames, board => new BoardMoment(
            now, dataTime, state.IsStale, isCaughtUp, state.Text, reading.Of(board.Period)!, reading.Of(plan.LowVolume.Period)!, reading.Gauges,
            LiveBoards.AlertsOn(board, alerts), trust, state.Phase)
        {
            FoldedCodes = engine.ShownUnits.Folded,
            Days = reading.Days,
            StatedKeys = reading.StatedKeys,
            ProceduresPaid = board.Period.Name != plan.Period.Name ? null : ProcedureSums.Count(
                reading.Procedures!.Of(province => plan.Directory.IsAtOrBelow(engine.Options.Codes.Units.Text(province), board.Top.Code))),
            Spans = [.. plan.Spans.Select(period => (period, reading.Of(period)!))],
        });
        watch.Latencies.Publish(frames, taken);
        Published(new FrameTimes(frames, boards.Main.ChangedId, begun, read, time.GetTimestamp()));
    }

    /// <summary>
    /// Reads where the source has run dry, so that every batch is wholly in or wholly out: in the middle of one, alerts would fire and resolve that nobody's
    /// data ever justified. A frame does not wait for it for ever, and its alerts then stay as they were.
    /// </summary>
    private async Task<(EngineReading Reading, bool IsWhole)> ReadAsync(long now, bool isCaughtUp, CancellationToken stop)
    {
        var isWhole = true;
        IReadOnlyList<Period> asked = [plan.Period, plan.LowVolume.Period, .. plan.Spans, .. rules.Select(rule => rule.Period)];
        var before = asked.SequenceEqual(periods) ? latest : null;
        periods = asked;
        var waits = isCaughtUp && cuts is not null;
        var reading = await EngineReading.TakeAsync(engine, periods, now, anchor: null, stop, before: before, place: !waits ? null : async ask =>
        {
            var parts = await cuts!.TakeWholeAsync(ask, CutPatience, stop);
            isWhole = parts is not null;
            return parts ?? await ask();
        });
        return (reading, isWhole);
    }

    private IReadOnlyList<BoardAlert> Judge(List<AlertReading> readings, bool isWhole, long now)
    {
        if (jumps.HasJumped())
        {
            service.Interrupt();
        }

        if (!isWhole && judgedAt is { } last && time.GetElapsedTime(last) < UnjudgedFor)
        {
            return service.Current;
        }

        judgedAt = time.GetTimestamp();
        var beside = checks?.Readings.Concat(registry?.Readings() ?? []) ?? registry?.Readings() ?? [];
        return service.Evaluate([.. beside, .. Retired(), .. readings], now);
    }
}
