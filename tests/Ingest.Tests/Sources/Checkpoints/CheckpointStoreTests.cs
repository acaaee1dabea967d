namespace KpiStream.Ingest.Tests.Sources.Checkpoints;

/// <summary>Three generations, whatever happens while the next is written.</summary>
public sealed class CheckpointStoreTests
{
    [Fact]
    public async Task FiveWritten_TheNewestThreeStay()
    {
        var files = new MemoryFiles();
        var store = new CheckpointStore(files);
        for (var events = 1; events <= 5; events++)
        {
            await SmallCheckpoint.WriteAsync(store, events);
        }

        Assert.Equal([5, 4, 3], store.Generations());
        Assert.Equal(3, files.List().Count);
    }

    [Fact]
    public async Task WhatTheEventsStated_IsReadBack()
    {
        var files = new MemoryFiles();
        await SmallCheckpoint.WriteAsync(new CheckpointStore(files), 300);
        using var reader = new CheckpointReader(files.Read(CheckpointStore.FileOf(1)));
        var head = reader.ReadHead()!;
        var counts = head.Stream!.ToCounts();
        Assert.Equal(head.Applied + head.Duplicates, counts.Events);
        Assert.Equal(counts.Events, counts.Days.Sum(day => day.Events));
        Assert.NotEmpty(counts.Sources);
        Assert.Contains(counts.Sources, static source => source.Units.Count > 0);
        Assert.Equal((0, counts.Days[^1].Day), (counts.UnitsSince, (head.Stream with { SourceUnits = null }).ToCounts().UnitsSince));
        var strange = head.Stream with { Days = new Dictionary<int, long> { [-1] = 3, [int.MaxValue] = 3, [20_000] = -3 } };
        Assert.Equal([(20_000, 0L)], strange.ToCounts().Days);
    }

    [Fact]
    public async Task ADamagedOne_DoesNotCountAsOneOfTheThree()
    {
        var files = new MemoryFiles();
        var store = new CheckpointStore(files);
        for (var events = 1; events <= 3; events++)
        {
            await SmallCheckpoint.WriteAsync(store, events);
        }

        store.MarkBad(3);
        await SmallCheckpoint.WriteAsync(store, 4);
        Assert.Equal([4, 3, 2, 1], store.Generations());
        await SmallCheckpoint.WriteAsync(store, 5);
        await SmallCheckpoint.WriteAsync(store, 6);
        Assert.Equal([6, 5, 4], store.Generations());
    }

    /// <summary>A disk that could not give them back today may tomorrow.</summary>
    [Fact]
    public async Task NoneCouldBeRead_AllAreKeptUntilThereAreThreeOthers()
    {
        var store = new CheckpointStore(new MemoryFiles());
        for (var events = 1; events <= 3; events++)
        {
            await SmallCheckpoint.WriteAsync(store, events);
            store.MarkBad(events);
        }

        await SmallCheckpoint.WriteAsync(store, 4);
        await SmallCheckpoint.WriteAsync(store, 5);
        Assert.Equal([5, 4, 3, 2, 1], store.Generations());
        await SmallCheckpoint.WriteAsync(store, 6);
        Assert.Equal([6, 5, 4], store.Generations());
    }

    /// <summary>At every call: the program is killed, the power is cut, or the disk is full from there on and then has room again.</summary>
    [Fact]
    public async Task FailingAtAnyCall_LeavesAGoodCheckpointAndLetsTheNextOneBeWritten()
    {
        var written = await FreshAsync();
        for (var call = 1; ; call++)
        {
            var files = new MemoryFiles();
            var store = new CheckpointStore(files);
            string[] known = [await SmallCheckpoint.WriteAsync(store, 2), await SmallCheckpoint.WriteAsync(store, 3),
                await SmallCheckpoint.WriteAsync(store, 4)];
            var before = files.Calls;
            files.FailFrom = before + call;
            var fresh = await TryWriteAsync(store, 5);
            var newest = fresh ?? known[^1];
            Assert.Contains(SmallCheckpoint.ReadNewest(files.AfterKill()), (string[])[known[^1], newest, written]);
            Assert.Contains(SmallCheckpoint.ReadNewest(files.AfterPowerCut()), (string[])[known[^1], written]);
            Assert.True(store.Generations().Count >= CheckpointStore.Kept);

            var last = files.Calls < files.FailFrom;
            files.FailFrom = int.MaxValue;
            Assert.Equal(await SmallCheckpoint.WriteAsync(store, 6), SmallCheckpoint.ReadNewest(files.AfterPowerCut()));
            Assert.Equal(CheckpointStore.Kept, files.List().Count);
            if (last)
            {
                Assert.NotNull(fresh);
                Assert.InRange(call, 8, 100);
                return;
            }
        }
    }

    [Fact]
    public async Task OnARealDisk_ACheckpointIsReadBack_ByItsOwnerAlone()
    {
        using var folder = new TemporaryFolder();
        using var files = StateFiles.Open(folder.File("state"));
        var store = new CheckpointStore(files);
        var expected = await SmallCheckpoint.WriteAsync(store, 20);
        Assert.Equal(expected, SmallCheckpoint.Read(files.Read(CheckpointStore.FileOf(1))));
        Assert.DoesNotContain(files.List(), name => name.EndsWith(".tmp"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(files.Name, CheckpointStore.FileOf(1))));
        }
    }

    [Fact]
    public void AFolderInUse_IsRefusedInOneSentence()
    {
        using var folder = new TemporaryFolder();
        using var files = StateFiles.Open(folder.Path);
        Assert.Contains("in use by another process", Assert.Throws<IOException>(() => StateFiles.Open(folder.Path)).Message);
    }

    private static Task<string> FreshAsync() => SmallCheckpoint.WriteAsync(new CheckpointStore(new MemoryFiles()), 5);

    private static async Task<string?> TryWriteAsync(CheckpointStore store, int events)
    {
        try
        {
            return await SmallCheckpoint.WriteAsync(store, events);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
