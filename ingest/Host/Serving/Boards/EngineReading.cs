using KpiStream.Ingest.Host.Serving.Liveness;

namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>What all shards together knew at one now: sums of some periods, gauges, counts. Immutable.</summary>
internal sealed class EngineReading
{
    private readonly Dictionary<string, UnitTotals> totals = [];
    private readonly ShardReading[] shards;

    private EngineReading(StreamEngine engine, long now, ShardReadingPlan plan, ShardReading[] shards, EngineReading? before)
    {
        (Now, this.shards) = (now, shards);
        GreatestAt = shards.Max(static shard => shard.GreatestAt) is > 0 and var greatest ? greatest : null;
        SetBack = shards.MaxBy(static shard => shard.SetBack.Times)!.SetBack;
        UnitTotals Totals(Func<ShardReading, IReadOnlyDictionary<int, int[]>> rows) =>
            new(shards.SelectMany(rows), engine.Options.Codes.Units.Text, engine.Options.Directory);

        UnitTotals Moved(UnitTotals known, Func<ShardReading, IReadOnlyDictionary<int, int[]>> rows) =>
            new(known, before!.shards.Zip(shards).Select(pair => (rows(pair.First), rows(pair.Second))), engine.Options.Codes.Units.Text,
                engine.Options.Directory);

        var isLater = before is not null && shards.Zip(before.shards).All(static pair => pair.First.IsAfter(pair.Second));
        Gauges = IsSame(before, static shard => shard.Gauges) ? before!.Gauges
            : isLater ? Moved(before!.Gauges, static shard => shard.Gauges) : Totals(static shard => shard.Gauges);
        Procedures = shards[0].Procedures;
        foreach (var shard in shards)
        {
            StatedKeys |= shard.Stream.Events == shard.Events ? shard.Stream.Keys : uint.MaxValue;
            Days.Add(shard.Stream.Days);
        }

        foreach (var other in shards.Skip(1))
        {
            Procedures?.Merge(other.Procedures!);
        }

        foreach (var (number, period) in plan.Periods.Index())
        {
            if (shards[0].Sums[number] is not null)
            {
                totals.Add(period.Name, IsSame(before, shard => shard.Sums[number]) ? before!.totals[period.Name]
                    : isLater ? Moved(before!.totals[period.Name], shard => shard.Sums[number]!.Rows)
                    : Totals(shard => shard.Sums[number]!.Rows));
            }
        }
    }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Now { get; }

    /// <summary>Gauges by unit, successors and parents applied. The same object as in the reading before when no gauge has changed.</summary>
    public UnitTotals Gauges { get; }

    public long Duplicates => shards.Sum(static shard => shard.Duplicates);

    public long Cases => shards.Sum(static shard => shard.Cases);

    /// <summary>The memory of the cases, index included, bytes.</summary>
    public long CaseBytes => shards.Sum(static shard => shard.CaseBytes);

    /// <summary>Contributions and deadlines that windows and gauges still have to pass.</summary>
    public long Contributions => shards.Sum(static shard => shard.Contributions);

    /// <summary>Their memory, bytes.</summary>
    public long ContributionBytes => shards.Sum(static shard => shard.ContributionBytes);

    /// <summary>The newest event time folded; null before the first event.</summary>
    public long? GreatestAt { get; }

    /// <summary>What is counted reaches up to here, milliseconds since 1970 UTC; null before the first event that says when it happened.</summary>
    /// <param name="reached">The data time of the intake before it was read.</param>
    public long? DataTime(long reached) => GreatestAt is { } folded && reached > long.MinValue ? Math.Min(Now, Math.Min(reached, folded)) : null;

    /// <summary>
    /// Whether anything may be said of units: the source has been read to its end and is not missing, and something is counted. A back-test asks the same as
    /// <c>serve</c>.
    /// </summary>
    /// <param name="heard">What was heard of the source before it was read.</param>
    /// <param name="state">What follows of it.</param>
    /// <param name="reached">See <see cref="DataTime"/>.</param>
    public bool HasData(SourcesReading heard, LiveState state, long reached) =>
        !state.IsStale && heard.Stream is not null && DataTime(reached) is not null;

    /// <summary>How often the wall clock was put back so far that windows and gauges were derived again, and how far the last time.</summary>
    public ClockSetBack SetBack { get; }

    /// <summary>The keys that any source has stated, a bit for each <see cref="CaseKey"/>; all of them where events came before keys were counted.</summary>
    public uint StatedKeys { get; }

    /// <summary>The days of which the log has records.</summary>
    public ObservedDays Days { get; } = new();

    /// <summary>Cases by province and procedure over the first period asked for; null for a sliding period that is not kept.</summary>
    public ProcedureSums? Procedures { get; }

    /// <summary>
    /// Sums of a period asked for, the same object as in the reading before when nothing has changed; null for a sliding period that is not kept.
    /// </summary>
    public UnitTotals? Of(Period period) => totals.GetValueOrDefault(period.Name);

    /// <summary>What the sources have stated, added up over the shards.</summary>
    public StreamCounts CountStated() => shards.Aggregate(StreamCounts.Empty, static (all, shard) => all.With(shard.Stream));

    /// <summary>Moves all shards to now and reads them.</summary>
    /// <param name="periods">Periods to sum; calendar ones as of <paramref name="anchor"/>.</param>
    /// <param name="now">The wall clock, milliseconds since 1970 UTC; where it was put back by two seconds at most, now holds still.</param>
    /// <param name="anchor">A day in the calendar stretch meant; today when null.</param>
    /// <param name="alone">A unit that keeps a row of its own though it may be one of very many codes of no directory.</param>
    /// <param name="before">An earlier reading of the same periods and units: what has not changed since is taken from it and not copied again.</param>
    /// <param name="place">Decides where in the stream the question is put to the shards, given what now is; right away when null.</param>
    public static async Task<EngineReading> TakeAsync(
        StreamEngine engine, IReadOnlyList<Period> periods, long now, DateOnly? anchor, CancellationToken cancel, string? alone = null,
        EngineReading? before = null, Func<long, Func<Task<ShardReading[]>>, Task<ShardReading[]>>? place = null)
    {
        now = await engine.MoveToAsync(now, cancel);
        var today = LocalTime.DateOf(LocalTime.DayOf(now));
        var own = alone is null ? 0 : engine.Options.Codes.Units.Find(alone);
        Func<int, int> shownAs = own == 0 ? engine.ShownUnits.Of : unit => unit == own ? unit : engine.ShownUnits.Of(unit);
        var day = LocalTime.DayOf(now);
        var plan = new ShardReadingPlan([.. periods.DistinctBy(period => period.Name)], now, anchor
            ?? today, today, shownAs, unit => shownAs(engine.Successors.Resolve(unit, day)));
        Task<ShardReading[]> AskAsync() => Task.WhenAll(Enumerable.Range(0, engine.Options.Shards)
            .Select(number => engine.AskShardAsync(number, state => ShardReading.Take(state, plan, before?.shards[number]), cancel)));
        var parts = await (place is null ? AskAsync() : place(now, AskAsync));
        return new EngineReading(engine, now, plan, parts, before);
    }

    /// <summary>True when every shard gave the very copy it gave before.</summary>
    private bool IsSame(EngineReading? before, Func<ShardReading, object?> part) =>
        before is not null && shards.Zip(before.shards).All(pair => ReferenceEquals(part(pair.First), part(pair.Second)));
}
