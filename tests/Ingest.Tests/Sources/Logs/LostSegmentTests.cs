namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>
/// The log's files taken away under it: what is acknowledged is in the file that has the segment's name, and what is not there any more is said.
/// </summary>
public sealed class LostSegmentTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly LogScene scene = new(60, 31);

    public void Dispose() => scene.Dispose();

    public static TheoryData<string> Ways => ["deleted", "moved", "replaced", "replaced by a copy", "folder moved", "folder deleted"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TheSegmentBeingWritten_TakenAway_IsNotAcknowledgedInto_AndTheNextOneIsBegun(string way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        var options = scene.Options();
        await using var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options));
        await Take(commit, 0, 5).WaitAsync(Limit);
        TakeAway(way);
        var lost = await Assert.ThrowsAsync<IOException>(() => Take(commit, 5, 5).WaitAsync(Limit));
        Assert.Contains("was deleted, moved or replaced", lost.Message);
        Assert.Contains(scene.Said, said => said == lost.Message);

        await Take(commit, 10, 5).WaitAsync(Limit);
        await Take(commit, 15, 5).WaitAsync(Limit);
        await commit.DisposeAsync();

        // As after a restart: what was acknowledged since is there, numbered behind what was lost, and nothing that was refused.
        Assert.True(File.Exists(LogFolder.PathOf(scene.Folder, 2)));
        File.Delete(LogFolder.PathOf(scene.Folder, 1));
        var (_, records) = await scene.ReadAsync();
        Assert.Equal(Enumerable.Range(6, 10).Select(number => (long)number), records.Select(record => record.Position.Offset));
        Assert.Equal(scene.Expected(Enumerable.Range(10, 10)).Select(record => record.Hex), records.Select(record => record.Hex));
        using var next = scene.Open();
        Assert.Equal(15, next.LastNumber);
    }

    [Theory]
    [InlineData("folder moved")]
    [InlineData("folder deleted")]
    public async Task TheFolderTakenAwayWithItsKey_NothingIsAcknowledgedUntilTheKeyIsBack(string way)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        var key = Path.Combine(scene.Folder, "pseudonym.key");
        var options = scene.Options() with { KeyFile = key };
        await using var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options));
        await File.WriteAllTextAsync(key, "key");
        await Take(commit, 0, 5).WaitAsync(Limit);
        TakeAway(way);
        await Assert.ThrowsAsync<IOException>(() => Take(commit, 5, 5).WaitAsync(Limit));
        var refused = await Assert.ThrowsAsync<IOException>(() => Take(commit, 10, 5).WaitAsync(Limit));
        Assert.Contains("pseudonym.key was deleted or moved away", refused.Message);
        Assert.False(Directory.Exists(scene.Folder));
        Directory.CreateDirectory(scene.Folder);
        await File.WriteAllTextAsync(key, "key");
        await Take(commit, 15, 5).WaitAsync(Limit);
        Assert.Equal([2], LogFolder.Segments(scene.Folder));
    }

    [Fact]
    public async Task WithoutAPost_ACheckBeginsTheNextSegment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        var options = scene.Options();
        await using var commit = new GroupCommit(EventLog.Open(scene.Folder, options), () => EventLog.Open(scene.Folder, options));
        await Take(commit, 0, 5).WaitAsync(Limit);
        await commit.CheckAsync().WaitAsync(Limit);
        Assert.Equal([1], LogFolder.Segments(scene.Folder));
        TakeAway("deleted");
        await commit.CheckAsync().WaitAsync(Limit);
        Assert.Equal([2], LogFolder.Segments(scene.Folder));
        await Take(commit, 5, 5).WaitAsync(Limit);
    }

    [Fact]
    public void WhatWasOnDiskOfALostSegment_IsRead_AndNothingOfWhatWasRefused()
    {
        var options = scene.Options();
        using var log = EventLog.Open(scene.Folder, options);
        scene.Append(log, 0, 5);
        log.Commit();
        var limit = options.Durable.LimitOf(1);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere an open file keeps its name");
        TakeAway("deleted");
        Assert.Throws<SegmentLostException>(() =>
        {
            scene.Append(log, 5, 5);
            log.Commit();
        });
        Assert.Equal(limit, options.Durable.LimitOf(1));
        log.Dispose();
        using var next = EventLog.Open(scene.Folder, options);
        Assert.Equal((limit, 5), (options.Durable.LimitOf(1), next.LastNumber));
    }

    [Fact]
    public void OlderSegments_AreMissedWhenTheyAreTaken_AndNotWhenTheyAreBack()
    {
        WriteThreeSegments();
        var said = new List<string>();
        var watch = new SegmentWatch(new LogFiles(scene.Folder), said.Add);
        Assert.False(watch.Check());
        var first = LogFolder.PathOf(scene.Folder, 1);
        var bytes = File.ReadAllBytes(first);
        File.Delete(first);
        Assert.True(watch.Check());
        Assert.False(watch.Check());
        Assert.Equal((1, true), (watch.Missing, watch.Failure.Contains(first)));

        File.WriteAllBytes(first, bytes[..^1]);
        watch.Check();
        Assert.Equal(OperatingSystem.IsLinux() ? 1 : 0, watch.Missing);
        File.Delete(first);
        File.WriteAllBytes(first, bytes);
        watch.Check();
        Assert.Equal((0, "", 2), (watch.Missing, watch.Failure, said.Count));
        Assert.Contains("is there again", said[1]);
    }

    [Fact]
    public void OneThatIsBackWhileAnotherGoes_ChangesWhatIsMissed()
    {
        WriteThreeSegments();
        var said = new List<string>();
        var watch = new SegmentWatch(new LogFiles(scene.Folder), said.Add);
        watch.Check();
        var (first, second) = (LogFolder.PathOf(scene.Folder, 1), LogFolder.PathOf(scene.Folder, 2));
        File.Move(first, first + ".away");
        Assert.True(watch.Check());
        File.Move(first + ".away", first);
        File.Delete(second);
        Assert.True(watch.Check());
        Assert.Equal((1, true, false), (watch.Missing, watch.Failure.Contains(second), watch.Failure.Contains(first)));
        Assert.Equal([true, false], said.Select(sentence => sentence.Contains(first)));
        Assert.False(watch.Check());
    }

    [Fact]
    public void AHoleBetweenSegments_IsSaidAtTheOpening()
    {
        using (var log = scene.Open(segmentBytes: 1))
        {
            for (var number = 0; number < 3; number++)
            {
                scene.Append(log, number, 1);
                log.Commit();
            }
        }

        File.Delete(LogFolder.PathOf(scene.Folder, 2));
        using var again = scene.Open();
        Assert.Contains(scene.Said, said => said.StartsWith($"{LogFolder.PathOf(scene.Folder, 2)} is missing: bring the file back"));
    }

    private void WriteThreeSegments()
    {
        using var log = scene.Open(segmentBytes: 1);
        for (var number = 0; number < 3; number++)
        {
            scene.Append(log, number, 1);
            log.Commit();
        }
    }

    private void TakeAway(string way)
    {
        var path = LogFolder.PathOf(scene.Folder, 1);
        switch (way)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "moved":
                File.Move(path, path + ".old");
                break;
            case "replaced":
                File.Delete(path);
                File.WriteAllText(path, "something else");
                break;
            case "replaced by a copy":
                File.Copy(path, path + ".copy");
                File.Move(path + ".copy", path, overwrite: true);
                break;
            case "folder moved":
                Directory.Move(scene.Folder, scene.Folder + ".old");
                break;
            default:
                Directory.Delete(scene.Folder, recursive: true);
                break;
        }
    }

    private Task Take(GroupCommit commit, int from, int count)
    {
        Assert.True(commit.TryWrite(scene.Batch(from, count), LogScene.Arrival, out var done));
        return done;
    }
}
