using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>
/// Changed real events as MessagePack: whatever the fast path accepts, the judge accepts with the same event. <c>KPISTREAM_TEST_EFFORT</c> makes it
/// long, <c>KPISTREAM_SEED</c> repeats it.
/// </summary>
public sealed class PackedFuzzTests(ITestOutputHelper output)
{
    private static readonly int Trials = LongRuns.Scale(150_000);

    [Theory]
    [InlineData(PackedEvents.Recorded)]
    [InlineData("compact")]
    [InlineData("map")]
    public void ChangedEvents_AreAcceptedOnlyAsTheJudgeAcceptsThem(string form)
    {
        var seed = Environment.GetEnvironmentVariable("KPISTREAM_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}; repeat with KPISTREAM_SEED={seed}");
        var taken = Run(form, Trials, seed);
        output.WriteLine($"{taken} of {Trials} changed events took the fast path");
    }

    /// <summary>Tries this many changed events of a form; how many took the fast path.</summary>
    public static int Run(string form, int trials, int seed)
    {
        var codes = new CodeBook();
        var fast = new FastPacked(codes, form == PackedEvents.Recorded ? null : PseudonymKey.Fixed, DecodeLimits.Default);
        var judge = PackedEvents.Decoder(form, codes, DecodeLimits.Default with { FastPath = false });
        List<byte[]> records = [.. PackedEvents.Of(form, "ordinary"), .. PackedEvents.Of(form, "mixed"), .. PackedEvents.Of(form, "format-2")];
        var mutator = new PackedMutator(records, seed);
        var beside = new AgainstTheJudge(judge, fast.TryDecode, record => Convert.ToHexString(record));
        beside.Teach(records, fast.Learn);
        return beside.Run(trials, () => mutator.Next());
    }
}
