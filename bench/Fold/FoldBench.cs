using System.Diagnostics;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Configuration.Rules;

namespace KpiStream.Bench.Fold;

/// <summary>
/// <c>fold [CASES] [ordinary|mixed] [SEED] [ROUNDS] [WINDOWS] [UNITS]</c>: one question, what it costs to fold a decoded event into everything that is counted.
/// Events are made outside of the time that is measured, 4,096 at a time, so that they are warm when they are folded, as they are behind a decoder. Every round
/// folds the same events into nothing; of every 64th of them the best round counts as well, because other work on the machine only ever adds.
/// </summary>
internal static class FoldBench
{
    private const int BatchesAtOnce = 16;
    private const int Parts = 64;
    private const int WarmUpCases = 100_000;
    private const int WarmUpSeconds = 5;
    private static readonly string[] Sliding = ["1h", "24h", "7d", "30d", "2h", "12h", "3d", "14d"];

    public static int Run(string[] rest)
    {
        var cases = Number(rest, 0, 1_000_000);
        var profile = rest.Length > 1 ? Enum.Parse<GenerateProfile>(rest[1], ignoreCase: true) : GenerateProfile.Ordinary;
        var seed = Number(rest, 2, 7);
        var (windows, units) = (Number(rest, 4, 4), rest.Length > 5 ? rest[5] : "hungyen");
        var options = new EngineOptions
        {
            Rulebook = Shipped.Rulebook(),
            Directory = Shipped.Units(units),
            Sliding = [.. Sliding.Take(windows).Select(name => Period.TryParse(name)!)],
            NowFollowsEvents = true,
        };

        var lives = new CaseLives(options, profile, (ulong)seed);
        WarmUp(options, lives, seed);
        var crowd = new CaseCrowd(lives, cases, seed);
        Say($"{profile}, seed {seed}: {cases:N0} cases, {crowd.Count:N0} events, {options.Rulebook.Figures.Count} figures, {windows} windows, units "
            + $"of {units}");
        var rounds = new double[Number(rest, 3, 1)][];
        for (var round = 0; round < rounds.Length; round++)
        {
            rounds[round] = Measure(options, crowd);
        }

        var (totals, best) = (rounds.Select(parts => parts.Sum()).Order().ToArray(), Enumerable.Range(0, Parts).Sum(part => rounds.Min(parts => parts[part])));
        Say($"{rounds.Length} rounds: median {totals[totals.Length / 2] / crowd.Count:F0} ns CPU/event ({totals[0] / crowd.Count:F0} - "
            + $"{totals[^1] / crowd.Count:F0}), best parts {best / crowd.Count:F0}");
        return 0;
    }

    /// <summary>Folds the whole crowd into nothing; the nanoseconds of processor time each 64th took.</summary>
    private static double[] Measure(EngineOptions options, CaseCrowd crowd)
    {
        crowd.Begin();
        var state = StateOf(options);
        var batches = Enumerable.Range(0, BatchesAtOnce).Select(_ => new EventBatch()).ToArray();
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        var (parts, events) = (new double[Parts], 0L);
        while (batches.TakeWhile(crowd.Fill).ToArray() is { Length: > 0 } full)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var batch in full)
            {
                state.Apply(batch);
            }

            parts[events * Parts / crowd.Count] += (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
            events += full.Sum(batch => batch.Count);
        }

        parts[^1] += CountTheRest(state);
        var heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        Say($"{parts.Sum() / events:F0} ns CPU/event, {heap / (double)state.Cases.Count:F0} heap bytes/case with everything that is counted, "
            + $"{state.Cases.Bytes / (double)state.Cases.Count:F1} bytes/case, {state.Ledger.Bytes / (double)state.Ledger.Held:F1} "
                + $"bytes/contribution, {state.Ledger.Held:N0} of these, fingerprint {state.Ledger.Fingerprint}, {state.Applied:N0} applied");
        return parts;
    }

    /// <summary>Cases that changed lately are counted when something is asked: so that none is left out, this asks. The nanoseconds it took.</summary>
    private static double CountTheRest(ShardState state)
    {
        var start = Environment.CpuUsage.TotalTime;
        _ = state.Ledger;
        return (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
    }

    /// <summary>Folds another crowd until the code is compiled as it stays.</summary>
    private static void WarmUp(EngineOptions options, CaseLives lives, int seed)
    {
        var (crowd, batch) = (new CaseCrowd(lives, WarmUpCases, seed), new EventBatch());
        for (var until = Stopwatch.GetTimestamp() + (WarmUpSeconds * Stopwatch.Frequency); Stopwatch.GetTimestamp() < until;)
        {
            crowd.Begin();
            var state = StateOf(options);
            while (crowd.Fill(batch))
            {
                state.Apply(batch);
            }
        }
    }

    private static ShardState StateOf(EngineOptions options) =>
        new(options, new CompiledRulebook(options.Rulebook), new UnitSuccessors(options.Codes.Units, options.Directory));

    private static int Number(string[] rest, int at, int otherwise) => rest.Length > at ? int.Parse(rest[at]) : otherwise;

    private static void Say(string line) => Console.WriteLine(line);
}
