using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>
/// Changed real events: whatever the fast path accepts, the judge accepts with the same event. <c>KPISTREAM_TEST_EFFORT</c> makes it long,
/// <c>KPISTREAM_SEED</c> repeats it.
/// </summary>
public sealed class FastFuzzTests(ITestOutputHelper output)
{
    private static readonly int Trials = LongRuns.Scale(400_000);

    [Fact]
    public void ChangedEvents_AreAcceptedOnlyAsTheJudgeAcceptsThem()
    {
        var seed = Environment.GetEnvironmentVariable("KPISTREAM_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}; repeat with KPISTREAM_SEED={seed}");
        var taken = Run(Trials, seed);
        output.WriteLine($"{taken} of {Trials} changed events took the fast path");
    }

    /// <summary>Tries this many changed events; how many took the fast path.</summary>
    public static int Run(int trials, int seed)
    {
        var codes = new CodeBook();
        var fast = new FastJson(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var judge = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default with { FastPath = false });
        List<byte[]> records = [.. GoldenFiles.Lines("ordinary"), .. GoldenFiles.Lines("mixed").Where(line => line.Length < 3_000)];
        var mutator = new MemberMutator(records, seed);
        var beside = new AgainstTheJudge(judge, fast.TryDecode, DecoderPair.Shown);
        beside.Teach(records, fast.Learn);
        return beside.Run(trials, mutator.Next);
    }
}
