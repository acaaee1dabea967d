using System.Security.Cryptography;
using KpiStream.Engine.Cases;
using KpiStream.Engine.Snapshots;

namespace KpiStream.Ingest.Host.State;

/// <summary>
/// Makes the checkpoints of a run: on a cadence the flow of the source cuts the stream, and while it continues another flow fetches the cases of the cut
/// slice by
/// slice and writes them. One is written at a time. What cannot be written is said and counted, and the run continues.
/// </summary>
/// <param name="store">Where checkpoints go.</param>
/// <param name="every">How often one is begun; each is finished before the next.</param>
/// <param name="time">The wall clock, and what measures <paramref name="every"/>.</param>
/// <param name="say">Told of an error in one sentence, and when it is over.</param>
internal sealed class CheckpointService(StreamEngine engine, CheckpointStore store, TimeSpan every, TimeProvider time, Action<string> say)
{
    private readonly CheckpointTerms terms = CheckpointIdentity.Of(engine.Options);
    private readonly List<(string Name, Intake Intake, CheckpointSink Sink)> sources = [];
    private long begun = time.GetTimestamp();
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task writing = Task.CompletedTask;
    private readonly StandingError error = new();

    public CheckpointCounts Counts { get; } = new();

    /// <summary>Fails with what no disk is to blame for; otherwise it never ends.</summary>
    public Task Broken => broken.Task;

    /// <summary>Where checkpoints are written: beside everything else, unless a simulation decides.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Gives each checkpoint a number that no other has.</summary>
    public Func<UInt128> NewId { get; init; } = static () => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));

    /// <summary>Puts itself between a source and its intake. All sources must have been named before the first is run.</summary>
    /// <param name="start">Where it begins.</param>
    public CheckpointSink Over(IRecordSource source, Intake intake, SourcePlaces start)
    {
        CheckpointSink own = null!;
        own = new CheckpointSink(intake, start, () => BeginWhenDue(own));
        sources.Add((source.StateName, intake, own));
        return own;
    }

    /// <summary>
    /// Goes the way of a checkpoint once while nothing else runs, so that the first one that interrupts the stream does not wait for the compiler.
    /// </summary>
    public async Task PrepareAsync()
    {
        var one = new CaseTable();
        one.GetOrAdd(new CaseId(1, 1));
        var walk = new CaseWalk(one);
        walk.Take()?.Return();
        walk.End();
        _ = Capture();
        await engine.CutAsync();
        foreach (var shard in Enumerable.Range(0, engine.Options.Shards))
        {
            (await NextAsync(shard))?.Return();
        }

        await EndAsync();
        Counts.ForgetPauses();
    }

    /// <summary>
    /// Leaves a last checkpoint once the sources have ended, of whatever they had handed over. The engine must still run.
    /// </summary>
    /// <param name="isWanted">False to only finish the one being written.</param>
    public async Task FinishAsync(bool isWanted = true)
    {
        await writing;
        if (isWanted && sources.All(source => source.Sink.IsAtPlace))
        {
            Begin();
            await writing;
        }
    }

    private void BeginWhenDue(CheckpointSink sink)
    {
        if (writing.IsCompleted && time.GetElapsedTime(begun) >= every)
        {
            sink.Flush();
            Begin();
        }
    }

    private void Begin()
    {
        begun = time.GetTimestamp();
        var saved = Capture();
        var cutting = engine.CutAsync();
        var madeAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        Counts.AddPause(time.GetElapsedTime(begun));
        var began = begun;
        writing = Task.Factory.StartNew(() => WriteAsync(saved, madeAt, began, cutting), CancellationToken.None, TaskCreationOptions.DenyChildAttach,
            Scheduler).Unwrap();
    }

    private List<SavedSource> Capture() =>
        [.. sources.Select(source => new SavedSource(source.Name, source.Sink.Here, SavedIntake.Of(source.Intake.Save())))];

    private async Task EndAsync() => await engine.AskAsync(static state =>
    {
        state.EndSnapshot();
        return true;
    });

    private async Task WriteAsync(IReadOnlyList<SavedSource> saved, long madeAt, long began, Task<ShardCut[]> cutting)
    {
        var cuts = await cutting;
        try
        {
            var bytes = await store.WriteAsync(NewId(), writer => WriteAsync(writer, saved, madeAt, cuts));
            Counts.AddWritten(bytes, cuts.Sum(cut => cut.Cases), madeAt, time.GetElapsedTime(began));
            if (error.Ends())
            {
                say($"checkpoints in {store.Name} are written again.");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Counts.AddFailed();
            if (error.Begins(problem.Message))
            {
                say($"no checkpoint could be written in {store.Name}: {problem.Message} "
                    + "Figures go on; see to the disk, for a restart would begin at an older checkpoint.");
            }
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            Counts.AddFailed();
            broken.TrySetException(problem);
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task WriteAsync(CheckpointWriter writer, IReadOnlyList<SavedSource> saved, long madeAt, ShardCut[] cuts)
    {
        var all = ShardCut.Sum(cuts);
        writer.WriteHead(new CheckpointHead
        {
            MadeAt = madeAt,
            Terms = terms,
            Shards = cuts.Length,
            Sources = saved,
            Cases = all.Cases,
            Applied = all.Applied,
            Duplicates = all.Duplicates,
            GreatestAt = all.GreatestAt,
            Stream = all.Stream is { } stream ? SavedStream.Of(stream) : null,
        });
        writer.WriteCodes(new SavedCodes(engine.Options.Codes));

        // While one shard's cases are written the others copy theirs: what changes meanwhile need not wait long to be fetched.
        var coming = Enumerable.Range(0, cuts.Length).Select(shard => (Shard: shard, Slice: NextAsync(shard))).ToList();
        for (var turn = 0; coming.Count > 0; turn++)
        {
            var place = turn % coming.Count;
            var (shard, next) = coming[place];
            if (await next is not { } slice)
            {
                coming.RemoveAt(place);
                continue;
            }

            coming[place] = (shard, NextAsync(shard));
            writer.WriteCases(shard, slice);
            slice.Return();
        }

        writer.WriteEnd(all.Fingerprint.ToString());
    }

    private async Task<SnapshotSlice?> NextAsync(int shard)
    {
        var (slice, isAbandoned) = await engine.AskShardAsync(shard, state =>
        {
            var start = time.GetTimestamp();
            var next = state.NextSlice(out var abandoned);
            Counts.AddPause(time.GetElapsedTime(start));
            return (next, abandoned);
        });
        return isAbandoned ? throw new IOException("cases changed faster than the disk took them.") : slice;
    }
}
