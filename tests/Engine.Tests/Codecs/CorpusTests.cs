using KpiStream.Tests.Support.Corpus;
using KpiStream.Tests.Support.Formats;

namespace KpiStream.Engine.Tests.Codecs;

/// <summary>The corpus of malformed and odd inputs: every decoder gives each of them the verdict that stands beside it.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private const int LeastPerForm = 3_000;
    private const int LeastTogether = 10_000;
    private const int MostShown = 20;

    private static readonly string[] Forms = ["json", "msgpack", "national"];

    [Theory]
    [InlineData("json")]
    [InlineData("msgpack")]
    public void NativeInputs_GetTheirVerdictWhateverTheirForm(string form) =>
        AssertVerdicts(CorpusFile.Read(form), new EventDecoder(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default), DecodeLimits.UnknownArrival);

    [Fact]
    public void NationalPayloads_GetTheirVerdictUnderTheShippedProfile() =>
        AssertVerdicts(CorpusFile.Read("national"), NationalPayload.Decoder(new CodeBook()), CorpusFile.Arrival);

    [Fact]
    public void NationalPayloadsWithoutAnArrival_LackTheirTime()
    {
        var decoder = NationalPayload.Decoder(new CodeBook());
        var legal = CorpusFile.Read("national").Where(input => input.Verdict is not ("malformed" or "too_large" or "missing:case")).ToList();
        Assert.All(legal, input => Assert.Equal("missing:at", decoder.Decode(input.Record, DecodeLimits.UnknownArrival, out _).ToString()));
    }

    private static ReadOnlySpan<byte> SmallestPacked => [0x95, 1, 7, 0xa1, (byte)'s', 0xa1, (byte)'c', 0xcf, 0, 0, 0x01, 0x97, 0xc0, 0, 0, 0];

    [Theory]
    [InlineData("json")]
    [InlineData("msgpack")]
    [InlineData("national")]
    public void NoInput_TakesMemoryOfItsOwnMaking(string form)
    {
        const long Most = 16_384; // an exception of the JSON reader and its trace; a length that lies could ask for gigabytes
        var decoder = form == "national" ? NationalPayload.Decoder(new CodeBook()) : new EventDecoder(new CodeBook(), PseudonymKey.Fixed, DecodeLimits.Default);
        decoder.Decode("[]"u8, CorpusFile.Arrival, out _); // the first exception costs what no other does
        decoder.Decode(SmallestPacked, DecodeLimits.UnknownArrival, out _); // the first accepted one makes the fast path's memory, whatever it says
        foreach (var input in CorpusFile.Read(form))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Decode(input.Record, CorpusFile.Arrival, out _);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(taken <= Most, $"{taken} bytes for {input}");
        }
    }

    [Fact]
    public void JsonInputs_GetTheSameVerdictFromTheOtherOracle()
    {
        var oracle = new EventOracle();
        var wrong = CorpusFile.Read("json").Where(input => input.Record is not [>= 0x80 and < 0xA0 or >= 0xDC and <= 0xDF, ..])
            .Select(input => (input, Said: oracle.Judge(input.Record).Verdict)).Where(pair => pair.Said != pair.input.Verdict).ToList();
        Assert.True(wrong.Count == 0,
            string.Join('\n', wrong.Take(MostShown).Select(pair => $"{pair.Said}, where the corpus says {pair.input.Verdict}: {pair.input}")));
    }

    [Fact]
    public void TheCorpus_HasEveryReasonAndManyInputs()
    {
        foreach (var form in Forms)
        {
            var verdicts = CorpusFile.Read(form).CountBy(input => input.Verdict).ToDictionary();
            Assert.InRange(verdicts.Values.Sum(), LeastPerForm, int.MaxValue);
            Assert.InRange(verdicts["accepted"], 400, verdicts.Values.Sum() / 2);
            Assert.Contains("too_large", verdicts.Keys);
        }

        var native = CorpusFile.Read("json").Concat(CorpusFile.Read("msgpack")).Select(input => input.Verdict).ToHashSet();
        Assert.InRange(Forms.Sum(form => CorpusFile.Read(form).Count()), LeastTogether, int.MaxValue);
        Assert.All(Enumerable.Range(0, CaseKeys.Count), key => Assert.Contains("bad_value:" + CaseKeys.NameOf((CaseKey)key), native));
    }

    [Fact]
    public async Task TheCorpus_IsWhatItsScriptMakes()
    {
        PythonScript.OrSkip();
        using var folder = new TemporaryFolder();
        await PythonScript.RunAsync("Corpus/make.py", ReadOnlyMemory<byte>.Empty, folder.Path);
        Assert.All(Forms, form =>
            Assert.True(CorpusFile.Text(CorpusFile.PathOf(form)).AsSpan().SequenceEqual(CorpusFile.Text(folder.File(form + ".txt.gz"))), form));
    }

    private void AssertVerdicts(IEnumerable<CorpusEntry> inputs, EventDecoder decoder, long arrival)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var input in inputs)
        {
            count++;
            var said = Said(decoder, input.Record, arrival);
            if (said != input.Verdict)
            {
                wrong.Add($"{said}, where the corpus says {input.Verdict}: {input}");
            }
        }

        output.WriteLine($"{count} inputs, {wrong.Count} with another verdict");
        Assert.InRange(count, LeastPerForm, int.MaxValue);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}:\n{string.Join('\n', wrong.Take(MostShown))}");
    }

    private static string Said(EventDecoder decoder, byte[] record, long arrival)
    {
        try
        {
            return decoder.Decode(record, arrival, out _).ToString();
        }
        catch (Exception error)
        {
            return $"thrown {error.GetType().Name}";
        }
    }
}
