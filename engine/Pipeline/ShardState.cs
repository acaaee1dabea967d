using KpiStream.Engine.Boards;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Snapshots;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// What one shard knows: its cases and everything they count in. Touched only by the shard's thread, or by anyone once the engine stopped.
/// </summary>
public sealed class ShardState
{
    // Changed cases that are counted at a time where nobody asks: a quarter of what waits before a shard, so that its source does not wait for the counting.
    private const int Portion = 1 << 10;

    private readonly CaseFold fold;
    private readonly CaseFactsReader facts;
    private readonly int[] numbers = new int[EventBatch.Capacity];
    private CaseWalk? walk;
    private readonly Func<CaseLedger> newLedger;
    private readonly ChangedCases changed = new();
    private readonly CaseFacts nothing;

    // Whether somebody asks more often than the changed cases become too many, and whether they have since the last question.
    private bool isFollowed;
    private bool wasFull;

    // Where events have moved now. The ledger follows when it counts: one long step looks through its windows once.
    private long now = long.MinValue;
    private CaseLedger ledger;
    private CaseRestore? restore;
    private LedgerRebuild? rebuild;

    public ShardState(EngineOptions options, CompiledRulebook rules, UnitSuccessors successors)
    {
        fold = new CaseFold(options.Codes, Cases.Layers);
        facts = new CaseFactsReader(options.Codes, options.Rulebook, options.Directory, successors);
        Stream = new StreamCounter(options.Codes.Sources, options.Codes.Units);
        newLedger = () => new CaseLedger(rules, options.Codes.Units, options.Directory, successors, options.Sliding);
        ledger = newLedger();
        nothing = facts.Read(default);
    }

    public CaseTable Cases { get; } = new();

    /// <summary>What the cases count in. Cases that have changed are counted when it is asked for, or when there are many of them.</summary>
    public CaseLedger Ledger
    {
        get
        {
            (isFollowed, wasFull) = (!wasFull, false);
            CountChanged();
            return ledger;
        }
    }

    /// <summary>What the accepted events stated.</summary>
    public StreamCounter Stream { get; }

    /// <summary>How far the host's clock may go back while now only holds still, in milliseconds.</summary>
    public const long HeldStillMillis = 2_000;

    /// <summary>What became of a clock that was put back further.</summary>
    public ClockSetBack SetBack { get; private set; }

    /// <summary>Events that changed something kept.</summary>
    public long Applied { get; private set; }

    /// <summary>Valid events that changed nothing.</summary>
    public long Duplicates { get; private set; }

    /// <summary>The greatest <c>at</c> applied, milliseconds; 0 before the first event.</summary>
    public long GreatestAt { get; private set; }

    /// <summary>The sheet of a case; null when nothing is known of it.</summary>
    /// <param name="sheets">Writes it.</param>
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    public CaseSheet? Find(CaseSheetReader sheets, CaseId id, long nowMillis)
    {
        if (Cases.Find(id) is not (>= 0 and var number))
        {
            return null;
        }

        Cases.Read(number, out var record);
        return sheets.Read(in record, facts.Read(in record), Cases.Layers.StampsOf(in record), nowMillis);
    }

    /// <summary>A step of <see cref="OverdueCases.Look"/>.</summary>
    public int? Look(OverdueCases overdue, int from) => overdue.Look(Cases, facts, from);

    /// <summary>A step of <see cref="SourceShares.Look"/>.</summary>
    public int? Look(SourceShares shares, int from) => shares.Look(Cases, facts, from);

    /// <summary>
    /// Moves now to where the batch says and folds it: what an event counts has mostly happened by then, and goes into the windows at once. The order
    /// of the two changes no figure.
    /// </summary>
    public void Apply(EventBatch batch)
    {
        now = Math.Max(now, batch.Now);
        var events = batch.Events;
        Cases.Locate(events, numbers);
        for (var i = 0; i < events.Length; i++)
        {
            Apply(in events[i], numbers[i]);
        }
    }

    /// <summary>
    /// Nothing is queued. Where the figures are asked for again and again, what has changed is counted now, and the next question waits for little;
    /// where nobody asks, as in a replay before its end, or events come faster, it is counted late as before.
    /// </summary>
    internal void Rest()
    {
        if (isFollowed)
        {
            CountChanged();
        }
    }

