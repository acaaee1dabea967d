namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>A recording opened again continues exactly where it was, whatever its last writer left.</summary>
public sealed class RecordingResumeTests : IDisposable
{
    private const int Count = 24;

    private readonly TemporaryFolder folder = new();
    private readonly RecordingScene scene = new(Count, 7, partitions: 1);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AnyTruncation_IsGoneOnWithFromTheLastGoodBlock()
    {
        var path = folder.File("a.rec");
        var bytes = scene.Record(path, 4);

        // Every opening waits for the disk several times; a long run tries every length.
        var step = LongRuns.Effort > 1 ? 1 : 13;
        for (var length = 0; length <= bytes.Length; length += step)
        {
            await File.WriteAllBytesAsync(path, bytes[..length]);
            var whole = NaiveRecording.Blocks(bytes).Where(block => block.End <= length).SelectMany(block => block.Events).Count();
            using (var writer = scene.Open(path, out var notices))
            {
                Assert.Equal(whole, writer.Records);
                Assert.Equal(whole - 1, writer.LastOffsets.GetValueOrDefault(0, -1));
                Assert.InRange(notices.Count, 0, 1);
                scene.Append(writer, whole, Count, 5);
                writer.Close();
            }

            var (end, sink, said) = await RecordingScene.ReadAsync(await File.ReadAllBytesAsync(path));
            Assert.Equal(SourceEnd.Finished, end);
            Assert.Empty(said);
            Assert.Equal(scene.Expected, sink.Records);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2_000)]
    [InlineData(1 << 20)]
    public async Task ManySessions_WithAndWithoutAnOrderlyEnd_GiveOneRecording(long sectionBytes)
    {
        var sessions = new RecordingScene(
            500, 12, partitions: 1)
        { Options = new RecordingOptions(new CodeBook(), RecordingScene.KeyId) { BlockBytes = 1, SectionBytes = sectionBytes } };
        var path = folder.File("a.rec");
        var chance = new Random(3);
        for (var at = 0; at < 500;)
        {
            using var writer = sessions.Open(path);
            at = (int)(writer.LastOffsets.GetValueOrDefault(0, -1) + 1);
            Assert.Equal(at, writer.Records);
            sessions.Append(writer, at, Math.Min(500, at + chance.Next(60)), chance.Next(1, 9));
            if (chance.Next(3) > 0)
            {
                writer.Close();
            }
        }

        var bytes = await File.ReadAllBytesAsync(path);
        var (end, sink, _) = await RecordingScene.ReadAsync(bytes);
        Assert.Equal(NaiveRecording.Blocks(bytes)[^1].Type == 3 ? SourceEndKind.Finished : SourceEndKind.Damaged, end.Kind);
        Assert.Equal(sessions.Expected, sink.Records);

        using (var last = sessions.Open(path))
        {
            last.Close();
        }

        var manifest = NaiveRecording.Blocks(await File.ReadAllBytesAsync(path))[^1];
        var summary = RecordingSummary.TryRead((await File.ReadAllBytesAsync(path))
            .AsSpan(manifest.Start + RecordingFormat.BlockHeaderBytes, manifest.End - manifest.Start - RecordingFormat.BlockHeaderBytes))!;
        Assert.Equal((3, 500L, 500L), (manifest.Type, summary.Records, summary.Sources.Values.Sum()));
    }

    [Fact]
    public void RejectedRecords_AreCountedOnceOverAllSessions()
    {
        var path = folder.File("a.rec");
        for (var session = 0; session < 4; session++)
        {
            using var writer = scene.Open(path);
            Assert.Equal(session * 3, writer.Rejected.GetValueOrDefault("malformed"));
            Assert.Equal((session * 3) - 1, writer.LastOffsets.GetValueOrDefault(5, -1));
            for (var i = 0; i < 3; i++)
            {
                writer.AppendRejected(new Verdict(RejectReason.Malformed), new SourcePosition(5, (session * 3) + i), 1);
            }

            // As after a kill: committed, not closed.
            writer.Commit();
        }
    }

    [Fact]
    public async Task AHoleThatAPowerCutLeft_IsCutOff_AndOldDamageStays()
    {
        var path = folder.File("a.rec");
        using (var writer = scene.Open(path))
        {
            scene.Append(writer, 0, 8, 4);
            writer.Commit();
            scene.Append(writer, 8, 20, 100);
            writer.Commit();
        }

        // The first 8 events are on disk after two commits; of the blocks behind them any may be lost until the third.
        var bytes = await File.ReadAllBytesAsync(path);
        var blocks = NaiveRecording.Blocks(bytes);
        var lost = blocks.First(block => Has(block, 14));
        await File.WriteAllBytesAsync(path, WithHole(bytes, lost));
        using (var writer = scene.Open(path, out var notices))
        {
            Assert.Equal(lost.Events[0].Position.Offset - 1, writer.LastOffsets[0]);
            Assert.Contains("did not end with a whole block", Assert.Single(notices));
        }

        await File.WriteAllBytesAsync(path, WithHole(bytes, blocks.First(block => Has(block, 2))));
        using (var writer = scene.Open(path, out var notices))
        {
            Assert.Equal(19, writer.LastOffsets[0]);
            Assert.Contains("are damaged and were left", Assert.Single(notices));
        }
    }

