using System.Diagnostics;
using System.Globalization;
using KpiStream.Ingest.Sources.Generation;

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

    public static int Run(int rounds)
    {
        Console.WriteLine($"first {EventLines.Count} events of seed {EventLines.Seed}, {rounds} rounds, {Environment.ProcessorCount} cores, AVX2 {System.Runtime.Intrinsics.X86.Avx2.IsSupported}, .NET {Environment.Version}");
        Console.WriteLine("| profile | way | ns/event, median | best round | GB/s, median | best round | Utf8JsonReader ÷ this, median | of best rounds |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var profile in new[] { GenerateProfile.Ordinary, GenerateProfile.Mixed })
        {
            Compare(profile, rounds);
        }

        return 0;
    }

    private static void Compare(GenerateProfile profile, int rounds)
    {
        var benchmarks = new DecodeBenchmarks { Profile = profile };
        benchmarks.Prepare();
        (string Name, Func<int> Way)[] ways =
            [("Utf8JsonReader, same keys", benchmarks.Utf8JsonReader_SameKeys), ("decoder, fast path", benchmarks.FastPath_On), ("decoder, judge only", benchmarks.FastPath_Off)];
        var times = ways.Select(_ => new double[rounds]).ToArray();
        for (var round = -WarmUps; round < rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var time = Time(ways[way].Way);
                times[way][Math.Max(round, 0)] = time;
            }
        }

        for (var way = 0; way < ways.Length; way++)
        {
            Print(profile, ways[way].Name, times[way], times[0], benchmarks.BytesPerEvent);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {profile} | took the fast path: {benchmarks.FastShare:P1} | | | | | | |"));
    }

    private static double Time(Func<int> way)
    {
        var began = Stopwatch.GetTimestamp();
        way();
        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / EventLines.Count;
    }

    private static void Print(GenerateProfile profile, string name, double[] times, double[] reader, double bytes)
    {
        var (median, best) = (Median(times), times.Min());
        var ratio = Median([.. times.Zip(reader, (own, other) => other / own)]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {profile} | {name} | {median:F0} | {best:F0} | {bytes / median:F2} | {bytes / best:F2} | {ratio:F2} | {reader.Min() / best:F2} |"));
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
