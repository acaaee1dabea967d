namespace KpiStream.Ingest.Tests.Sources.Files;

public sealed class LineSplitterTests(ITestOutputHelper output)
{
    private const int Limit = 20;

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\n\n \t\r\nb")]
    [InlineData("\uFEFFa\n\uFEFFb\n")]
    [InlineData("\uFEFF\na")]
    [InlineData("\uFEFF")]
    [InlineData("12345678901234567890\n123456789012345678901\n1234567890123456789\r\n12345678901234567890\r\nb")]
    [InlineData("                              \nb\n                              ")]
    [InlineData("                                                              x")]
    public void AnyText_IsCutAsTheNaiveSplitterCutsIt(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var size in new[] { 1, 2, 3, 7, 1000 })
        {
            Assert.Equal(NaiveSplitter.Split(bytes, Limit), Split(bytes, () => size, () => size));
        }
    }

    [Fact]
    public void PartsOfAByteOrderMark_AreText()
    {
        byte[][] texts = [[0xEF], [0xEF, 0xBB], [0xEF, 0xBB, (byte)'\n'], [0xEF, (byte)'a'], [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF]];
        foreach (var text in texts)
        {
            Assert.Equal(NaiveSplitter.Split(text, Limit), Split(text, () => 1, () => 1));
        }
    }

    [Fact]
    public void RandomTexts_InRandomPieces_AreCutAsTheNaiveSplitterCutsThem()
    {
        for (var seed = 1; seed <= 3000; seed++)
        {
            var random = new Random(seed);
            var text = RandomText(random);
            var segment = random.Next(1, 40);
            var expected = NaiveSplitter.Split(text, Limit);
            var actual = Split(text, () => random.Next(0, segment + 1), () => random.Next(1, 60));
            if (!expected.SequenceEqual(actual))
            {
                output.WriteLine($"seed {seed}: {Convert.ToHexString(text)}");
            }

            Assert.Equal(expected, actual);
        }
    }

    private static byte[] RandomText(Random random)
    {
        ReadOnlySpan<byte> alphabet = "ab\n\n\r \t\""u8;
        var text = new byte[random.Next(0, 200)];
        var lively = random.Next(2, 12);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = random.Next(lively) == 0 ? alphabet[random.Next(alphabet.Length)] : random.Next(3) == 0 ? (byte)' ' : (byte)'x';
        }

        return random.Next(3) == 0 ? [0xEF, 0xBB, 0xBF, .. text] : text;
    }

    private static List<CollectingSink.Record> Split(byte[] text, Func<int> segment, Func<int> step) =>
        SplitterRun.Over(text, sink => new LineSplitter(sink, 0, Limit), segment, step, Limit).Records;
}