    [Fact]
    public async Task AnotherKey_AnotherWriter_ANewerFormat_AreRefusedAndTheFileIsLeftAlone()
    {
        var path = folder.File("a.rec");
        var bytes = scene.Record(path, 4);
        Assert.Contains("another pseudonym key", RecordingOpening.Open(path, new RecordingOptions(new CodeBook(), "00000000000000bb")).Error);
        using (scene.Open(path))
        {
            Assert.Contains("written by another process", RecordingOpening.Open(path, scene.Options).Error);
        }

        RecordingHeader.TryRead(bytes, out var header);
        var newer = bytes.ToArray();
        (header with { Version = RecordingFormat.Version + 1 }).Write(newer);
        (header with { Version = RecordingFormat.Version + 1 }).Write(newer.AsSpan(RecordingFormat.HeaderBytes));
        await File.WriteAllBytesAsync(path, newer);
        Assert.Contains("newer program", RecordingOpening.Open(path, scene.Options).Error);
        Assert.Equal(newer, await File.ReadAllBytesAsync(path));
        var (end, _, _) = await RecordingScene.ReadAsync(newer);
        Assert.Equal((SourceEndKind.Unavailable, true), (end.Kind, end.Message.Contains("newer program")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARecordingOfFormat1_IsContinuedInTheNewFormat_WhateverMomentItsHeaderWasLeftAt(bool isHalfRaised)
    {
        var path = folder.File("a.rec");
        var old = await File.ReadAllBytesAsync(GoldenFiles.PathOf("format-1.kpirec"));
        RecordingHeader.TryRead(old, out var header);
        if (isHalfRaised)
        {
            (header with { Version = RecordingFormat.Version }).Write(old.AsSpan(RecordingFormat.HeaderBytes));
        }

        await File.WriteAllBytesAsync(path, old);
        var before = (await RecordingScene.ReadAsync(old)).Sink.Records;
        var more = new RecordingScene(20, 9) { Options = new RecordingOptions(new CodeBook(), RecordingInput.KeyIdOf(path)!) };
        using (var writer = more.Open(path, out var notices))
        {
            Assert.Contains("was of recording format 1", Assert.Single(notices));
            more.Append(writer, 0, 20, 7);
            writer.Close();
        }

        var bytes = await File.ReadAllBytesAsync(path);
        Assert.True(RecordingHeader.TryRead(bytes, out var first) && RecordingHeader.TryRead(bytes.AsSpan(RecordingFormat.HeaderBytes), out var second)
            && first == second);
        Assert.Equal(header with { Version = RecordingFormat.Version }, first);
        var (end, sink, said) = await RecordingScene.ReadAsync(bytes);
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Empty(said);
        Assert.Equal([.. before, .. more.Expected], sink.Records);
        using (more.Open(path, out var notices))
        {
            Assert.Empty(notices);
        }
    }

    [Fact]
    public async Task AGrowingRecording_IsReadWhileItIsWritten()
    {
        var path = folder.File("a.rec");
        var grown = new RecordingScene(LongRuns.Scale(3_000), 21);
        using var stop = new CancellationTokenSource();
        var sink = new KpiStream.Tests.Support.CollectingSink();
        await File.WriteAllBytesAsync(path, []);
        var source = new RecordingSource(
            [RecordingInput.FromPath(path)], new RecordingSourceOptions { Follow = true, PollInterval = TimeSpan.FromMilliseconds(1) });
        var reading = source.RunAsync(sink, stop.Token);
        using (var writer = grown.Open(path))
        {
            for (var at = 0; at < grown.Expected.Count; at += 100)
            {
                grown.Append(writer, at, at + 100, 7);
                writer.Commit();
                await sink.Until(() => sink.Count >= at + 100, TimeSpan.FromSeconds(60));
            }
        }

        // A torn end, as of a killed writer, is waited behind; another writer cuts it and continues.
        await File.AppendAllTextAsync(path, "not a block");
        using (var writer = grown.Open(path, out var notices))
        {
            Assert.Single(notices);
            writer.AppendRejected(new Verdict(RejectReason.Malformed), new SourcePosition(0, 1_000_000), 1);
            grown.Append(writer, 0, 1, 1);
            writer.Close();
            await sink.Until(() => sink.Count == grown.Expected.Count + 1, TimeSpan.FromSeconds(60));
        }

        await stop.CancelAsync();
        Assert.Equal(SourceEndKind.Stopped, (await reading).Kind);
        Assert.Equal(1, source.Rejected);
        Assert.Equal([.. grown.Expected, grown.Expected[0]],
            sink.Records.Select(one => new CollectingSink.Record(one.Position, one.Arrival, Convert.ToHexString(one.Bytes), -1)));
        Assert.Equal(0, sink.Lag[0]);
    }

    private static bool Has(NaiveRecording.Block block, long offset) => block.Events.Any(one => one.Position.Offset == offset);

    private static byte[] WithHole(byte[] file, NaiveRecording.Block block)
    {
        var hole = file.ToArray();
        hole.AsSpan(block.Start, block.End - block.Start).Clear();
        return hole;
    }
}
