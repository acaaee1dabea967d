using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Serving.Alerts;
using KpiStream.Ingest.Host.Serving.Liveness;
using KpiStream.Ingest.Host.Serving.SelfChecks;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// On a cadence: moves the engine's now to the wall clock, reads all shards and publishes a frame; every ten seconds it then judges the alerts by what that
/// frame was made of, and publishes what they say, where that is anything new. The only writer of the board and of the alerts' state.
/// </summary>
internal sealed class BoardPublisher(
    BoardPlan plan, StreamEngine engine, LivenessSink watch, Func<SourceHealth> health, IReadOnlyList<AlertRule> rules, AlertService service, LiveBoards boards,
    TimeProvider time, Action<string> warn, SelfCheckService? checks = null, BoardRegistry? registry = null,
    BarrierSink? cuts = null) : BackgroundService
{
    /// <summary>Four frames a second: a change is on the screen well within the second that a reader would call "at once".</summary>
    public static readonly TimeSpan Cadence = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a frame waits for a place between two batches: longer than any source rests, and a reader still sees it move.</summary>
    private static readonly TimeSpan CutPatience = TimeSpan.FromSeconds(1);

    /// <summary>A tick waits for such a place so long: then the source has more to give than is read, and business alerts are said to be missing.</summary>
    private static readonly TimeSpan UnjudgedFor = TimeSpan.FromSeconds(5);

    private readonly ClockWatch clocks = new(watch.Intake, warn);
    private readonly ClockJump jumps = new(time);
    private readonly FramePauses pauses = new();
    private HistoryReader? pasts;
    private readonly SourceWatch sources = new(watch, plan.Silence, time, warn);
    private IReadOnlyList<Period> periods = [];
    private long frames;
    private (long Second, long Events) published;
    private volatile EngineReading? latest;
    private long? judged;
    private long? waitingSince;
    private IReadOnlyDictionary<int, long> readUpTo = new Dictionary<int, long>();

    private HistoryReader Pasts => pasts ??= Calendars is { } followed ? new HistoryReader(plan, followed) : new HistoryReader(plan, plan.Calendars);

    /// <summary>What the newest frame was made of; null before the first. Any thread may read.</summary>
    public EngineReading? Latest => latest;

    /// <summary>Looks whether the rules have changed, before each frame.</summary>
    public Action LookAgain { get; init; } = static () => { };

    /// <summary>The working days of units, where they may change while the server runs; null for those of the plan.</summary>
    public Func<UnitCalendars>? Calendars { get; init; }

    /// <summary>By which rules and calendars alerts are judged, and what is to be said of them at an instant.</summary>
    public Func<long, AlertBasis> Basis { get; init; } = static _ => AlertBasis.Unsaid;

    /// <summary>The time between two ticks of the alerts.</summary>
    public long Every { get; init; } = AlertTicks.EveryMillis;

    /// <summary>The hash of the rules in force, and the rulebook, units and calendars in force.</summary>
    public Func<(string Rules, string Basis)> Editions { get; init; } = static () => ("", "");

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
            Task<bool> next;
            do
            {
                await PublishAsync(stoppingToken);
                next = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                if (pauses.IsDue() && await Task.WhenAny(next, Task.Delay(FramePauses.After, time, stoppingToken)) != next)
                {
                    pauses.Use();
                }
            }
            while (await next);
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
        var source = HearSource(now);
        var begun = time.GetTimestamp();
        LookAgain();
        var taken = watch.Latencies.Begin();
        var reached = watch.Intake.Counts.DataTime;
        var isBehind = watch.Backlog.IsRead;
        var hasCome = AlertTicks.AtOrBefore(now, Every) != judged;
        var (reading, isWhole, pasts) = await ReadAsync(now, source.IsCaughtUp, hasCome && !source.State.IsStale, stop);
        var read = time.GetTimestamp();
        watch.Latencies.Record(LatencyStage.Applied, taken);
        latest = reading;
        watch.Sources = source.Heard;
        watch.Backlog.Follow(isLost: source.State.Phase == LiveState.Lost);
        var isSettled = isWhole && !isBehind && !watch.Backlog.IsRead;
        var trust = TrustAt(reading.Now, due.Events, watch.Intake.Counts, reading, source.Heard);
        var alerts = Show(reading, reached, source, trust);
        watch.Latencies.Publish(frames, taken);
        Published(new FrameTimes(frames, boards.Main.ChangedId, begun, read, time.GetTimestamp()));

        LookForJump();
        if (hasCome && HasCome(isWhole))
        {
            Judge(reading, pasts is null ? null : await pasts, source, isSettled && reading.HasData(source.Heard, source.State, reached));
            if (!service.Current.SequenceEqual(alerts))
            {
                Show(reading, reached, source, trust);
            }
        }
    }

    /// <summary>Before the shards are read: a frame that takes long says of its sources what held at its now.</summary>
    private Source HearSource(long now)
    {
        var heard = sources.Read(now);
        var said = health();
        return new Source(heard, said, LiveState.Of(said, heard, plan.Silence, now));
    }

    /// <summary>Publishes a frame of what was read, with the alerts at present, which it returns.</summary>
    private IReadOnlyList<BoardAlert> Show(EngineReading reading, long reached, Source source, BoardTrust trust)
    {
        var (dataTime, alerts) = (reading.DataTime(reached), service.Current);
        boards.Publish(++frames, board => new BoardMoment(
            reading.Now, dataTime, source.State.IsStale, source.IsCaughtUp, source.State.Text, reading.Of(board.Period)!, reading.Of(plan.LowVolume.Period)!,
            reading.Gauges, LiveBoards.AlertsOn(board, alerts), trust, source.State.Phase)
        {
            FoldedCodes = engine.ShownUnits.Folded,
            Days = reading.Days,
            StatedKeys = reading.StatedKeys,
            ProceduresPaid = board.Period.Name != plan.Period.Name ? null : ProcedureSums.Count(
                reading.Procedures!.Of(province => plan.Directory.IsAtOrBelow(engine.Options.Codes.Units.Text(province), board.Top.Code))),
            Spans = [.. plan.Spans.Select(period => (period, reading.Of(period)!))],
        });
        return alerts;
    }

    private BoardTrust TrustAt(long now, long events, IntakeCounts counts, EngineReading reading, SourcesReading heard)
    {
        var lags = counts.Lags;
        var today = counts.On(LocalTime.DayOf(now));
        var basis = Basis(now);
        return new BoardTrust(
            $"{plan.Rules.Rulebook.Id} {plan.Rules.Rulebook.Version}", plan.Directory.Version, events,
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
    }

    /// <summary>
    /// Reads where the source has run dry, so that every batch is wholly in or wholly out: in the middle of one, alerts would fire and resolve that nobody's
    /// data ever justified. A frame does not wait for it for ever, and its alerts then stay as they were.
    /// </summary>
    private async Task<(EngineReading Reading, bool IsWhole, Task<PastsAnswer>? Pasts)> ReadAsync(
        long now, bool isCaughtUp, bool isToJudge, CancellationToken stop)
    {
        var isWhole = true;
        IReadOnlyList<Period> wanted = [plan.Period, plan.LowVolume.Period, .. plan.Spans, .. rules.Select(rule => rule.Period)];
        var before = wanted.SequenceEqual(periods) ? latest : null;
        periods = wanted;
        Task<PastsAnswer>? pastsOf = null;
        Task<ShardReading[]> AskAsync(long moved, Func<Task<ShardReading[]>> ask)
        {
            var parts = ask();
            if (isToJudge && isCaughtUp)
            {
                // At the same place in the stream, behind what the frame waits for.
                (readUpTo, pastsOf) = (cuts?.ReadUpTo() ?? readUpTo, Pasts.Ask(engine, rules, moved, stop));
            }

            return parts;
        }

        var reading = await EngineReading.TakeAsync(engine, periods, now, anchor: null, stop, before: before, place: async (moved, ask) =>
        {
            if (!isCaughtUp || cuts is null)
            {
                return await AskAsync(moved, ask);
            }

            var parts = await cuts.TakeWholeAsync(() => AskAsync(moved, ask), CutPatience, stop);
            isWhole = parts is not null;
            return parts ?? await ask();
        });
        return (reading, isWhole, pastsOf);
    }

    private void LookForJump()
    {
        if (jumps.HasJumped())
        {
            service.Interrupt();
        }
    }

    /// <summary>Whether a tick is judged now: at a whole batch, and without one only after some patience.</summary>
    private bool HasCome(bool isWhole)
    {
        waitingSince ??= time.GetTimestamp();
        if (!isWhole && time.GetElapsedTime(waitingSince.Value) < UnjudgedFor)
        {
            return false;
        }

        waitingSince = null;
        return true;
    }

    /// <summary>Judges as of the whole second: windows move by seconds, and a replay is to find the same.</summary>
    private void Judge(EngineReading reading, PastsAnswer? asked, Source source, bool mayJudge)
    {
        var at = LocalTime.SecondOf(reading.Now) * LocalTime.MillisPerSecond;
        judged = AlertTicks.AtOrBefore(at, Every);
        var pastsThen = asked is null ? UnitHistories.None : Pasts.Take(asked, engine, at, reading.Days);
        var ofUnits = AlertReadings.Of(plan, rules, reading.Of, mayJudge, at, reading.Days, mayJudge ? pastsThen : UnitHistories.None);
        var beside = checks?.Readings.Concat(registry?.Readings() ?? []) ?? registry?.Readings() ?? [];
        var (edition, basis) = Editions();
        var fed = new FedUnits(reading.CountStated, plan.Directory, LocalTime.DayOf(at));
        var ofSources = SourceAlerts.Of(
            rules, watch, source.Heard, source.Said, source.State, plan, fed, reading.StatedKeys, reading.Days, at);
        service.Evaluate([.. beside, .. Retired(), .. ofSources, .. ofUnits], at, new AlertTick(at)
        {
            Judged = mayJudge,
            Rules = edition,
            Basis = basis,
            Past = Pasts.ReadAt,
            Read = readUpTo,
        }, fed);
    }

    /// <summary>What the source was heard to do before a frame was read, and what follows of it.</summary>
    private sealed record Source(SourcesReading Heard, SourceHealth Said, LiveState State)
    {
        /// <summary>What is read later has all of the past only if it was read before.</summary>
        public bool IsCaughtUp => Heard.Stream is not null;
    }
}
