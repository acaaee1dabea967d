using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>Many seeds on all processors, each on one thread; <c>tests/simulate</c> is a shell around it.</summary>
internal static class SeedRun
{
    /// <summary>Failures told in full; of more only the seeds are told.</summary>
    private const int MostTold = 3;

    /// <summary>Runs seeds and tells what they found.</summary>
    /// <returns>The program's exit code.</returns>
    public static int Over(int first, int count)
    {
        var began = Stopwatch.StartNew();
        var failures = Failures(first, count);
        foreach (var failure in failures.Take(MostTold))
        {
            Console.WriteLine(failure);
        }

        Console.WriteLine(failures.Count == 0 ? "" : $"seeds that failed: {string.Join(' ', failures.Select(failure => failure.Seed))}");
        Console.WriteLine($"{count} seeds from {first} in {began.Elapsed.TotalSeconds:0.0} s, {failures.Count} failed");
        return failures.Count == 0 ? 0 : 1;
    }

    /// <summary>What some seeds found, by seed.</summary>
    public static IReadOnlyList<SimulationFailure> Failures(int first, int count) =>
        [.. Enumerable.Range(first, count).AsParallel().Select(TryRun).OfType<SimulationFailure>().OrderBy(failure => failure.Seed)];

    private static SimulationFailure? TryRun(int seed)
    {
        try
        {
            SimulatedLives.Run(seed);
            return null;
        }
        catch (SimulationFailure failure)
        {
            return failure;
        }
    }
}
