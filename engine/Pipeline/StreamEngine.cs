using System.Collections.Concurrent;
using KpiStream.Engine.Boards;
using KpiStream.Engine.Codecs;
using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Snapshots;
using KpiStream.Engine.Units;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// The engine: records in through intakes, events routed by case to shards (<see cref="ShardRouter"/>), questions answered by all shards.
/// </summary>
public sealed class StreamEngine : IAsyncDisposable
{
    /// <summary>The most shards: more threads than any machine this is for has cores.</summary>
    public const int MaxShards = 64;

    private readonly Shard[] shards;
    private readonly ShardRouter router;

    public StreamEngine(EngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shards, MaxShards);
        Options = options;
        Rules = new CompiledRulebook(options.Rulebook);
        Successors = new UnitSuccessors(options.Codes.Units, options.Directory);
        ShownUnits = new ShownUnits(options.Codes.Units, options.Directory);
        var spare = new ConcurrentBag<EventBatch>();
        shards = [.. Enumerable.Range(0, options.Shards).Select(number => NewShard(number, new ShardState(options, Rules, Successors), spare))];
        router = new ShardRouter(shards, spare);
    }

    public EngineOptions Options { get; }

    public CompiledRulebook Rules { get; }

    public UnitSuccessors Successors { get; }

    /// <summary>Bounds the units on boards and in answers.</summary>
    public ShownUnits ShownUnits { get; }

    /// <summary>Ends when the engine was stopped; fails when a shard's code did, which is a bug.</summary>
    public Task Finished => Task.WhenAll(shards.Select(shard => shard.Finished));

    /// <summary>The shards' states. Only to be touched once <see cref="StopAsync"/> has returned.</summary>
    public IReadOnlyList<ShardState> States => [.. shards.Select(shard => shard.State)];

    /// <summary>Opens a way in for one source; it belongs to the flow that runs the source.</summary>
    /// <param name="source">The source's name in dead letters and reports.</param>
    /// <param name="deadLetters">Where rejected records are noted; null to only count them.</param>
    /// <param name="form">What the source's records are.</param>
    public Intake OpenIntake(string source, IDeadLetterSink? deadLetters = null, RecordForm form = RecordForm.Events) =>
        new(source, Options, router, DecoderOf(form), deadLetters, form);

    /// <summary>Spreads the decoding of an intake over threads; everything then goes in through what is returned, and the counts stay the intake's.</summary>
    /// <param name="intake">An intake of this engine that nothing has gone through yet.</param>
    /// <param name="threads">At least 1.</param>
    public SpreadIntake Spread(Intake intake, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return new SpreadIntake(intake, threads, () => DecoderOf(intake.Form));
    }

    /// <summary>Moves now forward in all shards, after everything handed over before; an earlier instant changes nothing.</summary>
    public Task AdvanceToAsync(long nowMillis, CancellationToken cancel = default) => AskAsync(
        state =>
        {
            state.Ledger.AdvanceTo(nowMillis);
            return true;
        },
        cancel);

    /// <summary>
    /// Moves now to where the host's clock is, after everything handed over before. Where the clock was put back by more than
    /// <see cref="ShardState.HeldStillMillis"/>, waits until windows and gauges were derived again from the cases; events are folded meanwhile.
    /// </summary>
    /// <param name="nowMillis">Milliseconds since 1970 UTC.</param>
    /// <returns>What now is: at most <see cref="ShardState.HeldStillMillis"/> later than asked for, unless another caller moved it on.</returns>
    public async Task<long> MoveToAsync(long nowMillis, CancellationToken cancel = default) =>
        (await Task.WhenAll(shards.Select(shard => MoveShardAsync(shard, nowMillis, cancel)))).Max();

    /// <summary>Asks every shard the same question, after everything handed over before, and gives the answers in shard order.</summary>
    public Task<TAnswer[]> AskAsync<TAnswer>(Func<ShardState, TAnswer> question, CancellationToken cancel = default) =>
        Task.WhenAll(shards.Select(shard => shard.AskAsync(question, cancel)));

    /// <summary>The sheet of a case, after everything handed over before; null when nothing is known of it. Only its own shard is asked.</summary>
    public async Task<CaseSheet?> FindCaseAsync(CaseId id, long nowMillis, CancellationToken cancel = default)
    {
        var sheets = new CaseSheetReader(Options.Codes, Rules, Options.Directory, Successors, Options.Catalogue);
        return await shards[router.ShardOf(id)].AskAsync(state => state.Find(sheets, id, nowMillis), cancel);
    }

    /// <summary>
    /// Cuts the stream: each shard begins a snapshot of its cases after everything handed over before the call and before everything handed over after.
    /// To be called by the flow that hands records over, which need not wait for the answer. Every shard's snapshot is then fetched by
    /// <see cref="AskShardAsync"/> and ended.
    /// </summary>
    public Task<ShardCut[]> CutAsync() => AskAsync(static state => state.Cut());

    /// <summary>Asks one shard, after everything handed over before.</summary>
    /// <param name="shard">From 0.</param>
    public Task<TAnswer> AskShardAsync<TAnswer>(int shard, Func<ShardState, TAnswer> question, CancellationToken cancel = default) =>
        shards[shard].AskAsync(question, cancel);

    /// <summary>
    /// Takes over some cases of a snapshot (<see cref="ShardState.TryRestore"/>); those of a snapshot of as many shards need only be shown to one.
    /// </summary>
    /// <param name="slice">The cases; not to be changed before the answer.</param>
    /// <param name="codes">The snapshot's codes.</param>
    /// <param name="shard">The shard they are all of; null when they may be of any.</param>
    public async Task<bool> RestoreAsync(ReadOnlyMemory<byte> slice, SavedCodes codes, int? shard)
    {
        var asked = shard is { } one ? [one] : Enumerable.Range(0, shards.Length);
        var answers = await Task.WhenAll(asked.Select(own => shards[own].AskAsync(
            state => state.TryRestore(slice.Span, codes, id => router.ShardOf(id) == own), CancellationToken.None)));
        return answers.All(static good => good);
    }

    /// <summary>Finishes what was handed over and ends the shards' threads. Intakes must be flushed and out of use.</summary>
    public Task StopAsync()
    {
        foreach (var shard in shards)
        {
            shard.Complete();
        }

        return Finished;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<long> MoveShardAsync(Shard shard, long nowMillis, CancellationToken cancel)
    {
        while (true)
        {
            if (await shard.AskAsync(state => state.TryMoveTo(nowMillis) ? state.Ledger.Now : (long?)null, cancel) is { } reached)
            {
                return reached;
            }
        }
    }

    private Shard NewShard(int number, ShardState state, ConcurrentBag<EventBatch> spare) =>
        Options.Stepped is null ? new ThreadedShard(number, state, Options, spare) : new SteppedShard(state, Options, spare);

    private IEventDecoder DecoderOf(RecordForm form) => form == RecordForm.Recorded
        ? new RecordedEventDecoder(Options.Codes, Options.Limits)
        : new EventDecoder(Options.Codes, Options.PseudonymKey, Options.Limits, Options.Profiles);
}
