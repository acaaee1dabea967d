using KpiStream.Tests.Support.Corpus;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>The fast path accepts what the judge accepts, with the same event and the same ids, and is really taken.</summary>
public sealed class FastPathTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ordinary", 0.99)]
    [InlineData("format-2", 0.05)]
    [InlineData("mixed", 0.10)] // most of its lines have escapes, repeated keys or odd values, or are rejected
    public void GoldenStreams_TakeTheFastPathAndAreReadAsTheJudgeReadsThem(string stream, double least)
    {
        var pair = new DecoderPair();
        var lines = GoldenFiles.Lines(stream);
        var taken = lines.Count(line => pair.Compare(line));
        output.WriteLine($"{taken} of {lines.Count} took the fast path");
        pair.AssertTaken((int)(least * lines.Count), lines.Count);
    }

    [Fact]
    public void TheCorpus_IsReadAsTheJudgeReadsIt()
    {
        var pair = new DecoderPair();
        pair.Compare("""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""u8.ToArray());
        var taken = CorpusFile.Read("json").Count(input => pair.Compare(input.Record));
        output.WriteLine($"{taken} took the fast path");
        pair.AssertTaken(500, int.MaxValue);
    }

    [Fact]
    public void Off_NothingTakesTheFastPath()
    {
        var decoder = new EventDecoder(new(), PseudonymKey.Fixed, DecodeLimits.Default with { FastPath = false });
        Assert.All(GoldenFiles.Lines("ordinary"), line => Assert.True(decoder.Decode(line, DecodeLimits.UnknownArrival, out _).IsAccepted));
        Assert.Equal(0, decoder.TakenFast);
    }

    [Fact]
    public void ArrivalsBeforeTheEvent_AreRejectedAsByTheJudge()
    {
        var pair = new DecoderPair();
        var at = DateTimeOffset.Parse("2025-07-01T00:00:00Z").ToUnixTimeMilliseconds();
        foreach (var early in new[] { 0, 1, 599_999, 600_000, 600_001, 3_600_000 })
        {
            pair.Compare("""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""u8.ToArray(), at - early);
        }

        pair.AssertTaken(3, 3);
    }

    [Fact]
    public void SourcesThatMayNotSpeak_NeverTakeTheFastPath()
    {
        var pair = new DecoderPair(DecodeLimits.Default with { KnownSources = ["hy"] });
        foreach (var source in new[] { "hy", "sl", "hy", "sl", "hy" })
        {
            pair.Compare(Encoding.UTF8.GetBytes($$"""{"source":"{{source}}","case":"c1","at":"2025-07-01T00:00:00Z"}"""));
        }

        pair.AssertTaken(2, 2);
    }

    [Fact]
    public void SourcesWithAProfile_AreReadByTheirProfile()
    {
        var profiles = NationalPayload.Shipped
            with
        { All = null, BySource = new Dictionary<string, SourceProfile> { ["national"] = NationalPayload.Shipped.All! } };
        var pair = new DecoderPair(profiles: profiles);
        foreach (var source in new[] { "hy", "national", "hy", "national", "hy" })
        {
            pair.Compare(Encoding.UTF8.GetBytes($$"""{"source":"{{source}}","MaHoSo":"m1","case":"c1","at":"2025-07-01T00:00:00Z"}"""), CorpusFile.Arrival);
        }

        pair.AssertTaken(2, 2);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData(" \t\r\n")]
    [InlineData("                                                                                ")]
    public void WhiteSpaceAnywhere_TakesTheFastPath(string space)
    {
        var pair = new DecoderPair();
        var members = new[] { "\"source\"", ":", "\"hy\"", ",", "\"case\"", ":", "\"c1\"", ",", "\"at\"", ":", "\"2025-07-01T00:00:00Z\"", ",",
            "\"fee\"", ":", "12" };
        var record = Encoding.UTF8.GetBytes($"{space}{{{space}{string.Join(space, members)}{space}}}{space}");
        pair.Compare(record);
        pair.Compare(record);
        pair.Compare(record);
        pair.AssertTaken(2, 2);
    }

    [Fact]
    public void RecordsOfEveryLength_AreReadAsTheJudgeReadsThem()
    {
        var pair = new DecoderPair();
        for (var length = 1; length < 4_200; length += length < 140 ? 1 : 97)
        {
            var filler = new string('x', length);
            pair.Compare(Encoding.UTF8.GetBytes($$"""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z","filler":"{{filler}}"}"""));
            pair.Compare(Encoding.UTF8.GetBytes($$"""{"filler":"{{filler}}","source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""));
            pair.Compare(Encoding.UTF8.GetBytes($$"""{"source":"hy","case":"{{filler}}","procedure":"{{filler}}","receiving":"{{filler}}", """
                + $$""" "at":"2025-07-01T00:00:00Z"}"""));
        }
    }
}
