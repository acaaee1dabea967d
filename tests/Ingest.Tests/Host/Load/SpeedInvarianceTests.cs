using KpiStream.Engine.Codecs;
using KpiStream.Engine.Kpis;
using KpiStream.Engine.Pipeline;
using KpiStream.Engine.Units;
using KpiStream.Ingest.Host.Runs;
using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Configuration.Rules;
using KpiStream.Ingest.Sources.Generation;
using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>
/// The same stream at any speed, over any partitions, with and without a restart in its middle, comes to the same fingerprint: that of the recount. Time is the
/// test's, so 1x takes no longer than max; the engine, its threads and its snapshots are the real ones.
/// </summary>
public sealed class SpeedInvarianceTests
{
    private static readonly LoadPace[] Paces = [new RecordedPace(1), new RecordedPace(50), LoadPace.Max];

    // After everything the streams hold, and before what is dated ahead on purpose.
    private static readonly long Start = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public Task AnySpeedPartitionsAndRestart_ComeToTheFingerprintOfTheRecount() => RunAsync(first: 1, count: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task ThousandsOfRuns_ComeToTheFingerprintOfTheRecount() => RunAsync(first: 1_000, count: 400 * LongRuns.Effort);

    private static async Task RunAsync(int first, int count)
    {
        var units = Shipped.Units("hungyen");
        for (var seed = first; seed < first + count; seed++)
        {
            var random = new Random(seed);
            var plan = new LoadPlan
            {
                Generate = new LoadGeneration(random.Next(60, 240), (ulong)seed, (GenerateProfile)random.Next(3), new DateOnly(2025, 7, 1), random.Next(1, 30)),
                Dirty = random.Next(2) == 0 ? DirtyRates.None : new DirtyRates(20_000, 80_000, 40_000, 20_000, 1_000),
                Seed = (ulong)seed,
                Loop = random.Next(1, 3),
            };
            var expected = await RecountAsync(plan, units);
            foreach (var pace in Paces)
            {
                var (partitions, restarts, shards) = (random.Next(2) == 0 ? 1 : 8, random.Next(2) == 0, random.Next(1, 4));
                var fingerprint = await FingerprintAsync(plan with { Pace = pace }, units, new Random(seed), partitions, restarts, shards);
                Assert.True(expected == fingerprint,
                    $"seed {seed}, {pace.Text}, {partitions} partitions, {shards} shards, restart {restarts}: {fingerprint}, not {expected}");
            }
        }
    }

    private static async Task<string> RecountAsync(LoadPlan plan, UnitDirectory units)
    {
        var stream = new LoadStream(plan, units, Start);
        Assert.Null(await stream.PrepareAsync(CancellationToken.None));
        using var recount = new LoadRecount(stream, stream, long.MaxValue, Start, Shipped.Rulebook(), units);
        await recount.RunAsync(CancellationToken.None);
        Assert.True(recount.Accepted > 0);
        return recount.Fingerprint;
    }

    private static async Task<string> FingerprintAsync(LoadPlan plan, UnitDirectory units, Random random, int partitions, bool restarts, int shards)
    {
        var stream = new LoadStream(plan, units, Start);
        Assert.Null(await stream.PrepareAsync(CancellationToken.None));
        await using var target = new RestartedEngine(units, random, partitions, shards) { RestartAt = restarts ? random.Next(1, 60) : -1 };
        var queue = new LoadQueue();
        var clock = new JumpingClock();
        var preparing = Task.Run(async () =>
        {
            await stream.RunAsync(queue, CancellationToken.None);
            queue.Complete(CancellationToken.None);
        });
        Assert.True(await Task.Run(() => new LoadSender(queue, target, clock, plan.Pace.IsOpenLoop).Run(CancellationToken.None)));
        await preparing;
        return await target.FingerprintAsync();
    }

    private sealed class JumpingClock : ILoadClock
    {
        public long Now { get; private set; }

        /// <summary>An hour, so that events a day apart are reached in few rests and some are due more often than the beat.</summary>
        public long Beat => 3_600_000_000_000;

        public void Rest(CancellationToken stop) => Now += Beat;

        public void WaitUntil(long nanos, CancellationToken stop) => Now = Math.Max(Now, nanos);
    }

    /// <summary>Partitions are handed over as a consumer gets them: each in its order, among each other in any.</summary>
    private sealed class RestartedEngine(UnitDirectory units, Random random, int partitions, int shards) : ILoadTarget, IAsyncDisposable
    {
        private readonly Queue<(byte[] Record, long Due)>[] waiting = [.. Enumerable.Range(0, partitions).Select(static _ => new Queue<(byte[], long)>())];
        private (byte[] Record, long Due) last;
        private StreamEngine engine = New(units, shards);
        private Intake? intake;
        private int taken;

        public required int RestartAt { get; init; }

        public bool TrySend(ReadOnlySpan<byte> record, in LoadItem item, CancellationToken stop)
        {
            waiting[(int)(item.Case.Lo % (ulong)partitions)].Enqueue((record.ToArray(), item.Due));
            if (random.Next(8) == 0)
            {
                HandOver();
            }

            return true;
        }

        public void Flush()
        {
            if (random.Next(4) == 0)
            {
                HandOver();
            }
        }

        public async Task<string> FingerprintAsync()
        {
            HandOver();
            await engine.StopAsync();
            var sum = default(Fingerprint);
            foreach (var state in engine.States)
            {
                sum.Merge(state.Ledger.Fingerprint);
            }

            return sum.ToString();
        }

        public async ValueTask DisposeAsync() => await engine.DisposeAsync();

        private static StreamEngine New(UnitDirectory units, int shards) =>
            new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = units, PseudonymKey = PseudonymKey.Fixed, Shards = shards });

        private void HandOver()
        {
            foreach (var partition in Enumerable.Range(0, partitions).OrderBy(_ => random.Next()))
            {
                while (waiting[partition].TryDequeue(out last))
                {
                    Accept();
                    if (++taken == RestartAt)
                    {
                        RestartAsync().GetAwaiter().GetResult();
                    }
                }
            }

            intake?.Flush();
        }

        private void Accept()
        {
            intake ??= engine.OpenIntake("load");
            intake.Accept(last.Record, new SourcePosition(0, taken), LoadSource.ArrivalOf(last.Due, Start));
        }

        /// <summary>Another engine continues from a snapshot, and is given the last record before it once more.</summary>
        private async Task RestartAsync()
        {
            intake!.Flush();
            var counted = ShardCut.Sum(await engine.CutAsync());
            var slices = await EngineRestart.FetchAsync(engine);
            var next = New(units, shards);
            await EngineRestart.RestoreAsync(engine, next, counted, slices, long.MinValue);
            await engine.DisposeAsync();
            (engine, intake) = (next, null);
            Accept();
        }
    }
}
