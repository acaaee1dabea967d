namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>Many senders and one disk: one wait serves many, nobody waits for ever, and a failing disk fails those it concerns and nobody else.</summary>
public sealed class GroupCommitTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task ManySenders_HaveEveryBatchOnDiskWhole_AndTheirOwnInOrder()
    {
        const int Senders = 32;
        var batches = LongRuns.Scale(20);
        using var scene = new LogScene(Senders * batches * 3, 21);
        var commit = new GroupCommit(scene.Open(segmentBytes: 20_000), () => scene.Open());
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var batch = 0; batch < batches; batch++)
            {
                Assert.True(commit.TryWrite(scene.Batch(((sender * batches) + batch) * 3, 3), LogScene.Arrival, out var done));
                await done.WaitAsync(Limit);
            }
        })));
        output.WriteLine($"{Senders * batches} batches, {commit.Commits} commits");
        Assert.InRange(commit.Commits, 1, Senders * batches / 2);
        await commit.DisposeAsync();

        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        var first = scene.Expected(Enumerable.Range(0, Senders * batches * 3)).Index()
            .ToDictionary(one => one.Item.Hex, one => one.Index);
        var order = records.Select(record => first[record.Hex]).ToList();
        Assert.Equal(Enumerable.Range(0, order.Count), order.Order());
        Assert.All(order.Chunk(3), batch => Assert.Equal([batch[0], batch[0] + 1, batch[0] + 2], batch));
        Assert.All(order.GroupBy(event_ => event_ / (batches * 3)), sender => Assert.Equal(sender.Order(), sender));
    }

    [Fact]
    public async Task AFaultThatIsNotTheDisks_FailsEverySenderAndIsSeen()
    {
        using var scene = new LogScene(10, 27);
        var commit = new GroupCommit(scene.Open(), static () => throw new InvalidOperationException("a bug"));
        await Take(commit, scene, 0, 1).WaitAsync(Limit);
        Assert.False(commit.Writing.IsCompleted);
        File.Delete(LogFolder.PathOf(scene.Folder, 1));
        await Assert.ThrowsAsync<IOException>(() => Take(commit, scene, 1, 1).WaitAsync(Limit));

        // Opening it again is what fails now.
        await Assert.ThrowsAsync<IOException>(() => Take(commit, scene, 2, 1).WaitAsync(Limit));
        await Assert.ThrowsAsync<InvalidOperationException>(() => commit.Writing.WaitAsync(Limit));
        Assert.False(commit.TryWrite(scene.Batch(3, 1), LogScene.Arrival, out _));
        await commit.DisposeAsync();
    }

    [Fact]
    public async Task WhatCameInWhileTheDiskWasBusy_IsServedByOneCommit()
    {
        using var scene = new LogScene(200, 22);
        using var disk = new BusyDisk(scene);
        await using var commit = disk.Commit;
        var before = commit.Commits;
        var first = Take(commit, scene, 0, 1);
        await disk.Reached.WaitAsync(Limit);
        var others = Enumerable.Range(1, 150).Select(number => Take(commit, scene, number, 1)).ToList();
        Assert.All(others, done => Assert.False(done.IsCompleted));

        disk.Free();
        await Task.WhenAll(others.Prepend(first)).WaitAsync(Limit);
        Assert.Equal(before + 2, commit.Commits);
    }

    [Fact]
    public async Task TheRoom_IsBounded_AndThereAgainWhenTheDiskHasCaughtUp()
    {
        using var scene = new LogScene(1_000, 23);
        using var disk = new BusyDisk(scene);
        await using var commit = disk.Commit;
        var most = GroupCommit.MostWaiting;
        var large = scene.Batch(0, (most / 2) - 1);
        var taken = new List<Task> { Take(commit, scene, 0, 2) };
        await disk.Reached.WaitAsync(Limit);
        for (var half = 0; half < 2; half++)
        {
            Assert.True(commit.TryWrite(large, LogScene.Arrival, out var done));
            taken.Add(done);
        }

        Assert.False(commit.TryWrite(scene.Batch(0, 1), LogScene.Arrival, out _));
        disk.Free();
        await Task.WhenAll(taken).WaitAsync(Limit);

        // Alone, a batch may be larger than the room.
        Assert.True(commit.TryWrite(scene.Batch(0, most + 1), LogScene.Arrival, out var alone));
        await alone.WaitAsync(Limit);
    }

    [Fact]
    public async Task AFolderThatIsGone_FailsItsBatches_AndTheNextGoesThroughWhenItIsBack()
    {
        using var scene = new LogScene(100, 24);
        await using var commit = new GroupCommit(scene.Open(segmentBytes: 1), () => scene.Open(segmentBytes: 1));
        await Take(commit, scene, 0, 3).WaitAsync(Limit);

        // As when a disk is taken away: the next segment can neither be begun nor the log be opened again.
        Directory.Move(scene.Folder, scene.Folder + ".away");
        await File.WriteAllTextAsync(scene.Folder, "no folder");
        for (var trial = 0; trial < 3; trial++)
        {
            await Assert.ThrowsAsync<IOException>(() => Take(commit, scene, 50, 2).WaitAsync(Limit));
        }

        File.Delete(scene.Folder);
        Directory.Move(scene.Folder + ".away", scene.Folder);
        await Take(commit, scene, 3, 4).WaitAsync(Limit);
        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(scene.Expected(Enumerable.Range(0, 7)), records);
    }

    [Fact]
    public async Task Ended_ItHasWrittenWhatWasWaiting_AndTakesNoMore()
    {
        using var scene = new LogScene(40, 25);
        var commit = new GroupCommit(scene.Open(), () => scene.Open());
        var taken = Enumerable.Range(0, 40).Select(number => Take(commit, scene, number, 1)).ToList();
        await commit.DisposeAsync();
        Assert.All(taken, done => Assert.True(done.IsCompletedSuccessfully));
        Assert.False(commit.TryWrite(scene.Batch(0, 1), LogScene.Arrival, out _));
        Assert.Equal(40, (await scene.ReadAsync()).Records.Count);

        using var next = scene.Open();
        Assert.Equal(40, next.LastNumber);
    }

    private static Task Take(GroupCommit commit, LogScene scene, int from, int count)
    {
        Assert.True(commit.TryWrite(scene.Batch(from, count), LogScene.Arrival, out var done));
        return done;
    }

    /// <summary>
    /// A disk that answers when it is told: the log's first batch finds its folder gone, and opening it again takes until <see cref="Free"/>.
    /// </summary>
    private sealed class BusyDisk : IDisposable
    {
        private readonly ManualResetEventSlim free = new();
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BusyDisk(LogScene scene)
        {
            var log = scene.Open(segmentBytes: 1);
            Commit = new GroupCommit(log, () =>
            {
                reached.TrySetResult();
                free.Wait(Limit);
                return scene.Open();
            });
            Assert.True(Commit.TryWrite(scene.Batch(0, 1), LogScene.Arrival, out var first));
            first.GetAwaiter().GetResult();
            Directory.Delete(scene.Folder, recursive: true);
            Assert.True(Commit.TryWrite(scene.Batch(0, 1), LogScene.Arrival, out var failed));
            Assert.Throws<IOException>(() => failed.GetAwaiter().GetResult());
        }

        public GroupCommit Commit { get; }

        public Task Reached => reached.Task;

        public void Free() => free.Set();

        public void Dispose() => free.Dispose();
    }
}
