using KpiStream.Tests.Support.Corpus;
using KpiStream.Tests.Support.Formats;

namespace KpiStream.Engine.Tests.Codecs;

/// <summary>
/// Records of every native form, whole and damaged by chance: the decoder throws nothing, says twice the same, and agrees with the oracle
/// in verdict and values. <c>KPISTREAM_TEST_EFFORT</c> makes it long, <c>KPISTREAM_SEED</c> repeats it.
/// </summary>
public sealed class DecoderFuzzTests(ITestOutputHelper output)
{
    private static readonly int Trials = LongRuns.Scale(60_000);

    private readonly RecordOracle oracle = new(new EventOracle());
    private readonly CodeBook codes = new();
    private readonly Dictionary<string, int> verdicts = [];

    [Theory]
    [InlineData("map")]
    [InlineData("compact")]
    [InlineData("ndjson")]
    public async Task DamagedRecords_GetTheOraclesVerdictAndValues(string form)
    {
        PythonScript.OrSkip();
        var seed = Environment.GetEnvironmentVariable("KPISTREAM_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}; repeat with KPISTREAM_SEED={seed}");
        var originals = GoldenFiles.Lines("mixed").Where(line => line.Length < 2_000).Take(600);
        var records = await FormConverter.ConvertAsync(originals, form, "random", seed);
        var mutator = new RecordMutator([.. records, .. Awkward(form == "ndjson" ? "json" : "msgpack", records.Count)], seed);
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        foreach (var record in records)
        {
            Assert.Equal("accepted", Compare(decoder, record));
        }

        for (var i = 0; i < Trials; i++)
        {
            Compare(decoder, mutator.Next());
        }

        foreach (var (verdict, count) in verdicts.OrderByDescending(pair => pair.Value))
        {
            output.WriteLine($"{count,7} {verdict}");
        }

        // A mutator that spoils everything or nothing would prove nothing.
        Assert.InRange(verdicts["accepted"], Trials / 20, Trials * 3 / 4);
        Assert.InRange(verdicts.Count, 25, 60);
    }

    [Fact]
    public void TheCorpus_GetsTheSameVerdictsAndValuesFromTheOracle()
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        Assert.All(CorpusFile.Read("msgpack").Concat(CorpusFile.Read("json")), input => Assert.Equal(input.Verdict, Compare(decoder, input.Record)));
    }

    /// <summary>Legal inputs of the corpus: rich in values that a key cannot hold.</summary>
    private static IEnumerable<byte[]> Awkward(string form, int count)
    {
        var legal = CorpusFile.Read(form).Where(input => input.Verdict is not ("malformed" or "too_large") && input.Record.Length < 400)
            .Select(input => input.Record).ToList();
        return Enumerable.Range(0, count).Select(number => legal[(int)((long)number * legal.Count / count)]);
    }

    private string Compare(EventDecoder decoder, byte[] record)
    {
        var expected = oracle.Judge(record);
        var verdict = decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded);
        var again = decoder.Decode([.. record], DecodeLimits.UnknownArrival, out var decodedAgain);
        if (expected.Verdict != verdict.ToString() || again != verdict)
        {
            Assert.Fail($"the oracle says {expected.Verdict}, the decoder {verdict} and then {again}: {Shown(record)}");
        }

        verdicts[expected.Verdict] = verdicts.GetValueOrDefault(expected.Verdict) + 1;
        if (!verdict.IsAccepted)
        {
            return expected.Verdict;
        }

        var (wanted, got, gotAgain) = (EventText.Of(expected, PseudonymKey.Fixed), EventText.Of(decoded, codes), EventText.Of(decodedAgain, codes));
        if (wanted != got || got != gotAgain)
        {
            Assert.Fail($"the oracle reads\n{wanted}\nthe decoder\n{got}\nand then\n{gotAgain}\nfrom {Shown(record)}");
        }

        return expected.Verdict;
    }

    private static string Shown(byte[] record) => $"{Encoding.UTF8.GetString(record)} (base64 {Convert.ToBase64String(record)})";
}
