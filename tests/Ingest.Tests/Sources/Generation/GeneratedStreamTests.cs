using System.Security.Cryptography;

namespace KpiStream.Ingest.Tests.Sources.Generation;

public sealed class GeneratedStreamTests
{
    private const string WorkloadKeys =
        "v source case at seq status procedure field receiving handling channel filed accepted due ended "
        + "fee waived paid_via result signed returned presence digitised reused vneid synced";

    private const string AllKeys = WorkloadKeys + " components_signed result_digitised stored result_synced";
    private static readonly string[] SometimesSilent = ["due", "result_digitised", "result_synced"];

    private readonly CodeBook codes = new();

    [Theory]
    [InlineData(GenerateProfile.Ordinary, "a144d7ccecbc8361bee3a1c108d803f9a3d854379692c983f5bfad349374d846")]
    [InlineData(GenerateProfile.Mixed, "05b8ea294e5d1e662f23c7990e86b41aa52c8116f254d0b3ce3b4c56bc16fee7")]
    [InlineData(GenerateProfile.Hostile, "f20f6519f13ef4ebb57baccb859716a5f49f1bc247d15551d7423cd684455c31")]
    public void SameOptions_GiveTheSameBytesOnEveryMachine(GenerateProfile profile, string sha256)
    {
        Assert.Equal(sha256, Hash(Stream(profile, 20_000, seed: 1)));
        Assert.NotEqual(sha256, Hash(Stream(profile, 20_000, seed: 2)));
    }

    [Fact]
    public void Ordinary_IsFullPicturesInTheWorkloadsKeyOrder_AllAccepted()
    {
        var stream = Stream(GenerateProfile.Ordinary, 30_000);
        var decoder = Decoder();
        var bytes = 0L;
        var (absent, silent) = (new Dictionary<string, string>(), new Dictionary<string, int>());
        while (stream.MoveNext())
        {
            using var json = JsonDocument.Parse(stream.Line.ToArray());
            var keys = json.RootElement.EnumerateObject().Select(member => member.Name).ToList();
            var left = AllKeys.Split(' ').Except(keys).ToList();
            Assert.Equal(AllKeys.Split(' ').Except(left), keys);
            Assert.Subset(SometimesSilent.ToHashSet(), left.ToHashSet());
            if (absent.TryAdd(Encoding.UTF8.GetString(stream.Key), string.Join(' ', left)))
            {
                left.ForEach(key => silent[key] = silent.GetValueOrDefault(key) + 1);
            }

            Assert.Equal(absent[Encoding.UTF8.GetString(stream.Key)], string.Join(' ', left)); // of a case always the same
            Assert.Equal(Encoding.UTF8.GetString(stream.Key), json.RootElement.GetProperty("case").GetString());
            Assert.True(decoder.Decode(stream.Line, stream.Arrival, out _).IsAccepted, Encoding.UTF8.GetString(stream.Line));
            bytes += stream.Line.Length;
        }

        Assert.Equal(30_000, stream.Count);
        Assert.InRange(bytes / stream.Count, 570, 630);
        Assert.All(SometimesSilent, key => Assert.InRange(silent[key] / (double)absent.Count, 0.02, 0.12));
    }

    [Fact]
    public void Mixed_HasEveryKeyStatedAndAbsentAndNull_AndIsAccepted()
    {
        var stream = Stream(GenerateProfile.Mixed, 60_000);
        var decoder = Decoder();
        var (everStated, everAbsent, escaped, spaced, parents) = (0u, 0u, 0, 0, 0);
        while (stream.MoveNext())
        {
            Assert.True(decoder.Decode(stream.Line, stream.Arrival, out var decoded).IsAccepted, Encoding.UTF8.GetString(stream.Line));
            Assert.Equal(PseudonymKey.Fixed.Of(stream.Key), decoded.Case);
            Assert.Equal(-1, stream.Line.IndexOf((byte)'\n'));
            everStated |= decoded.Stated;
            everAbsent |= ~decoded.Stated & CaseKeys.Registers;
            escaped += stream.Line.IndexOf("\\u00"u8) >= 0 ? 1 : 0;
            spaced += stream.Line.IndexOfAny((byte)'\t', (byte)'\r') >= 0 ? 1 : 0;
            parents += decoded.States(CaseKey.Parent) ? 1 : 0;
        }

        Assert.Equal(CaseKeys.Registers, everStated);
        Assert.Equal(CaseKeys.Registers & ~1u, everAbsent); // source is required
        Assert.InRange(escaped, 12_000, 30_000);
        Assert.InRange(spaced, 12_000, 30_000);
        Assert.InRange(parents, 600, 3_000);
    }

