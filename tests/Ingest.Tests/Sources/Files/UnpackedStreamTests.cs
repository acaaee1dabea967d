using System.IO.Compression;

namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>Every byte of a compressed body is accounted for: what comes out is what went in, or an exception.</summary>
public sealed class UnpackedStreamTests(ITestOutputHelper output)
{
    private static readonly (string Coding, Func<Stream, Stream> Pack)[] Ways =
    [
        ("gzip", to => new GZipStream(to, CompressionLevel.Fastest)),
        ("deflate", to => new ZLibStream(to, CompressionLevel.Fastest)),
        ("br", to => new BrotliStream(to, CompressionLevel.Fastest)),
    ];

    [Fact]
    public async Task RandomBodies_InRandomPieces_ComeOutWhole()
    {
        await ForRandomBodiesAsync(60, async (way, content, packed, random) => Assert.Equal(content, await UnpackAsync(way, packed, random)));
    }

    [Fact]
    public async Task EveryTruncation_IsDamage()
    {
        await ForRandomBodiesAsync(6, async (way, _, packed, random) =>
        {
            for (var length = 1; length < packed.Length; length++)
            {
                Assert.True(await UnpackAsync(way, packed[..length], random) is null, $"{length} of {packed.Length}");
            }
        });
    }

    [Fact]
    public async Task AnythingBehindTheEnd_IsDamage()
    {
        await ForRandomBodiesAsync(20, async (way, content, packed, random) =>
        {
            var noise = new byte[random.Next(1, 70_000)];
            random.NextBytes(noise);
            noise[0] = (byte)'{';
            byte[] broken = [.. Pack("gzip", content)];
            broken[random.Next(3)] ^= 0x10;
            foreach (var tail in (byte[][])[
                noise[..1], noise[..2], noise, [0], new byte[512], [0x1f], [0x1f, 0x8b], broken, Pack("deflate", content), Pack("br", content)])
            {
                Assert.True(await UnpackAsync(way, [.. packed, .. tail], random) is null, $"{tail.Length} bytes behind");
            }
        });
    }

    [Fact]
    public async Task FurtherGzipMembers_EmptyOnesToo_BelongToTheBody()
    {
        await ForRandomBodiesAsync(20, async (_, content, _, random) =>
        {
            byte[] several = [.. Pack("gzip", []), .. Pack("gzip", content), .. Pack("gzip", []), .. Pack("gzip", content), .. Pack("gzip", [])];
            Assert.Equal((byte[])[.. content, .. content], await UnpackAsync("gzip", several, random) ?? []);
        });
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("identity", true)]
    [InlineData("GZIP", true)]
    [InlineData("x-gzip", true)]
    [InlineData("identity, gzip", true)]
    [InlineData("gzip, gzip", false)]
    [InlineData("gzip, br", false)]
    [InlineData("zstd", false)]
    [InlineData("identity;gzip", false)]
    public void ContentEncodings_AreKnownOnce(string header, bool isKnown)
    {
        Assert.Equal(isKnown, UnpackedStream.Of(Stream.Null, [header]) is not null);
        Assert.Equal(isKnown && header.Length > 0
            && !header.EndsWith("identity"), UnpackedStream.Of(Stream.Null, [header]) is UnpackedStream);
        Assert.Null(UnpackedStream.Of(Stream.Null, ["identity", header, "zstd"]));
    }

    private static byte[] Pack(string coding, byte[] content)
    {
        using var packed = new MemoryStream();
        using (var to = Ways.Single(way => way.Coding == coding).Pack(packed))
        {
            to.Write(content);
        }

        // Of nothing at all the library writes nothing at all: an empty member is written out.
        return packed.ToArray() is [] && coding == "gzip" ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0] : packed.ToArray();
    }

    /// <summary>Null for damage.</summary>
    private static async Task<byte[]?> UnpackAsync(string coding, byte[] packed, Random random)
    {
        var largest = random.Next(3) == 0 ? 1 : random.Next(1, 20_000);
        await using var stream = UnpackedStream.Of(new ChunkedStream(packed, () => random.Next(1, largest + 1)), [coding])!;
        var content = new MemoryStream();
        var buffer = new byte[random.Next(1, 5_000)];
        try
        {
            for (var read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
            {
                content.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return content.ToArray();
    }

    private async Task ForRandomBodiesAsync(int trials, Func<string, byte[], byte[], Random, Task> check)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var trial = 0; trial < trials; trial++)
        {
            var content = new byte[random.Next(2) == 0 ? random.Next(1, 60) : random.Next(1, 30_000 / trials)];
            random.NextBytes(content);
            content.AsSpan(content.Length / 2).Fill((byte)'\n');
            foreach (var (coding, _) in Ways)
            {
                await check(coding, content, Pack(coding, content), random);
            }
        }
    }
}
