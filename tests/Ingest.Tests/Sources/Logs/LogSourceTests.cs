namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>A log followed while it is written: each event once and in order, over the borders of segments, past damage, across lives of the writer.</summary>
public sealed class LogSourceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(1_500)]
    [InlineData(1 << 20)]
    public async Task AGrowingLog_IsHandedOverOnceAndInOrder(long segmentBytes)
    {
        var count = LongRuns.Scale(400);
        using var scene = new LogScene(count, 11);
        await using var reader = new Follower(scene);
        var chance = new Random(12);
        for (var written = 0; written < count;)
        {
            // A life of the writer; some end without an orderly close. At times the reader is waited for, so that it has read a segment before there is a next.
            using var log = scene.Open(segmentBytes);
            Assert.Equal(written, log.LastNumber);
            for (var commits = chance.Next(1, 20); commits > 0 && written < count; commits--)
            {
                var batch = Math.Min(chance.Next(1, 6), count - written);
                scene.Append(log, written, batch);
                log.Commit();
                written += batch;
                if (chance.Next(4) == 0)
                {
                    await reader.Sink.Until(() => reader.Sink.Count >= written, Limit);
                }
            }

            if (chance.Next(2) == 0)
            {
                log.Close();
            }
        }

        await reader.Sink.Until(() => reader.Sink.Count >= count, Limit);
        Assert.Equal(SourceEnd.Stopped, await reader.StopAsync());
        Assert.Equal(scene.Expected(Enumerable.Range(0, count)), reader.Records);
        Assert.Empty(reader.Source.Damage);
        Assert.Equal(0, reader.Sink.Lag[0]);
    }

    [Fact]
    public async Task ALogThatHasBecomeShorter_IsAGapThatAnEarlierPlaceMayNotBe()
    {
        using var scene = new LogScene(60, 15);
        Write(scene, 0, 60, segmentBytes: 1_000);
        var source = new LogSource(scene.Folder, new RecordingSourceOptions());
        var places = Left(scene);
        Assert.Null(await source.FindGapAsync(places, CancellationToken.None));
        Assert.Null(await source.FindGapAsync(SourcePlaces.Beginning, CancellationToken.None));

        File.Delete(LogFolder.PathOf(scene.Folder, places.Parts[0].Part));
        var gap = await source.FindGapAsync(places, CancellationToken.None);
        Assert.Contains("is not there any more as far as it was read before", gap!.Message);
        Assert.True(gap.MayHoldEarlier);
    }

    [Fact]
    public async Task FromAPosition_NothingBeforeItIsHandedOver()
    {
        using var scene = new LogScene(60, 13);
        Write(scene, 0, 60, segmentBytes: 1_000);
        await using var reader = new Follower(scene, new RecordingSourceOptions { StartPositions = new Dictionary<int, long> { [0] = 41 } });
        await reader.Sink.Until(() => reader.Sink.Count >= 20, Limit);
        await reader.StopAsync();
        Assert.Equal(scene.Expected(Enumerable.Range(0, 60))[40..], reader.Records);
    }

    [Fact]
    public async Task DamageInAnOldSegment_IsPassedOverAndTold()
    {
        using var scene = new LogScene(30, 14);
        Write(scene, 0, 30, segmentBytes: 1);
        var path = LogFolder.PathOf(scene.Folder, 7);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[RecordingFormat.FirstBlock + RecordingFormat.BlockHeaderBytes + 5] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await using var reader = new Follower(scene);
        await reader.Sink.Until(() => reader.Sink.Count >= 29, Limit);
        Write(scene, 30, 1, segmentBytes: 1);
        await reader.Sink.Until(() => reader.Sink.Count >= 30, Limit);
        await reader.StopAsync();
        Assert.Equal([.. Enumerable.Range(1, 31).Where(number => number != 7)], reader.Records.Select(record => (int)record.Position.Offset));
        Assert.Contains(Path.GetFileName(path), reader.Source.Damage);
        Assert.Contains(reader.Said, line => line.Contains(Path.GetFileName(path)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnOldSegmentThatHoldsNothingReadable_IsPassedOverAndTold(bool isEmpty)
    {
        using var scene = new LogScene(5, 15);
        Write(scene, 0, 5, segmentBytes: 1);
        await File.WriteAllBytesAsync(LogFolder.PathOf(scene.Folder, 2), isEmpty ? []
            : Enumerable.Repeat((byte)'x', 140).ToArray()); // longer than a recording's header, 128 bytes
        await using var reader = new Follower(scene);
        await reader.Sink.Until(() => reader.Sink.Count >= 4, Limit);
        await reader.StopAsync();
        Assert.Equal([1, 3, 4, 5], reader.Records.Select(record => record.Position.Offset));
        Assert.Contains("events-00000002.kpirec", reader.Source.Damage);
    }

    [Fact]
    public async Task ATornEnd_IsWaitedBehind_AndReadOnWhenTheWriterIsBack()
    {
        using var scene = new LogScene(20, 16);
        Write(scene, 0, 10, segmentBytes: 1 << 20);
        await File.AppendAllTextAsync(LogFolder.PathOf(scene.Folder, 1), "the beginning of a block that a killed writer left");
        await using var reader = new Follower(scene);
        await reader.Sink.Until(() => reader.Sink.Count >= 10, Limit);
        Write(scene, 10, 10, segmentBytes: 1 << 20);
        await reader.Sink.Until(() => reader.Sink.Count >= 20, Limit);
        await reader.StopAsync();
        Assert.Equal(scene.Expected(Enumerable.Range(0, 20)), reader.Records);
        Assert.Contains("did not end with a whole block", Assert.Single(scene.Said));
        Assert.Empty(reader.Source.Damage);
    }

    /// <summary>The end of the log as it is now.</summary>
    private static SourcePlaces Left(LogScene scene)
    {
        var last = LogFolder.Segments(scene.Folder)[^1];
        using var file = RecordingInput.FromPath(LogFolder.PathOf(scene.Folder, last)).Open();
        return new SourcePlaces([
            new SourcePlace(last, 1, file.Length, 1, RecordingStart.Read(file).Header.Id.ToString("x32"))]);
    }

    private static void Write(LogScene scene, int from, int count, long segmentBytes)
    {
        using var log = scene.Open(segmentBytes);
        for (var i = from; i < from + count; i++)
        {
            scene.Append(log, i, 1);
            log.Commit();
        }
    }

    /// <summary>A source that follows the scene's folder, begun before there need be one.</summary>
    private sealed class Follower : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task<SourceEnd> reading;

        public Follower(LogScene scene, RecordingSourceOptions? options = null)
        {
            Source = new LogSource(scene.Folder,
                (options ?? new RecordingSourceOptions()) with { PollInterval = TimeSpan.FromMilliseconds(1), Report = Said.Enqueue });
            reading = Source.RunAsync(Sink, stop.Token);
        }

        public LogSource Source { get; }

        public KpiStream.Tests.Support.CollectingSink Sink { get; } = new();

        public System.Collections.Concurrent.ConcurrentQueue<string> Said { get; } = new();

        public IReadOnlyList<CollectingSink.Record> Records =>
            [.. Sink.Records.Select(record => new CollectingSink.Record(record.Position, record.Arrival, Convert.ToHexString(record.Bytes), -1))];

        public async Task<SourceEnd> StopAsync()
        {
            await stop.CancelAsync();
            return await reading.WaitAsync(Limit);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }
}