    [Fact]
    public void Hostile_IsRejectedWhereItSaysSo_ForEveryReasonThatLiesInTheBytes()
    {
        var stream = Stream(GenerateProfile.Hostile, 30_000);
        var decoder = Decoder();
        var reasons = new Dictionary<string, int>();
        var bad = 0L;
        while (stream.MoveNext())
        {
            var verdict = decoder.Decode(stream.Line, DecodeLimits.UnknownArrival, out _);
            Assert.Equal(stream.HostileCount > bad, !verdict.IsAccepted);
            bad = stream.HostileCount;
            reasons[verdict.ToString()] = reasons.GetValueOrDefault(verdict.ToString()) + 1;
        }

        var expected = Enumerable.Range(0, CaseKeys.Count).Select(key => Verdict.BadValue((CaseKey)key).ToString())
            .Concat(["accepted", "too_large", "malformed", "unsupported_version", "missing:source", "missing:case", "missing:at"]);
        Assert.Equal(expected.Order(), reasons.Keys.Order());
        Assert.InRange(bad, 450, 750);
        Assert.Equal(bad, reasons.Where(reason => reason.Key != "accepted").Sum(reason => reason.Value));
    }

    [Fact]
    public void Arrivals_NeverGoBack_AndNothingIsStatedBeforeItHappensOrAfterTheEnd()
    {
        var end = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 19))) - 1;
        var stream = new GeneratedStream(new GenerateOptions(40_000, 7, TestUnits.HungYen) { End = end });
        var decoder = Decoder();
        var before = 0L;
        while (stream.MoveNext())
        {
            decoder.Decode(stream.Line, stream.Arrival, out var decoded);
            Assert.InRange(stream.Arrival, before, end);
            Assert.True(decoded.Stamp.At <= stream.Arrival);
            Assert.True(decoded.Values.Ended <= decoded.Stamp.At && decoded.Values.Accepted <= decoded.Stamp.At && decoded.Values.Filed <= decoded.Stamp.At);
            before = stream.Arrival;
        }

        Assert.InRange(stream.Count, 30_000, 40_000);
        Assert.InRange(before, end - (3 * LocalTime.MillisPerDay), end);
    }

    [Fact]
    public void ShortStream_LastsLongEnoughForCasesToEnd()
    {
        var stream = Stream(GenerateProfile.Ordinary, 1_000);
        var done = 0;
        while (stream.MoveNext())
        {
            done += stream.Line.IndexOf("\"status\":10"u8) >= 0 ? 1 : 0;
        }

        Assert.InRange(done, 100, 300);
        Assert.True(stream.Arrival > LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 7, 9))));
    }

    [Fact]
    public void LongStream_CostsNoMoreMemoryThanAShortOne()
    {
        var stream = Stream(GenerateProfile.Ordinary, 400_000);
        while (stream.Count < 200_000 && stream.MoveNext())
        {
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        while (stream.MoveNext())
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 10_000_000);
        Assert.InRange(stream.OpenCases, 2_000, 30_000);
    }

    private static GeneratedStream Stream(GenerateProfile profile, long events, ulong seed = 1) =>
        new(new GenerateOptions(events, seed, TestUnits.HungYen) { Profile = profile });

    private static string Hash(GeneratedStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (stream.MoveNext())
        {
            hash.AppendData(stream.Line);
            hash.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private EventDecoder Decoder() => new(codes, PseudonymKey.Fixed, DecodeLimits.Default);
}
