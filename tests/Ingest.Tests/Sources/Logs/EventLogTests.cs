namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>The embedded log against a plain list: what was committed is there, once and in order, whatever became of its writer.</summary>
public sealed class EventLogTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(700, 2)]
    [InlineData(5_000, 3)]
    [InlineData(1 << 20, 4)]
    public async Task AnyCourseOfSessionsCommitsAndPowerCuts_HoldsWhatTheListHolds(long segmentBytes, int seed)
    {
        output.WriteLine($"segments of {segmentBytes} bytes, seed {seed}");
        using var scene = new LogScene(500, (ulong)seed);
        var chance = new Random(seed);
        var model = new List<int>();
        var certain = 0;
        for (var session = 0; session < LongRuns.Scale(25); session++)
        {
            using var log = scene.Open(segmentBytes);

            // What was appended and not committed may be there or not, but nothing behind a gap.
            Assert.InRange(log.LastNumber, certain, model.Count);
            model.RemoveRange((int)log.LastNumber, model.Count - (int)log.LastNumber);
            (certain, var durable) = Write(scene, log, model, chance);
            if (chance.Next(3) == 0)
            {
                log.Close();
                certain = model.Count;
                continue;
            }

            log.Dispose();
            CutPower(scene, chance, durable);
        }

        using (var last = scene.Open(segmentBytes))
        {
            model.RemoveRange((int)last.LastNumber, model.Count - (int)last.LastNumber);
            last.Close();
        }

        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(scene.Expected(model), records);
    }

    [Fact]
    public async Task SmallSegments_AreManyFilesAndOneLog()
    {
        using var scene = new LogScene(300, 5);
        for (var from = 0; from < 300; from += 20)
        {
            using var log = scene.Open(segmentBytes: 1_000);
            Assert.Equal(from, log.LastNumber);
            for (var i = from; i < from + 20; i += 4)
            {
                scene.Append(log, i, 4);
                log.Commit();
            }
        }

        Assert.InRange(LogFolder.Segments(scene.Folder).Count, 30, 80);
        Assert.Equal(LogFolder.Segments(scene.Folder), Enumerable.Range(1, LogFolder.Segments(scene.Folder).Count));
        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(scene.Expected(Enumerable.Range(0, 300)), records);
        Assert.Empty(scene.Said);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    public async Task CrashWhileASegmentWasBegun_NumbersGoOn(int bytesOfHeader)
    {
        using var scene = new LogScene(20, 6);
        using (var log = scene.Open(segmentBytes: 1))
        {
            for (var i = 0; i < 3; i++)
            {
                scene.Append(log, i, 1);
                log.Commit();
            }
        }

        var begun = LogFolder.PathOf(scene.Folder, 3);
        await File.WriteAllBytesAsync(begun, (await File.ReadAllBytesAsync(begun))[..bytesOfHeader]);
        using (var log = scene.Open(segmentBytes: 1))
        {
            Assert.Equal(2, log.LastNumber);
            scene.Append(log, 2, 2);
            log.Close();
        }

        var (end, records) = await scene.ReadAsync();
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(scene.Expected([0, 1, 2, 3]), records);
    }

    [Fact]
    public void ASecondWriter_IsRefusedUntilTheFirstHasGone()
    {
        using var scene = new LogScene(4, 7);
        using (scene.Open())
        {
            Assert.Contains("in use by another process", Assert.Throws<IOException>(() => scene.Open()).Message);
        }

        using var after = scene.Open();
        Assert.Equal(0, after.LastNumber);
    }

    [Fact]
    public void AnotherPseudonymKey_IsRefusedAndTheLogStaysUsable()
    {
        using var scene = new LogScene(4, 8);
        using (var log = scene.Open())
        {
            scene.Append(log, 0, 2);
            log.Close();
        }

        var refused = Assert.Throws<IOException>(() => EventLog.Open(scene.Folder, scene.Options(keyId: "00000000000000bb")));
        Assert.Contains("another pseudonym key", refused.Message);
        using var again = scene.Open();
        Assert.Equal(2, again.LastNumber);
    }

    [Fact]
    public void FilesThatAreNoSegments_AreLeftAlone()
    {
        using var scene = new LogScene(1, 9);
        Assert.False(LogFolder.IsLog(scene.Folder));
        Directory.CreateDirectory(scene.Folder);
        foreach (var name in (string[])["events-1.kpirec", "events-00000000.kpirec", "events--0000001.kpirec", "events-0000000x.kpirec",
            "events-00000002.kpirec.lock", "events-99999999999.kpirec", "events-.kpirec"])
        {
            File.WriteAllText(Path.Combine(scene.Folder, name), "not ours");
        }

        Assert.Empty(LogFolder.Segments(scene.Folder));
        using var log = scene.Open();
        Assert.Equal([1], LogFolder.Segments(scene.Folder));
    }

    /// <summary>Appends and commits by chance; gives how many events are certain to be there, and what of the files was on disk by then.</summary>
    private static (int Certain, (int Segment, long Length) Durable) Write(LogScene scene, EventLog log, List<int> model, Random chance)
    {
        log.Commit();
        var (certain, durable) = (model.Count, Newest(scene));
        for (var step = chance.Next(30); step > 0; step--)
        {
            if (chance.Next(4) == 0)
            {
                log.Commit();
                (certain, durable) = (model.Count, Newest(scene));
            }
            else
            {
                scene.Append(log, model.Count, 1);
                model.Add(model.Count);
            }
        }

        return (certain, durable);
    }

    private static (int Segment, long Length) Newest(LogScene scene)
    {
        var newest = LogFolder.Segments(scene.Folder)[^1];
        return (newest, new FileInfo(LogFolder.PathOf(scene.Folder, newest)).Length);
    }

    /// <summary>Of what was not on disk by the last commit, any beginning may be left.</summary>
    private static void CutPower(LogScene scene, Random chance, (int Segment, long Length) durable)
    {
        var newest = Newest(scene);
        var least = newest.Segment == durable.Segment ? durable.Length : 0;
        using var file = new FileStream(LogFolder.PathOf(scene.Folder, newest.Segment), FileMode.Open);
        file.SetLength(chance.NextInt64(least, newest.Length + 1));
    }
}