    /// <summary>
    /// Moves now to where the host's clock is. A clock put back by more than <see cref="HeldStillMillis"/> has windows and gauges derived again from the cases,
    /// a step at each call; until that is done the ledger is the one of before.
    /// </summary>
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <returns>False when more calls are needed.</returns>
    public bool TryMoveTo(long nowMillis)
    {
        FollowEvents();
        if (rebuild is null && nowMillis >= ledger.Now - HeldStillMillis)
        {
            ledger.AdvanceTo(nowMillis);
            return true;
        }

        CountChanged();

        if (rebuild is null || nowMillis < rebuild.Ledger.Now - HeldStillMillis)
        {
            rebuild = new LedgerRebuild(Cases, facts, newLedger());
        }

        rebuild.Ledger.AdvanceTo(nowMillis);
        rebuild.Step();
        if (!rebuild.IsDone)
        {
            return false;
        }

        SetBack = new ClockSetBack(SetBack.Times + 1, ledger.Now, rebuild.Ledger.Now);
        (ledger, rebuild, restore) = (rebuild.Ledger, null, null);
        return true;
    }

    /// <summary>Begins a snapshot of all cases as they are now; what is counted beside them is the answer. One that was not ended is forgotten.</summary>
    public ShardCut Cut()
    {
        EndSnapshot();
        walk = new CaseWalk(Cases);
        return new ShardCut(Cases.Count, Applied, Duplicates, GreatestAt, Ledger.Fingerprint) { Stream = Stream.Copy() };
    }

    /// <summary>The next cases of the snapshot; null when there are no more, or there is no snapshot.</summary>
    /// <param name="isAbandoned">True when changes came faster than slices were asked for: the snapshot is not whole and is to be ended.</param>
    public SnapshotSlice? NextSlice(out bool isAbandoned)
    {
        var slice = walk?.Take();
        isAbandoned = walk is null or { IsAbandoned: true };
        return slice;
    }

    /// <summary>Ends a snapshot; without one nothing happens.</summary>
    public void EndSnapshot()
    {
        walk?.End();
        walk = null;
    }

    /// <summary>
    /// Takes over cases of a snapshot and counts what they contribute under the present rules. For speed now should have been moved to where it was; the
    /// figures do not hang on it.
    /// </summary>
    /// <param name="slice">As a <see cref="SnapshotSlice"/> holds them. They must be of one snapshot, each once, and no events may have come before.</param>
    /// <param name="codes">The snapshot's codes, all read.</param>
    /// <param name="isOwn">Says of a case whether it belongs to this shard.</param>
    /// <returns>False when the bytes are no cases; the state is then of no use any more.</returns>
    public bool TryRestore(ReadOnlySpan<byte> slice, SavedCodes codes, Func<CaseId, bool> isOwn)
    {
        restore ??= new CaseRestore(Cases, facts, Ledger);
        return restore.TryTake(slice, codes, isOwn);
    }

    /// <summary>Takes over what was counted beside the cases.</summary>
    public void Restore(ShardCut counted)
    {
        (Applied, Duplicates, GreatestAt) = (counted.Applied, counted.Duplicates, counted.GreatestAt);
        Stream.Add(counted.Stream ?? StreamCounts.Empty);
    }

    /// <summary>Counts the days of which the cases still know records, for a checkpoint that has not counted them itself.</summary>
    public void CountDaysOfCases()
    {
        for (var number = 0; number < Cases.Count; number++)
        {
            Cases.Read(number, out var record);
            Stream.AddDay(record.Stamp.At);
            for (var layer = record.Older; layer != 0; layer = Cases.Layers[layer].Next)
            {
                Stream.AddDay(Cases.Layers[layer].Stamp.At);
            }
        }

        Stream.MissUnits();
    }

    private void Apply(in CaseEvent change, int number)
    {
        GreatestAt = Math.Max(GreatestAt, change.Stamp.At);
        Stream.Add(in change);
        Cases.Read(number, out var record);
        walk?.Keep(number, in record);
        var isChanged = changed.Contains(number);
        var counted = isChanged || record.Stated == 0 ? nothing : facts.Read(in record);
        if (!fold.Apply(ref record, in change))
        {
            Duplicates++;
            return;
        }

        Applied++;
        Cases.Write(number, in record);
        if (!isChanged)
        {
            changed.Add(number, in counted);
            if (changed.IsFull)
            {
                (isFollowed, wasFull) = (false, true);
                CountChanged(Portion);
            }
        }
    }

    private void CountChanged() => CountChanged(changed.Count);

    /// <summary>Moves cases that have changed, the first changed first, from what they were counted as to what they are.</summary>
    private void CountChanged(int most)
    {
        FollowEvents();
        while (most > 0)
        {
            var cases = changed.First(Math.Min(most, EventBatch.Capacity), out var countedAs);
            Cases.Touch(cases);
            for (var i = 0; i < cases.Length; i++)
            {
                Cases.Read(cases[i], out var record);
                var after = facts.Read(in record);
                ledger.Move(record.Id, in countedAs[i], in after);
                rebuild?.Move(cases[i], record.Id, in countedAs[i], in after);
            }

            most -= cases.Length;
            changed.Drop(cases.Length);
        }
    }

    private void FollowEvents()
    {
        if (now > ledger.Now)
        {
            ledger.AdvanceTo(now);
        }
    }
}
