using System.Text;
using KpiStream.Engine.Codecs;
using KpiStream.Tests.Support;
using KpiStream.Tests.Support.Corpus;
using Xunit;
using Xunit.Abstractions;

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
        var twins = new Twins();
        var lines = GoldenFiles.Lines(stream);
        var taken = lines.Count(line => twins.Compare(line));
        output.WriteLine($"{taken} of {lines.Count} took the fast path");
        twins.AssertTaken((int)(least * lines.Count), lines.Count);
    }

    [Fact]
    public void TheCorpus_IsReadAsTheJudgeReadsIt()
    {
        var twins = new Twins();
        twins.Compare("""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""u8.ToArray());
        var taken = CorpusFile.Read("json").Count(input => twins.Compare(input.Record));
        output.WriteLine($"{taken} took the fast path");
        twins.AssertTaken(500, int.MaxValue);
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
        var twins = new Twins();
        var at = DateTimeOffset.Parse("2025-07-01T00:00:00Z").ToUnixTimeMilliseconds();
        foreach (var early in new[] { 0, 1, 599_999, 600_000, 600_001, 3_600_000 })
        {
            twins.Compare("""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""u8.ToArray(), at - early);
        }

        twins.AssertTaken(3, 3);
    }

    [Fact]
    public void SourcesThatMayNotSpeak_NeverTakeTheFastPath()
    {
        var twins = new Twins(DecodeLimits.Default with { KnownSources = ["hy"] });
        foreach (var source in new[] { "hy", "sl", "hy", "sl", "hy" })
        {
            twins.Compare(Encoding.UTF8.GetBytes($$"""{"source":"{{source}}","case":"c1","at":"2025-07-01T00:00:00Z"}"""));
        }

        twins.AssertTaken(2, 2);
    }

    [Fact]
    public void SourcesWithAProfile_AreReadByTheirProfile()
    {
        var profiles = NationalPayload.Shipped
            with
        { All = null, BySource = new Dictionary<string, SourceProfile> { ["national"] = NationalPayload.Shipped.All! } };
        var twins = new Twins(profiles: profiles);
        foreach (var source in new[] { "hy", "national", "hy", "national", "hy" })
        {
            twins.Compare(Encoding.UTF8.GetBytes($$"""{"source":"{{source}}","MaHoSo":"m1","case":"c1","at":"2025-07-01T00:00:00Z"}"""), CorpusFile.Arrival);
        }

        twins.AssertTaken(2, 2);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData(" \t\r\n")]
    [InlineData("                                                                                ")]
    public void WhiteSpaceAnywhere_TakesTheFastPath(string space)
    {
        var twins = new Twins();
        var members = new[] { "\"source\"", ":", "\"hy\"", ",", "\"case\"", ":", "\"c1\"", ",", "\"at\"", ":", "\"2025-07-01T00:00:00Z\"", ",",
            "\"fee\"", ":", "12" };
        var record = Encoding.UTF8.GetBytes($"{space}{{{space}{string.Join(space, members)}{space}}}{space}");
        twins.Compare(record);
        twins.Compare(record);
        twins.Compare(record);
        twins.AssertTaken(2, 2);
    }

    [Fact]
    public void RecordsOfEveryLength_AreReadAsTheJudgeReadsThem()
    {
        var twins = new Twins();
        for (var length = 1; length < 4_200; length += length < 140 ? 1 : 97)
        {
            var filler = new string('x', length);
            twins.Compare(Encoding.UTF8.GetBytes($$"""{"source":"hy","case":"c1","at":"2025-07-01T00:00:00Z","filler":"{{filler}}"}"""));
            twins.Compare(Encoding.UTF8.GetBytes($$"""{"filler":"{{filler}}","source":"hy","case":"c1","at":"2025-07-01T00:00:00Z"}"""));
            twins.Compare(Encoding.UTF8.GetBytes($$"""{"source":"hy","case":"{{filler}}","procedure":"{{filler}}","receiving":"{{filler}}","at":"2025-07-01T00:00:00Z"}"""));
        }
    }
}
