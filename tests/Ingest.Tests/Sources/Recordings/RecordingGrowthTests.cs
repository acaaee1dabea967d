namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>A recording that grows in the very middle of being read: what was half there is never taken for damage, and nothing is passed over.</summary>
public sealed class RecordingGrowthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task GrownBetweenAnyTwoReads_TheBeginningThatWasThereIsReadWithoutAGap(int seed)
    {
        var scene = new RecordingScene(40, (ulong)seed, partitions: 1);
        using var folder = new KpiStream.Tests.Support.Program.TemporaryFolder();
        var bytes = scene.Record(folder.File("a.rec"), 4);
        var missed = 0;
        for (var visible = RecordingFormat.FirstBlock; visible < bytes.Length; visible += 61)
        {
            for (var reads = 0; reads < 40; reads += 1 + (reads / 8))
            {
                var input = new RecordingInput("a.rec", () => new Growing(bytes, visible, reads)) { FindWriting = () => RecordingWriting.Now };
                var (end, sink, _) = await RecordingScene.ReadAsync([input]);
                Assert.Equal(SourceEnd.Finished, end);
                Assert.Equal(scene.Expected.Take(sink.Records.Count), sink.Records);
                missed += sink.Records.Count < scene.Expected.Count ? 1 : 0;
            }
        }

        Assert.InRange(missed, 1, int.MaxValue);
    }

    /// <summary>A file of which a beginning is there, and after this many reads all of it.</summary>
    private sealed class Growing(byte[] whole, int visible, int reads) : MemoryStream(whole, 0, whole.Length, writable: false, publiclyVisible: true)
    {
        private int left = reads;

        public override long Length => left > 0 ? visible : base.Length;

        public override int Read(Span<byte> buffer)
        {
            var there = (int)Math.Clamp(Length - Position, 0, buffer.Length);
            left--;
            GetBuffer().AsSpan((int)Position, there).CopyTo(buffer);
            Position += there;
            return there;
        }
    }
}
