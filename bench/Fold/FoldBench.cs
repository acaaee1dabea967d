using System.Diagnostics;
using System.Globalization;
using KpiStream.Engine.Events;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Units;
using KpiStream.Engine.Windowing;
using KpiStream.Ingest.Sources.Configuration;
using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Bench.Fold;

/// <summary>
/// <c>fold [CASES] [ordinary|mixed] [SEED]</c>: one question, what it costs to fold a decoded event into everything that is counted. Events are made outside
/// of the time that is measured, 4,096 at a time, so that they are warm when they are folded, as they are behind a decoder.
/// </summary>
internal static class FoldBench
{
    private const int BatchesAtOnce = 16;
    private const int WarmUpCases = 100_000;
    private const int WarmUpSeconds = 5;

    public static int Run(string[] rest)
    {
        var cases = rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1_000_000;
        var profile = rest.Length > 1 ? Enum.Parse<GenerateProfile>(rest[1], ignoreCase: true) : GenerateProfile.Ordinary;
        var seed = rest.Length > 2 ? int.Parse(rest[2], CultureInfo.InvariantCulture) : 7;
        var options = new EngineOptions
        {
            Rulebook = Shipped.Rulebook(),
            Directory = Shipped.Units("hungyen"),
            Sliding = [.. ((string[])["1h", "24h", "7d", "30d"]).Select(name => Period.TryParse(name)!)],
            NowFollowsEvents = true,
        };

        var lives = new CaseLives(options, profile, (ulong)seed);
        WarmUp(options, lives, seed);
        var crowd = new CaseCrowd(lives, cases, seed);
        var state = StateOf(options);
        var batches = Enumerable.Range(0, BatchesAtOnce).Select(_ => new EventBatch()).ToArray();
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{profile}, seed {seed}: {cases:N0} cases, {crowd.Count:N0} events, 18 figures, 4 windows"));
        var (ticks, events, cpu) = (0L, 0L, TimeSpan.Zero);
        for (var quarter = 1; quarter <= 4; quarter++)
        {
            var (from, ticksBefore, cpuBefore) = (events, ticks, cpu);
            while (events < crowd.Count * quarter / 4)
            {
                var full = batches.TakeWhile(crowd.Fill).ToArray();
                var (start, startCpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                foreach (var batch in full)
                {
                    events += batch.Count;
                    state.Apply(batch);
                }

                ticks += Stopwatch.GetTimestamp() - start;
                cpu += Environment.CpuUsage.TotalTime - startCpu;
            }

            var wall = (ticks - ticksBefore) * 1e9 / Stopwatch.Frequency / (events - from);
            var processor = (cpu - cpuBefore).TotalNanoseconds / (events - from);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quarter {quarter}: {processor:F0} ns CPU/event ({wall:F0} wall), {state.Cases.Count:N0} cases, {state.Ledger.Held:N0} contributions and deadlines held"));
        }

        var heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"all: {cpu.TotalNanoseconds / events:F0} ns CPU/event, {heap / (double)state.Cases.Count:F0} heap bytes/case with everything that is counted, {state.Cases.Bytes / (double)state.Cases.Count:F1} bytes/case, {state.Ledger.Bytes / (double)state.Ledger.Held:F1} bytes/contribution, fingerprint {state.Ledger.Fingerprint}, {state.Applied:N0} applied"));
        GC.KeepAlive(crowd);
        GC.KeepAlive(state);
        return 0;
    }

    /// <summary>Folds another crowd until the code is compiled as it stays.</summary>
    private static void WarmUp(EngineOptions options, CaseLives lives, int seed)
    {
        var batch = new EventBatch();
        for (var until = Stopwatch.GetTimestamp() + (WarmUpSeconds * Stopwatch.Frequency); Stopwatch.GetTimestamp() < until;)
        {
            var (crowd, state) = (new CaseCrowd(lives, WarmUpCases, seed), StateOf(options));
            while (crowd.Fill(batch))
            {
                state.Apply(batch);
            }
        }
    }

    private static ShardState StateOf(EngineOptions options) =>
        new(options, new CompiledRulebook(options.Rulebook), new UnitSuccessors(options.Codes.Units, options.Directory));
}
