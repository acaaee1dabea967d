namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>
/// A segment cut short in place, or moved away and put back: nothing is written behind the end of what is left, what is missing is said until it is there
/// again, and what is there again is whole for every reader.
/// </summary>
public sealed class CutSegmentTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LogScene scene = new(60, 32);

    public void Dispose() => scene.Dispose();

    private string First => LogFolder.PathOf(scene.Folder, 1);

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(int.MaxValue)]
    public async Task ASegmentCutInPlace_IsNoticedBeforeTheNextBatchIsAcknowledged(int cutBytes)
    {
        var options = scene.Options();
        await using var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options));
        await Take(commit, 0, 5).WaitAsync(Limit);
        var whole = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);
        var left = whole[..Math.Max(0, whole.Length - cutBytes)];
        Cut(left.Length);

        var lost = await Assert.ThrowsAsync<IOException>(() => Take(commit, 5, 5).WaitAsync(Limit));
        Assert.IsType<SegmentLostException>(lost.InnerException);
        Assert.Contains($"{First} was cut short while it was being written", lost.Message);
        Assert.Equal(left, await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken));

        // The events after it are numbered behind those that were acknowledged, and a reader of what is left knows which are missing.
        await Take(commit, 10, 5).WaitAsync(Limit);
        await commit.DisposeAsync();
        Assert.Equal(left, await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken));
        var (_, records) = await scene.ReadAsync();
        Assert.Equal(Enumerable.Range(6, 5).Select(number => (long)number), records.TakeLast(5).Select(record => record.Position.Offset));
        var there = records.SkipLast(5).Select(record => record.Position.Offset).LastOrDefault();
        var missing = SegmentNumbers.FindMissing(new LogFiles(scene.Folder), CancellationToken.None).ToList();
        Assert.Equal(there == 0 ? [] : [new MissingNumbers(there + 1, 6, LogFolder.NameOf(2))], missing);
    }

    [Fact]
    public void WhatFillsABlock_IsNotWrittenBehindTheEndEither()
    {
        using var log = EventLog.Open(scene.Folder, scene.Options());
        scene.Append(log, 0, 5);
        log.Commit();
        Cut(200);

        // Blocks hold a few events, so these are written before they are committed.
        var lost = Assert.Throws<SegmentLostException>(() => scene.Append(log, 5, 50));
        Assert.Contains("was cut short", lost.Message);
        Assert.Equal(200, new FileInfo(First).Length);
    }

    [Fact]
    public async Task ASegmentCutInPlace_IsMissedUntilItsBytesAreBack_AndThenItIsWhole()
    {
        var options = scene.Options();
        var said = new List<string>();
        var files = new LogFiles(scene.Folder);
        var watch = new SegmentWatch(files, said.Add)
        {
            Durable = options.Durable,
            Returned = segment => SegmentEnding.TryComplete(files, segment, options)
        };
        await using var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options));
        await Take(commit, 0, 3).WaitAsync(Limit);
        Assert.False(watch.Check());
        var seen = new FileInfo(First).Length;
        await Take(commit, 3, 3).WaitAsync(Limit);
        var whole = await File.ReadAllBytesAsync(First, TestContext.Current.CancellationToken);

        // What is left is longer than what was seen of it last: how far it was on disk says that it is not all.
        Cut((int)seen + 10);
        Assert.True(watch.Check());
        await commit.CheckAsync().WaitAsync(Limit);
        await Take(commit, 6, 3).WaitAsync(Limit);
        Cut(whole.Length + 5_000);
        watch.Check();
        Assert.Equal((1, true), (watch.Missing, watch.Failure.Contains($"{First} deleted, moved, replaced or cut short while serve was running")));

        await File.WriteAllBytesAsync(First, whole, TestContext.Current.CancellationToken);
        watch.Check();
        Assert.Equal((0, "", 2), (watch.Missing, watch.Failure, said.Count));
        Assert.Contains("is there again", said[1]);
        await commit.DisposeAsync();
        var (end, records) = await scene.ReadAsync();
        Assert.Equal((SourceEnd.Finished, 9), (end, records.Count));
        Assert.Equal(scene.Expected(Enumerable.Range(0, 9)), records);
    }

    [Theory]
    [InlineData("under serve")]
    [InlineData("before the next start")]
    public async Task ASegmentMovedAwayAndPutBack_GetsItsManifest(string when)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        var options = scene.Options();
        var files = new LogFiles(scene.Folder);
        var watch = new SegmentWatch(files, _ => { })
        {
            Durable = options.Durable,
            Returned = segment => SegmentEnding.TryComplete(files, segment, options)
        };
        await using (var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options)))
        {
            await Take(commit, 0, 5).WaitAsync(Limit);
            watch.Check();
            File.Move(First, First + ".away");
            await Assert.ThrowsAsync<IOException>(() => Take(commit, 5, 5).WaitAsync(Limit));
            await Take(commit, 5, 5).WaitAsync(Limit);
            watch.Check();
            File.Move(First + ".away", First);
            if (when == "under serve")
            {
                watch.Check();
                var now = await scene.ReadAsync();
                Assert.Equal((SourceEnd.Finished, 10), (now.End, now.Records.Count));
            }
        }

        if (when != "under serve")
        {
            Assert.Equal(SourceEndKind.Damaged, (await scene.ReadAsync()).End.Kind);
            scene.Open().Dispose();
        }

        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(scene.Expected(Enumerable.Range(0, 10)), records);
        Assert.Contains(scene.Said, said => said.Contains("it was given the manifest it lacked"));
    }

    [Fact]
    public async Task ASegmentThatLacksEvents_IsNotGivenAManifestThatHidesIt()
    {
        var options = scene.Options();
        await using (var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options)))
        {
            await Take(commit, 0, 5).WaitAsync(Limit);
            Cut((int)new FileInfo(First).Length - 1);
            await Assert.ThrowsAsync<IOException>(() => Take(commit, 5, 5).WaitAsync(Limit));
            await Take(commit, 5, 5).WaitAsync(Limit);
        }

        scene.Open().Dispose();
        Assert.Equal(SourceEndKind.Damaged, (await scene.ReadAsync()).End.Kind);
    }

    [Fact]
    public void AnEventWhoseBlockIsGone_IsKnownByItsNumber_AndAWholeLogLacksNone()
    {
        using (var log = scene.Open(segmentBytes: 3_000))
        {
            for (var number = 0; number < 60; number += 2)
            {
                scene.Append(log, number, 2);
                log.Commit();
            }
        }

        var files = new LogFiles(scene.Folder);
        Assert.InRange(LogFolder.Segments(files).Count, 4, 30);
        Assert.Empty(SegmentNumbers.FindMissing(files, CancellationToken.None));

        // In the middle of a segment, and a whole segment.
        var blocks = Recordings.NaiveRecording.Blocks(File.ReadAllBytes(First)).Where(block => block.Events.Count > 0).ToList();
        using (var file = File.OpenWrite(First))
        {
            file.Position = blocks[1].Start;
            file.Write(new byte[blocks[1].End - blocks[1].Start]);
        }

        var before = blocks[0].Events.Count;
        var lost = new MissingNumbers(before + 1, before + 1 + blocks[1].Events.Count, LogFolder.NameOf(1));
        Assert.Equal([lost], SegmentNumbers.FindMissing(files, CancellationToken.None));
        var (second, third) = (SegmentNumbers.FirstOf(files, 2)!.Value, SegmentNumbers.FirstOf(files, 3)!.Value);
        File.Delete(LogFolder.PathOf(scene.Folder, 2));
        Assert.Equal([lost, new MissingNumbers(second, third, LogFolder.NameOf(3))], SegmentNumbers.FindMissing(files, CancellationToken.None));
    }

    private void Cut(int length)
    {
        using var file = new FileStream(First, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    private Task Take(GroupCommit commit, int from, int count)
    {
        Assert.True(commit.TryWrite(scene.Batch(from, count), LogScene.Arrival, out var done));
        return done;
    }
}
