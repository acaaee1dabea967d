using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>What is no stream of events is known by its first bytes, said, and not read.</summary>
public sealed class ForeignFormTests
{
    private const string Event = """{"source":"hy","case":"c1","at":"2025-07-15T12:00:00Z"}""" + "\n";

    public static TheoryData<string, byte[]> Binary => new()
    {
        { "UTF-16LE", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Event)] },
        { "UTF-16BE", [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Event)] },
        { "UTF-16LE", Encoding.Unicode.GetBytes(Event) },
        { "UTF-16BE", Encoding.BigEndianUnicode.GetBytes(Event) },
        { "UTF-32", [0, 0, 0xfe, 0xff, 0, 0, 0, (byte)'{'] },
        { "xz -dc", [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2] },
        { "zstd -dc", [0x28, 0xb5, 0x2f, 0xfd, 4, 5] },
        { "unzip -p", "PK\u0003\u0004rest"u8.ToArray() },
        { "bzip2 -dc", "BZh91AY&SY"u8.ToArray() },
        { "PDF", "%PDF-1.7\n"u8.ToArray() },
        { "Parquet", "PAR1xxxx"u8.ToArray() },
        { "a recording", [0x89, (byte)'K', (byte)'P', (byte)'I', (byte)'R', (byte)'E', (byte)'C', (byte)'\n', 0] },
    };

    [Theory]
    [MemberData(nameof(Binary))]
    public async Task FormsThatCanHoldNoEvents_AreRefusedBeforeAnythingIsRead(string said, byte[] bytes)
    {
        foreach (var open in (Func<Stream>[])[() => new MemoryStream(bytes), () => new ChunkedStream(bytes, () => 1)])
        {
            var (end, sink, _) = await ReadAsync(open);
            Assert.Equal((SourceEndKind.Foreign, 0), (end.Kind, sink.Records.Count));
            Assert.Contains(said, end.Message);
        }
    }

    public static TheoryData<string, byte[]> Packed => new()
    {
        { "x is a gzipped recording: unpack it first (gunzip x)", Gzip([0x89, .. "KPIREC\n\0"u8]) },
        { "inside compressed with gzip twice", Gzip(Gzip(Encoding.UTF8.GetBytes(Event))) },
        { "inside compressed with xz", Gzip([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2]) },
        { "inside text in UTF-16", Gzip(Encoding.Unicode.GetBytes(Event)) },
        { "inside an SQLite database", Gzip("SQLite format 3\0rest"u8.ToArray()) },
        { "inside a tar archive", Gzip(Tar()) },
        { "x is a tar archive", Tar() },
    };

    [Theory]
    [MemberData(nameof(Packed))]
    public async Task GzipOfAnythingElse_AndTar_AreRefusedBeforeAnythingIsRead(string said, byte[] bytes)
    {
        foreach (var open in (Func<Stream>[])[() => new MemoryStream(bytes), () => new ChunkedStream(bytes, () => bytes.Length)])
        {
            var (end, sink, _) = await ReadAsync(open);
            Assert.Equal((SourceEndKind.Foreign, 0), (end.Kind, sink.Records.Count));
            Assert.Contains(said, end.Message);
        }
    }

    [Fact]
    public async Task GzipOfEvents_IsReadHoweverShort()
    {
        foreach (var text in (string[])["", "{", Event, Event + Event])
        {
            var (end, sink, _) = await ReadAsync(() => new MemoryStream(Gzip(Encoding.UTF8.GetBytes(text))));
            Assert.Equal((SourceEnd.Finished, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length), (end, sink.Records.Count));
        }
    }

    [Fact]
    public async Task AForeignFileAmongOthers_IsSaidBeforeTheFirstIsRead()
    {
        using var folder = new KpiStream.Tests.Support.Program.TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("good.ndjson"), Event);
        await File.WriteAllBytesAsync(folder.File("packed.xz"), [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1]);
        var sink = new CollectingSink();
        var source = new FileSource([FileInput.FromPath(folder.File("good.ndjson")), FileInput.FromPath(folder.File("packed.xz"))]);
        var end = await source.RunAsync(sink, CancellationToken.None);
        Assert.Equal((SourceEndKind.Foreign, 0), (end.Kind, sink.Records.Count));
        Assert.StartsWith(folder.File("packed.xz") + " is compressed with xz", end.Message);
    }

    [Theory]
    [InlineData("MaHoSo,TrangThaiHoSo\nH31-1,10\n", "a table (CSV)")]
    [InlineData("MaHoSo;TrangThaiHoSo\n", "a table (CSV)")]
    [InlineData("total 60\n-r--r--r-- 1 root root 617 Nov 26 08:33 a.gz\n", "plain text")]
    [InlineData("<!DOCTYPE html>\n<html>", "an HTML or XML document")]
    [InlineData("\n  [{\"source\":\"hy\"}]\n", "an array of JSON")]
    [InlineData("{\n  \"source\": \"hy\"\n}\n", "one JSON object over several lines")]
    [InlineData("\u0001\u0002\u0003\u0004,", "no text at all")]
    public async Task TextThatHoldsNoEvents_IsReadAndGuessed(string text, string said)
    {
        var (end, sink, guess) = await ReadAsync(() => new MemoryStream(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(SourceEnd.Finished, end);
        Assert.NotEmpty(sink.Records);
        Assert.Contains($"begins like {said}", guess);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("\uFEFF" + Event)]
    [InlineData("\r\n" + Event)]
    [InlineData(Event)]
    public async Task EventsAndEmptyFiles_AreNotGuessedAt(string text)
    {
        var (end, _, guess) = await ReadAsync(() => new ChunkedStream(Encoding.UTF8.GetBytes(text), () => 7));
        Assert.Equal((SourceEnd.Finished, text == "{"), (end, guess is not null));
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionMode.Compress))
        {
            packing.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Tar()
    {
        using var archive = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(archive, System.Formats.Tar.TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "events.ndjson")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Event))
            });
        }

        return archive.ToArray();
    }

    private static async Task<(SourceEnd End, CollectingSink Sink, string? Guess)> ReadAsync(Func<Stream> open)
    {
        var sink = new CollectingSink();
        var source = new FileSource([new FileInput("x", open)]);
        return (await source.RunAsync(sink, CancellationToken.None), sink, source.Guess);
    }
}
