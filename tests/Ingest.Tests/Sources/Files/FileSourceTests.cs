using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Sources.Files;

public sealed class FileSourceTests(ITestOutputHelper output) : IDisposable
{
    private const int Limit = 65_536;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpistream-lines-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task SeveralFiles_AreReadInOrder_EachWithItsOwnLineNumbersAndMark()
    {
        var first = Write("a.ndjson", Encoding.UTF8.GetBytes("\uFEFF{1}\r\n\n{2}"));
        var second = Write("b.ndjson", Encoding.UTF8.GetBytes("\uFEFF{3}\n"));

        var (end, sink) = await ReadAsync(FileInput.FromPath(first), FileInput.FromPath(second));

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(
            [(new SourcePosition(0, 1), "{1}\r"), (new SourcePosition(0, 3), "{2}"), (new SourcePosition(1, 1), "{3}")],
            sink.Records.Select(record => (record.Position, record.Text)));
        Assert.True(sink.Flushes > 0);
    }

    [Fact]
    public async Task BigFile_OverManyBuffers_IsCutAsTheNaiveSplitterCutsIt()
    {
        const int seed = 20250701;
        output.WriteLine($"seed {seed}");
        var text = BigText(new Random(seed), 3_000_000);

        var (end, sink) = await ReadAsync(FileInput.FromPath(Write("big.ndjson", text)));
        var (zippedEnd, zipped) = await ReadAsync(FileInput.FromPath(Write("big.gz", Gzip(text))));

        var expected = NaiveSplitter.Split(text, Limit);
        Assert.Contains(expected, record => record.TooLong >= 0);
        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal(expected, sink.Records);
        Assert.Equal(SourceEnd.Finished, zippedEnd);
        Assert.Equal(expected, zipped.Records);
    }

    [Fact]
    public async Task GzipOfSeveralMembers_ThroughAPipeInPieces_IsOneText()
    {
        var bytes = (byte[])[.. Gzip("a\nb"u8), .. Gzip(""u8), .. Gzip("c\nd\n"u8)];
        foreach (var size in new[] { 1, 2, 5, 1000 })
        {
            var (end, sink) = await ReadAsync(Pipe(bytes, size));

            Assert.Equal(SourceEnd.Finished, end);
            Assert.Equal(["a", "bc", "d"], sink.Records.Select(record => record.Text));
        }
    }

    [Fact]
    public async Task BytesThatOnlyBeginLikeGzip_AreText()
    {
        var (end, sink) = await ReadAsync(Pipe([0x1f], 1));

        Assert.Equal(SourceEnd.Finished, end);
        Assert.Equal("1F", Assert.Single(sink.Records).Hex);
    }

    [Fact]
    public async Task GzipCutOff_IsDamaged_AndSaysInWhichLine()
    {
        var text = BigText(new Random(5), 300_000);
        var (end, sink) = await ReadAsync(FileInput.FromPath(Write("cut.gz", Gzip(text)[..^20_000])));

        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.InRange(sink.Records.Count, 1, NaiveSplitter.Split(text, Limit).Count - 1);
        Assert.Contains("cut off in line ", end.Message);
    }

    [Fact]
    public async Task GzipWithAWrongCheckSumOrAStrangeTail_IsDamaged()
    {
        var wrong = Gzip("a\nb\n"u8);
        wrong[^6] ^= 1;
        byte[] tail = [.. Gzip("a\nb\n"u8), .. "not gzip"u8];

        Assert.Equal(SourceEndKind.Damaged, (await ReadAsync(Pipe(wrong, 1000))).End.Kind);
        var (end, sink) = await ReadAsync(Pipe(tail, 1000));
        Assert.Equal(SourceEndKind.Damaged, end.Kind);
        Assert.Contains("after line 2 ", end.Message);
        Assert.Equal(2, sink.Records.Count);
    }

    [Fact]
    public async Task MissingFile_IsUnavailable_BeforeAnyOtherIsRead()
    {
        var present = Write("a.ndjson", "{}\n"u8.ToArray());
        var missing = Path.Combine(folder.FullName, "nowhere.ndjson");

        var (end, sink) = await ReadAsync(FileInput.FromPath(present), FileInput.FromPath(missing));
        var (folderEnd, _) = await ReadAsync(FileInput.FromPath(folder.FullName));

        Assert.Equal(SourceEndKind.Unavailable, end.Kind);
        Assert.Contains(missing, end.Message);
        Assert.Empty(sink.Records);
        Assert.Equal(SourceEndKind.Unavailable, folderEnd.Kind);
    }

