using System.Security.Cryptography;

namespace KpiStream.Ingest.Tests.Sources.Files;

public sealed class PackedSplitterTests(ITestOutputHelper output)
{
    private const int Limit = 60;

    [Fact]
    public void RandomValues_InRandomPieces_ComeOutOneByOne()
    {
        for (var seed = 1; seed <= 3000; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomMessagePack.Value(random)).ToList();
            var segment = random.Next(1, 40);
            var (records, isLost) = Split([.. values.SelectMany(value => value)], () => random.Next(0, segment + 1), () => random.Next(1, 60));
            if (isLost || !Expected(values).SequenceEqual(records))
            {
                output.WriteLine($"seed {seed}: {string.Join(' ', values.Select(Convert.ToHexString))}");
            }

            Assert.False(isLost);
            Assert.Equal(Expected(values), records);
        }
    }

    [Fact]
    public void EveryFirstByte_EndsWhereTheReaderEnds()
    {
        for (var head = 0; head < 256; head++)
        {
            byte[] bytes = [(byte)head, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, .. Enumerable.Repeat((byte)0x20, 280)];
            var reader = new MessagePackTokenReader(bytes);
            if (head == 0xc1 || !reader.TrySkip())
            {
                continue; // the byte never used, and bytes that happen to be no UTF-8
            }

            var (records, _) = Split(bytes, () => 3, () => 5, bytes.Length);
            Assert.Equal((head, Convert.ToHexString(bytes[..reader.Consumed])), (head, records[0].Hex));
        }
    }

    [Fact]
    public void ValueCutOffAtTheEnd_IsHandedOverAsItIs()
    {
        byte[] whole = [0x92, 0xa3, (byte)'a', (byte)'b', (byte)'c', 0xcd, 1, 2];
        for (var length = 1; length < whole.Length; length++)
        {
            var (records, isLost) = Split([.. whole, .. whole[..length]], () => 2, () => 3);
            Assert.False(isLost);
            Assert.Equal([Convert.ToHexString(whole), Convert.ToHexString(whole[..length])], records.Select(record => record.Hex));
        }
    }

    [Fact]
    public void ByteNeverUsed_EndsTheReadingAfterOneBadRecord()
    {
        var (records, isLost) = Split([0x80, 0x92, 0x01, 0xc1, 0x80, 0x80], () => 4, () => 4);
        Assert.True(isLost);
        Assert.Equal(["80", "9201C1"], records.Select(record => record.Hex));
    }

    [Fact]
    public void LyingLength_IsNeitherHeldNorWaitedForInMemory()
    {
        // A text that claims four gigabytes: a million bytes of it pass, and sixty are held at most.
        var bytes = new byte[1_000_000];
        new byte[] { 0xdb, 0xff, 0xff, 0xff, 0xff }.CopyTo(bytes, 0);
        var (records, isLost) = Split(bytes, () => 5_000, () => 7_000);
        Assert.False(isLost);
        Assert.Equal(
            new CollectingSink.Record(new SourcePosition(0, 1), DecodeLimits.UnknownArrival, Convert.ToHexString(SHA256.HashData(bytes)), bytes.Length),
                Assert.Single(records));
    }

    private static (List<CollectingSink.Record> Records, bool IsLost) Split(byte[] bytes, Func<int> segment, Func<int> step, int limit = Limit) =>
        SplitterRun.Over(bytes, sink => new PackedSplitter(sink, 0, limit), segment, step, limit);

    private static IEnumerable<CollectingSink.Record> Expected(IEnumerable<byte[]> values) => values.Select((value, index) => value.Length > Limit
        ? new CollectingSink.Record(new SourcePosition(0, index + 1), DecodeLimits.UnknownArrival, Convert.ToHexString(SHA256.HashData(value)), value.Length)
        : new CollectingSink.Record(new SourcePosition(0, index + 1), DecodeLimits.UnknownArrival, Convert.ToHexString(value), -1));
}
