using System.Diagnostics;

namespace KpiStream.Bench.Micro;

/// <summary>
/// The ways of decoding in turn, round after round in one process, so that whatever else the machine does falls on all of them. Prints medians, the
/// best round, and the median of the ratios within rounds.
/// </summary>
internal static class SideBySide
{
    public const int DefaultRounds = 501;

    // The compiler's last word on hot methods comes after some tenths of a second of running them.
    private const int WarmUps = 400;

    /// <param name="rounds">How often each way is taken.</param>
    /// <param name="only">Empty for all, or one of <c>json</c>, <c>recorded</c>, <c>compact</c>, <c>map</c>, <c>reading</c>.</param>
    public static int Run(int rounds, string only)
    {
        Console.WriteLine($"first {EventLines.Count} events of seed {EventLines.Seed}, {rounds} rounds, {Environment.ProcessorCount} cores, AVX2 "
            + $"{System.Runtime.Intrinsics.X86.Avx2.IsSupported}, .NET {Environment.Version}");
        Console.WriteLine("| events | way | ns/event, median | best round | GB/s, median | best round | first way ÷ this, median | of best rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        GenerateProfile[] profiles = [GenerateProfile.Ordinary, GenerateProfile.Mixed];
        (string Name, Action Compare)[] all =
        [
            ("json", () => Array.ForEach(profiles, profile => CompareJson(profile, rounds))),
            .. Enum.GetValues<EventForm>()
                .Select(form => (form.ToString().ToLowerInvariant(), (Action)(() => Array.ForEach(profiles, profile => ComparePacked(form, profile, rounds))))),
            ("reading", () => CompareReading(rounds)),
        ];
        foreach (var (_, compare) in all.Where(one => only.Length == 0 || one.Name == only))
        {
            compare();
        }

        return 0;
    }

    private static void CompareJson(GenerateProfile profile, int rounds)
    {
        var benchmarks = new DecodeBenchmarks { Profile = profile };
        benchmarks.Prepare();
        Compare(
            $"JSON, {profile}",
            new Amount(EventLines.Count, benchmarks.BytesPerEvent),
            [("Utf8JsonReader, same keys", benchmarks.Utf8JsonReader_SameKeys), ("decoder, fast path", benchmarks.FastPath_On),
                ("decoder, judge only", benchmarks.FastPath_Off)],
            rounds);
        Console.WriteLine($"| JSON, {profile} | took the fast path: {benchmarks.FastShare:P1} | | | | | | |");
    }

    private static void ComparePacked(EventForm form, GenerateProfile profile, int rounds)
    {
        var benchmarks = new PackedBenchmarks { Form = form, Profile = profile };
        benchmarks.Prepare();
        Compare(
            $"{form}, {profile}",
            new Amount(EventLines.Count, benchmarks.BytesPerEvent),
            [("decoder, judge only", benchmarks.FastPath_Off), ("decoder, fast path", benchmarks.FastPath_On)],
            rounds);
    }

    private static void CompareReading(int rounds)
    {
        var benchmarks = new RecordingBenchmarks();
        benchmarks.Prepare();
        Compare("recording, Ordinary", new Amount(RecordingBenchmarks.Events, benchmarks.BytesPerEvent),
            [("read through, not decoded", benchmarks.ReadThrough_NotDecoded)], rounds);
    }

    private static void Compare(string events, Amount amount, (string Name, Func<int> Way)[] ways, int rounds)
    {
        var times = ways.Select(_ => new double[rounds]).ToArray();
        for (var round = -WarmUps; round < rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var time = Time(ways[way].Way, amount.Events);
                times[way][Math.Max(round, 0)] = time;
            }
        }

        for (var way = 0; way < ways.Length; way++)
        {
            Print(events, ways[way].Name, times[way], times[0], amount.BytesPerEvent);
        }
    }

    private static double Time(Func<int> way, int events)
    {
        var began = Stopwatch.GetTimestamp();
        way();
        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / events;
    }

    private static void Print(string events, string name, double[] times, double[] first, double bytes)
    {
        var (median, best) = (Median(times), times.Min());
        var ratio = Median([.. times.Zip(first, (own, other) => other / own)]);
        Console.WriteLine($"| {events} | {name} | {median:F0} | {best:F0} | {bytes / median:F2} | {bytes / best:F2} | {ratio:F2} | {first.Min() / best:F2} |");
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    /// <summary>What one call of a way handles.</summary>
    private readonly record struct Amount(int Events, double BytesPerEvent);
}