    [Fact]
    public async Task FileThatMayNotBeRead_IsUnavailable_AndSaysWhatToDo()
    {
        var input = new FileInput("secret.ndjson", () => throw new UnauthorizedAccessException());

        var (end, _) = await ReadAsync(input);

        Assert.Equal(SourceEndKind.Unavailable, end.Kind);
        Assert.Contains("read permission", end.Message);
    }

    [Fact]
    public async Task StopWhileAFileIsRead_IsStopped()
    {
        using var stop = new CancellationTokenSource();
        var sink = new CollectingSink { AfterRecord = count => CancelAt(count, 10, stop) };
        var source = new FileSource([FileInput.FromPath(Write("big.ndjson", BigText(new Random(7), 2_000_000)))]);

        Assert.Equal(SourceEnd.Stopped, await source.RunAsync(sink, stop.Token));
    }

    [Fact]
    public async Task SilentPipe_PassesOnWhatItHas_AndStopsWhenAsked()
    {
        using var stop = new CancellationTokenSource();
        var flushed = new TaskCompletionSource();
        var sink = new SilenceSink(flushed);
        var pipe = new System.IO.Pipelines.Pipe();
        await pipe.Writer.WriteAsync("{1}\n{2"u8.ToArray());
        var run = new FileSource([new FileInput("pipe", () => pipe.Reader.AsStream())]).RunAsync(sink, stop.Token);

        await flushed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, sink.Accepted);
        await stop.CancelAsync();

        Assert.Equal(SourceEnd.Stopped, await run.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task LineWithoutEnd_CostsNoMemory()
    {
        const long length = 300_000_000;
        var (before, after) = (0L, 0L);
        var sink = new CollectingSink { AfterRecord = _ => after = GC.GetAllocatedBytesForCurrentThread() };
        var line = new EndlessLine(length) { AtFirstRead = () => before = GC.GetAllocatedBytesForCurrentThread() };
        var source = new FileSource([new FileInput("endless", () => line)]);

        Assert.Equal(SourceEnd.Finished, await source.RunAsync(sink, CancellationToken.None));

        Assert.Equal(length, Assert.Single(sink.Records).TooLong);
        Assert.Equal(length, source.Progress.BytesRead);
        Assert.InRange(after - before, 1, 5_000_000);
    }

    [Fact]
    public async Task Progress_CountsTheBytesOnDisk()
    {
        var zipped = Gzip(BigText(new Random(3), 100_000));
        var source = new FileSource([FileInput.FromPath(Write("a.gz", zipped))]);

        await source.RunAsync(new CollectingSink(), CancellationToken.None);

        Assert.Equal(zipped.Length, source.Progress.BytesRead);
        Assert.Equal(zipped.Length, source.Progress.TotalBytes);
    }

    private static void CancelAt(int count, int at, CancellationTokenSource stop)
    {
        if (count == at)
        {
            stop.Cancel();
        }
    }

    private static FileInput Pipe(byte[] bytes, int size) => new("pipe", () => new ChunkedStream(bytes, () => size));

    private static async Task<(SourceEnd End, CollectingSink Sink)> ReadAsync(params FileInput[] inputs)
    {
        var sink = new CollectingSink();
        return (await new FileSource(inputs).RunAsync(sink, CancellationToken.None), sink);
    }

    private static byte[] BigText(Random random, int length)
    {
        var text = new byte[length];
        random.NextBytes(text);
        text.AsSpan().Replace((byte)'\n', (byte)'x');
        for (var start = 0; start < length; start += random.Next(1, random.Next(5) == 0 ? 150_000 : 3000))
        {
            text[start] = (byte)'\n';
        }

        return text;
    }

    private static byte[] Gzip(ReadOnlySpan<byte> text)
    {
        var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            zip.Write(text);
        }

        return bytes.ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private sealed class SilenceSink(TaskCompletionSource flushed) : IRecordSink
    {
        public int Accepted { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival) => Accepted++;

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => Accepted++;

        public void Flush()
        {
            if (Accepted > 0)
            {
                flushed.TrySetResult();
            }
        }

        public void ReportLag(int partition, long remaining)
        {
        }
    }

    private sealed class EndlessLine(long length) : MemoryStream
    {
        private long left = length;
        private bool begun;

        public required Action AtFirstRead { get; init; }

        public override int Read(Span<byte> buffer)
        {
            if (!begun)
            {
                AtFirstRead();
                begun = true;
            }

            var size = (int)Math.Min(left, buffer.Length);
            buffer[..size].Fill((byte)'x');
            left -= size;
            return size;
        }
    }
}
