using BenchmarkDotNet.Attributes;

namespace KpiStream.Bench.Micro;

/// <summary>How long does it take to decode a native JSON event? Times are per event; every way's results are verified first.</summary>
public class DecodeBenchmarks
{
    private readonly CodeBook codes = new();
    private readonly ReaderExtraction extraction = new();
    private byte[][] lines = [];
    private EventDecoder fast = null!;
    private EventDecoder judge = null!;

    /// <summary>Ordinary or mixed; see <c>kpistream generate --profile</c>.</summary>
    [Params(GenerateProfile.Ordinary, GenerateProfile.Mixed)]
    public GenerateProfile Profile { get; set; } = GenerateProfile.Ordinary;

    public double BytesPerEvent => lines.Average(line => line.Length);

    /// <summary>The share of events that took the fast path when the results were verified.</summary>
    public double FastShare { get; private set; }

    [GlobalSetup]
    public void Prepare()
    {
        lines = EventLines.Of(Profile);
        fast = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        judge = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default with { FastPath = false });
        foreach (var line in lines)
        {
            Verify(line);
        }

        FastShare = fast.TakenFast / (double)lines.Length;
    }

    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public int FastPath_On() => Decode(fast);

    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public int FastPath_Off() => Decode(judge);

    [Benchmark(Baseline = true, OperationsPerInvoke = EventLines.Count)]
    public int Utf8JsonReader_SameKeys()
    {
        var keys = 0;
        foreach (var line in lines)
        {
            keys += extraction.Read(line);
        }

        return keys;
    }

    private int Decode(EventDecoder decoder)
    {
        var accepted = 0;
        foreach (var line in lines)
        {
            accepted += decoder.Decode(line, DecodeLimits.UnknownArrival, out _).IsAccepted ? 1 : 0;
        }

        return accepted;
    }

    private void Verify(byte[] line)
    {
        var verdict = fast.Decode(line, DecodeLimits.UnknownArrival, out var one);
        var other = judge.Decode(line, DecodeLimits.UnknownArrival, out var two);
        if (verdict != other || one.Case != two.Case || one.Stamp != two.Stamp || one.Stated != two.Stated || one.Values != two.Values)
        {
            throw new InvalidOperationException("The fast path and the judge disagree.");
        }

        // The plain extraction knows no escaped names and no last of repeated keys; ordinary events have neither.
        if (Profile == GenerateProfile.Ordinary)
        {
            extraction.Read(line);
            VerifyExtraction(in one);
        }
    }

    private void VerifyExtraction(in CaseEvent decoded)
    {
        var read = extraction.Values;
        var isSame = read[(int)CaseKey.At] == decoded.Stamp.At && read[(int)CaseKey.Seq] == decoded.Stamp.Seq
            && read[(int)CaseKey.Filed] == decoded.Values.Filed
            && read[(int)CaseKey.Due] == decoded.Values.Due && read[(int)CaseKey.Ended] == decoded.Values.Ended
                && read[(int)CaseKey.Fee] + 1 == decoded.Values.FeePlusOne;
        foreach (var key in Enum.GetValues<CaseKey>().Where(WordLayout.Holds))
        {
            isSame &= read[(int)key] == decoded.Values.PackedValue(key);
        }

        if (!isSame)
        {
            throw new InvalidOperationException("The extraction and the decoder disagree.");
        }
    }
}
