using KpiStream.Ingest.Host.Plans;
using KpiStream.Ingest.Host.Runs.Load;
using KpiStream.Ingest.Sources.Configuration.Loads;
using KpiStream.Ingest.Sources.Generation;

namespace KpiStream.Ingest.Tests.Host.Load;

/// <summary>What is made beforehand is sent as it was made, as often as it is asked for, and leaves nothing behind.</summary>
public sealed class LoadSpoolTests
{
    [Fact]
    public async Task RandomRecords_ComeBackInTheirOrderEachTime_AndAnEndIsObeyed()
    {
        using var folder = new TemporaryFolder();
        var made = new Records(16_101, 5_000);
        using (var spool = await LoadSpool.OfAsync(made, folder.Path, CancellationToken.None))
        {
            // Nothing that a killed run could leave behind. Windows keeps the name until the last handle is closed.
            Assert.True(OperatingSystem.IsWindows() || !Directory.EnumerateFiles(folder.Path).Any());
            foreach (var wanted in (int[])[int.MaxValue, 1, 3_333, int.MaxValue])
            {
                var read = new Taken(wanted);
                await spool.RunAsync(read, CancellationToken.None);
                Assert.Equal(made.All.Take(wanted), read.All);
            }
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task AStopWhileItIsMade_IsAStop_AndNoFailure()
    {
        var plan = new LoadPlan
        {
            Generate = new LoadGeneration(100_000_000, 1, GenerateProfile.Ordinary, new DateOnly(2025, 7, 1), 4_900),
        };
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var run = new LoadRun(plan, Shipped.Units("hungyen"), new KafkaAccess(null, new Dictionary<string, string>()), TimeProvider.System);
        var (report, exit) = await run.RunAsync(stop.Token);
        Assert.Null(report);
        Assert.Equal(ExitCode.CheckFailed, exit);
    }

    private sealed class Records(int seed, int count) : ILoadRecords
    {
        public List<(string Record, CaseId Case, long Due)> All { get; } = [];

        public Task<SourceEnd> RunAsync(ILoadSink sink, CancellationToken stop)
        {
            var random = new Random(seed);
            for (var i = 0; i < count; i++)
            {
                // Empty ones, ordinary ones, and some longer than a record may be.
                var bytes = new byte[random.Next(50) switch { 0 => 0, 1 => random.Next(100_000), _ => random.Next(1_200) }];
                random.NextBytes(bytes);
                var id = new CaseId((ulong)random.NextInt64(), (ulong)random.NextInt64());
                var item = (Record: Convert.ToHexString(bytes), Case: id, Due: random.NextInt64());
                All.Add(item);
                Assert.True(sink.TryPut(bytes, item.Case, item.Due, stop));
            }

            return Task.FromResult(SourceEnd.Finished);
        }
    }

    private sealed class Taken(int wanted) : ILoadSink
    {
        public List<(string Record, CaseId Case, long Due)> All { get; } = [];

        public bool TryPut(ReadOnlySpan<byte> record, CaseId id, long due, CancellationToken stop)
        {
            All.Add((Convert.ToHexString(record), id, due));
            return All.Count < wanted;
        }
    }
}
