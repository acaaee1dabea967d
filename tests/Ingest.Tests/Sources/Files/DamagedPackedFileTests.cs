namespace KpiStream.Ingest.Tests.Sources.Files;

/// <summary>
/// Files of MessagePack values, of which nothing but the values' own heads says where they end: a head that lies makes nothing vanish unsaid.
/// </summary>
public sealed class DamagedPackedFileTests(ITestOutputHelper output)
{
    [Fact]
    public async Task AMapThatClaimsMoreThanThereIs_IsDamage_WithItsPlace()
    {
        var good = Events(3);
        byte[] lie = [0xdf, 0xff, 0xff, 0xff, 0xff];
        var (end, accepted, rejected) = await ReadAsync([.. good[0], .. lie, .. good[1], .. good[2]]);
        Assert.Equal((SourceEndKind.Damaged, 1, 1), (end.Kind, accepted, rejected));
        Assert.Contains($"value 2, at byte {good[0].Length}, is cut off or claims more than there is", end.Message);
    }

    [Fact]
    public async Task EveryTruncation_IsDamageWithThePlaceOfTheValue_UnlessAValueEndsThere()
    {
        var good = Events(4);
        byte[] whole = [.. good.SelectMany(one => one)];
        var borders = good.Index().ToDictionary(one => good.Take(one.Index + 1).Sum(each => each.Length), one => one.Index + 1);
        for (var length = 1; length <= whole.Length; length++)
        {
            var (end, accepted, rejected) = await ReadAsync(whole[..length]);
            var cut = borders.Where(border => border.Key <= length).Select(border => (border.Key, border.Value)).LastOrDefault();
            var isBorder = cut.Key == length;
            Assert.Equal((isBorder ? SourceEndKind.Finished : SourceEndKind.Damaged, cut.Value, isBorder ? 0 : 1), (end.Kind, accepted, rejected));
            Assert.True(isBorder || end.Message.Contains($"value {cut.Value + 1}, at byte {cut.Key}, "), end.Message);
        }
    }

    [Fact]
    public async Task EveryBitOfEveryHead_Flipped_IsSaid()
    {
        var good = Events(30);
        byte[] whole = [.. good.SelectMany(one => one)];
        var start = 0;
        foreach (var (index, one) in good.Index())
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var flipped = (byte[])whole.Clone();
                flipped[start] ^= (byte)(1 << bit);
                var (end, accepted, rejected) = await ReadAsync(flipped);
                var isKnownForm = index > 0 || PackedSplitter.Recognises(flipped[0]);
                Assert.True(end.Kind == SourceEndKind.Damaged
                    || !isKnownForm, $"value {index + 1}, bit {bit}: {accepted} accepted, {rejected} rejected, {end}");
                Assert.True(rejected > 0, $"value {index + 1}, bit {bit}");
                Assert.True(!isKnownForm || end.Message.Contains(", at byte "), end.Message);
            }

            start += one.Length;
        }
    }

    [Fact]
    public async Task BytesChangedAnywhere_NeverLoseAnEventWithoutADamageOrARejection()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var good = Events(20);
        byte[] whole = [.. good.SelectMany(one => one)];
        for (var trial = 0; trial < 2_000; trial++)
        {
            var changed = (byte[])whole.Clone();
            var (place, to) = (random.Next(1, whole.Length), (byte)random.Next(256));
            changed[place] = to;
            var (end, accepted, rejected) = await ReadAsync(changed);

            // A text that grew by a byte may take the next event in as the value of a key nobody knows: nothing in the format shows that.
            Assert.True(end.Kind == SourceEndKind.Damaged || accepted + rejected >= good.Count || rejected > 0 || accepted >= good.Count - 1,
                $"byte {place} set to {to}: {accepted} accepted, {rejected} rejected of {good.Count}");
        }
    }

    [Fact]
    public async Task ValuesThatAreMalformedInThemselves_AreRejectedAndTheFileIsWhole()
    {
        var good = Events(2);
        byte[] tooShort = [0x92, 1, 5], invalidText = [0x81, 0xa1, 0xff, 1], tooDeep = [.. Enumerable.Repeat((byte)0x91, 80), 1];
        var (end, accepted, rejected) = await ReadAsync([.. good[0], .. tooShort, .. invalidText, .. tooDeep, .. good[1]]);
        Assert.Equal((SourceEnd.Finished, 2, 3), (end, accepted, rejected));
    }

    [Theory]
    [InlineData("c0", "neither map nor array")]
    [InlineData("0a", "a line feed at the end")]
    [InlineData("81 80 01", "a map for a key")]
    [InlineData("81 a1 78 81 90 01", "an array for a key, further inside")]
    [InlineData("93 01 00 80", "more than the mask announces")]
    [InlineData("92 81 a1 78 01 80", "events in an array")]
    [InlineData("93 01 00 92 01 00", "more than the mask announces, in the array form")]
    public async Task ValuesThatMayHideOthers_AreSaid(string hex, string what)
    {
        output.WriteLine(what);
        var good = Events(2);
        var (end, accepted, rejected) = await ReadAsync([.. good[0], .. Convert.FromHexString(hex.Replace(" ", "")), .. good[1]]);
        Assert.Equal((SourceEndKind.Damaged, 2, 1), (end.Kind, accepted, rejected));
        Assert.Contains($"value 2, at byte {good[0].Length}, cannot be an event", end.Message);
    }

    /// <summary>Events in both forms, with all keys and with the few that are needed.</summary>
    private static List<byte[]> Events(int count) => [.. Enumerable.Range(0, count).Select(number => Event(number))];

    private static byte[] Event(int number)
    {
        string[] keys = ["source", "case", "at", "status", "procedure", "receiving", "channel"];
        var isMap = number % 2 == 0;
        byte[] head = isMap ? [(byte)(0x80 | keys.Length)] : [(byte)(0x90 | (keys.Length + 2)), 1, 0xcd, 0x05, 0x67];
        return [.. head, .. keys.SelectMany(key => (byte[])[.. isMap ? Text(key) : [], .. Value(key, number)])];
    }

    private static byte[] Value(string key, int number) => key switch
    {
        "source" => Text("hy"),
        "case" => Text($"H31-{number}"),
        "at" => [0xcf, 0, 0, 1, 0x98, 0x11, 0x2c, 0xb8, (byte)number],
        "status" => [4],
        "procedure" => Text("2.000815"),
        "receiving" => Text("11953"),
        _ => Text("online"),
    };

    private static byte[] Text(string text) => [(byte)(0xa0 | text.Length), .. System.Text.Encoding.ASCII.GetBytes(text)];

    private static async Task<(SourceEnd End, int Accepted, int Rejected)> ReadAsync(byte[] bytes)
    {
        var sink = new JudgingSink();
        var end = await new FileSource([new FileInput("values.mp", () => new MemoryStream(bytes))]).RunAsync(sink, CancellationToken.None);
        return (end, sink.Accepted, sink.Rejected);
    }

    private sealed class JudgingSink : IRecordSink
    {
        private readonly EventDecoder decoder = new(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default);

        public int Accepted { get; private set; }

        public int Rejected { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
        {
            var isAccepted = decoder.Decode(record, arrival, out _).IsAccepted;
            Accepted += isAccepted ? 1 : 0;
            Rejected += isAccepted ? 0 : 1;
        }

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => Rejected++;

        public void Flush()
        {
        }

        public void ReportLag(int partition, long remaining)
        {
        }
    }
}
