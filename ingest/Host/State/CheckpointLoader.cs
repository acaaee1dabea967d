using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Host.State;

/// <summary>An engine at its start: with the cases of a checkpoint, or with none.</summary>
/// <param name="Engine">The engine, disposed of by the receiver.</param>
/// <param name="Head">What the checkpoint knew beside the cases; null when everything begins at the sources' start.</param>
internal sealed record StartedState(StreamEngine Engine, CheckpointHead? Head)
{
    /// <summary>Where a source continues.</summary>
    /// <param name="index">Its place among the sources.</param>
    public SourcePlaces PlacesOf(int index) => index < (Head?.Sources.Count ?? 0) ? Head!.Sources[index].Places : SourcePlaces.Beginning;

    /// <summary>Lets an intake go on where it was.</summary>
    /// <param name="intake">Unused so far.</param>
    /// <param name="index">The place of its source among the sources.</param>
    public void Restore(Intake intake, int index)
    {
        if (index < (Head?.Sources.Count ?? 0))
        {
            intake.Restore(Head!.Sources[index].Intake.ToState(Head.Today));
        }
    }
}

/// <summary>
/// Begins with the newest checkpoint that is good, else with an older one, else with nothing, and says which. A state that is another's is refused: to go on
/// from the start would soon have thrown it away.
/// </summary>
/// <param name="options">What the engine is to be made of.</param>
/// <param name="sources">The sources to be read, by their state names.</param>
/// <param name="nowOf">What now is to be while cases are counted again; null for unknown.</param>
/// <param name="say">Told what was done, in one sentence each.</param>
internal sealed class CheckpointLoader(
    CheckpointStore store, EngineOptions options, IReadOnlyList<string> sources, Func<CheckpointHead, long?> nowOf, Action<string> say)
{
    /// <summary>Blocks handed to the shards and not yet taken over: enough that reading and counting never wait for each other.</summary>
    private const int MostInFlight = 16;

    private readonly CheckpointTerms terms = CheckpointIdentity.Of(options);

    /// <summary>Asked of every head before its cases are loaded: whether the sources still hold what comes next.</summary>
    public Func<CheckpointHead, Task<SourceGap?>> FindGap { get; init; } = static _ => Task.FromResult<SourceGap?>(null);

    /// <summary>The engine to go on with; null when the state is another's, which has then been said.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public async Task<StartedState?> OpenAsync()
    {
        var generations = store.Generations();
        var gaps = new List<(long Generation, SourceGap Gap)>();
        foreach (var generation in generations.TakeWhile(_ => gaps.Count == 0 || gaps[^1].Gap.MayHoldEarlier))
        {
            if (await TryAsync(generation, gaps) is { } opening)
            {
                return opening.Started;
            }
        }

        // No checkpoint fits what the sources hold: with the newest, reading ends with the gap or, when that is accepted, loses the least.
        foreach (var generation in generations.SkipWhile(generation => gaps.Count == 0 || generation > gaps[0].Generation))
        {
            if (await TryAsync(generation, null) is { } opening)
            {
                return opening.Started;
            }
        }

        say(generations.Count == 0 ? $"{store.Name} holds no checkpoint: everything is read from its start."
            : "No checkpoint can be used: everything is read from its start.");
        return new StartedState(new StreamEngine(options), null);
    }

    /// <summary>Null when another checkpoint is to be tried; an opening without a start when none may be.</summary>
    /// <param name="generation">The checkpoint.</param>
    /// <param name="gaps">Gets it when the sources do not hold what comes next; null to take it all the same.</param>
    private async Task<Opening?> TryAsync(long generation, List<(long Generation, SourceGap Gap)>? gaps)
    {
        using var reader = store.Open(generation);
        var head = reader.ReadHead();
        if (reader.IsNewer || (head is not null && FindRefusal(head) is not null))
        {
            say($"{CheckpointStore.FileOf(generation)} in {store.Name} is of no use here: {(reader.IsNewer ? reader.Damage : FindRefusal(head!))}.");
            return new Opening(null);
        }

        if (head is not null && gaps is not null && await FindGap(head) is { } gap)
        {
            gaps.Add((generation, gap));
            return null;
        }

        if (head is not null && await TryLoadAsync(reader, head, generation) is { } started)
        {
            PassOver(gaps ?? []);
            return new Opening(started);
        }

        store.MarkBad(generation);
        if (reader.Damage.Length > 0)
        {
            say($"{CheckpointStore.FileOf(generation)} in {store.Name} is damaged: {reader.Damage}; the one before it is tried.");
        }

        return null;
    }

    /// <summary>An older checkpoint was taken: those that know more than the sources hold are not to be come back to.</summary>
    private void PassOver(List<(long Generation, SourceGap Gap)> gaps)
    {
        foreach (var (generation, gap) in gaps)
        {
            store.MarkBad(generation);
            say($"{CheckpointStore.FileOf(generation)} in {store.Name} was passed over: {gap.Message}");
        }
    }

    /// <summary>Why a sound checkpoint must not be gone on with, nor be thrown away; null when it may.</summary>
    private string? FindRefusal(CheckpointHead head)
    {
        if (head.Terms.KeyId != terms.KeyId)
        {
            return $"its pseudonyms were made with another key (id {head.Terms.KeyId}, and {terms.KeyId} is given), and every case would count twice; give "
                + "its key, or another --state folder";
        }

        var isSame = head.Sources.Count <= sources.Count
            && head.Sources.Select(source => source.Name).SequenceEqual(sources.Take(head.Sources.Count), StringComparer.Ordinal);
        return isSame ? null : $"it is the state of other sources ({string.Join(", ", head.Sources.Select(source => source.Name))}); give those, or another "
            + "--state folder";
    }

    private async Task<StartedState?> TryLoadAsync(CheckpointReader reader, CheckpointHead head, long generation)
    {
        if (head.Terms.Options != terms.Options)
        {
            say($"{CheckpointStore.FileOf(generation)} in {store.Name} was made under other settings of what is accepted (record size, future tolerance, "
                + "known sources, lateness, profiles) and cannot be used.");
            return null;
        }

        var began = TimeProvider.System.GetTimestamp();
        var engine = new StreamEngine(options);
        if (await TryFillAsync(engine, reader, head))
        {
            SayLoaded(head, generation, TimeProvider.System.GetElapsedTime(began));
            return new StartedState(engine, head);
        }

        await engine.DisposeAsync();
        if (reader.Damage.Length == 0)
        {
            say($"{CheckpointStore.FileOf(generation)} in {store.Name} does not give the figures it was made with; the one before it is tried.");
        }

        return null;
    }

    private readonly record struct Opening(StartedState? Started);

    private async Task<bool> TryFillAsync(StreamEngine engine, CheckpointReader reader, CheckpointHead head)
    {
        // Counted at once where it belongs, instead of being held for a now to come.
        if (nowOf(head) is { } now)
        {
            await engine.AdvanceToAsync(now);
        }

        await engine.AskAsync(state =>
        {
            state.Cases.Reserve((int)(head.Cases / options.Shards));
            return true;
        });
        var inFlight = new Queue<Task<bool>>();
        var codes = new SavedCodes(options.Codes);
        var isGood = true;
        while (reader.ReadCases(codes) is { } cases)
        {
            inFlight.Enqueue(FillAsync(engine, cases, codes, head.Shards == options.Shards ? cases.Shard : null));
            isGood &= inFlight.Count < MostInFlight || await inFlight.Dequeue();
        }

        isGood &= (await Task.WhenAll(inFlight)).All(static good => good);
        return isGood && reader.End is { } end && await IsWholeAsync(engine, head, end);
    }

    private static async Task<bool> FillAsync(StreamEngine engine, CheckpointCases cases, SavedCodes codes, int? shard)
    {
        try
        {
            return await engine.RestoreAsync(cases.Bytes, codes, shard);
        }
        finally
        {
            cases.Return();
        }
    }

    private async Task<bool> IsWholeAsync(StreamEngine engine, CheckpointHead head, CheckpointEnd end)
    {
        var counted = await engine.AskAsync(static state => (state.Cases.Count, state.Ledger.Fingerprint));
        var fingerprint = default(Fingerprint);
        foreach (var (_, own) in counted)
        {
            fingerprint.Merge(own);
        }

        await engine.AskShardAsync(0, state =>
        {
            state.Restore(new ShardCut(head.Cases, head.Applied, head.Duplicates, head.GreatestAt, default) { Stream = head.Stream?.ToCounts() });
            return true;
        });
        if (head.Stream is null)
        {
            await engine.AskAsync(static state =>
            {
                state.CountDaysOfCases();
                return true;
            });
        }

        return counted.Sum(one => (long)one.Count) == head.Cases && (!head.Terms.CountAlike(terms) || fingerprint.ToString() == end.Fingerprint);
    }

    private void SayLoaded(CheckpointHead head, long generation, TimeSpan took)
    {
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"Going on from {CheckpointStore.FileOf(generation)} in {store.Name}: {head.Cases:N0} cases, cut at "
                + $"{DateTimeOffset.FromUnixTimeMilliseconds(head.MadeAt):yyyy-MM-ddTHH:mm:ssZ}, counted again in {took.TotalSeconds:0.0} s."));
        if (head.Terms.RulebookHash != terms.RulebookHash)
        {
            say($"The rulebook is another one since ({head.Terms.Rulebook}, now {terms.Rulebook}): the figures were counted again from the cases.");
        }

        if (head.Terms.Units != terms.Units)
        {
            say($"The unit directory is another one since ({head.Terms.Units}, now {terms.Units}): the figures were counted again from the cases.");
        }
    }
}
