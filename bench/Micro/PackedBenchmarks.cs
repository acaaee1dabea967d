using BenchmarkDotNet.Attributes;

namespace KpiStream.Bench.Micro;

/// <summary>How long does it take to decode an event that comes as MessagePack? Times are per event; every way's results are verified first.</summary>
public class PackedBenchmarks
{
    private byte[][] records = [];
    private IEventDecoder fast = null!;
    private IEventDecoder judge = null!;

    [Params(EventForm.Recorded, EventForm.Compact, EventForm.Map)]
    public EventForm Form { get; set; }

    /// <summary>Ordinary or mixed; see <c>kpistream generate --profile</c>.</summary>
    [Params(GenerateProfile.Ordinary, GenerateProfile.Mixed)]
    public GenerateProfile Profile { get; set; } = GenerateProfile.Ordinary;

    public double BytesPerEvent => records.Average(record => record.Length);

    [GlobalSetup]
    public void Prepare()
    {
        // Some mixed events are rejected and have no such form; the first stand in for them.
        var all = EventForms.Of(Form, Profile);
        records = [.. Enumerable.Range(0, EventLines.Count).Select(number => all[number % all.Length])];
        fast = EventForms.Decoder(Form, fastPath: true);
        judge = EventForms.Decoder(Form, fastPath: false);
        if (all.Length < EventLines.Count / 2 || Array.Exists(records, record => !IsSame(record)))
        {
            throw new InvalidOperationException("The fast path and the judge disagree.");
        }
    }

    [Benchmark(OperationsPerInvoke = EventLines.Count)]
    public int FastPath_On() => Decode(fast);

    [Benchmark(Baseline = true, OperationsPerInvoke = EventLines.Count)]
    public int FastPath_Off() => Decode(judge);

    private int Decode(IEventDecoder decoder)
    {
        var accepted = 0;
        foreach (var record in records)
        {
            accepted += decoder.Decode(record, DecodeLimits.UnknownArrival, out _).IsAccepted ? 1 : 0;
        }

        return accepted;
    }

    /// <summary>The two decoders give ids in the same order, so equal events have equal ids.</summary>
    private bool IsSame(byte[] record)
    {
        var verdict = fast.Decode(record, DecodeLimits.UnknownArrival, out var one);
        var other = judge.Decode(record, DecodeLimits.UnknownArrival, out var two);
        return verdict == other && (!verdict.IsAccepted
            || (one.Case == two.Case && one.Stamp == two.Stamp && one.Stated == two.Stated && one.Values == two.Values));
    }
}
