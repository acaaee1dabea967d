using KpiStream.Ingest.Tests.Host.State;
using KpiStream.Tests.Support.Faults;

namespace KpiStream.Ingest.Tests.Faults;

/// <summary>The real program reads a topic over a faulty link: the figures are those of a recount of the same events, whatever the link does.</summary>
[Collection(OneBroker.OfFaults)]
[Trait("Category", "Kafka")]
public sealed class LinkTests(OneBroker fixture, ITestOutputHelper output) : IDisposable
{
    private const string Holds = "the CSV equals the recount's, every event once";

    // 200,000 with KPISTREAM_TEST_EFFORT=50.
    private static readonly int Events = LongRuns.Scale(4_000);

    // Small fetches and a small queue: most records are still with the broker when the fault comes, and a stuck connection is given up soon.
    private static readonly string[] Eager =
    [
        "--kafka", "max.partition.fetch.bytes=40000", "--kafka", "queued.min.messages=500",
        "--kafka", "socket.timeout.ms=2000", "--kafka", "reconnect.backoff.max.ms=200",
    ];

    private readonly StateScene scene = new();

    public void Dispose() => scene.Dispose();

    [Fact]
    [Fault("latency", "every piece takes 40 ms each way", Holds)]
    public Task EveryPieceTakesLong_FiguresAreTheRecounts() => ReadAsync(new LinkPolicy { Latency = TimeSpan.FromMilliseconds(40) });

    [Fact]
    [Trait("Category", "Long")]
    [Fault("jitter", "every piece takes 0 to 80 ms by chance", Holds)]
    public Task PiecesTakeUnequallyLong_FiguresAreTheRecounts() => ReadAsync(new LinkPolicy { Jitter = TimeSpan.FromMilliseconds(80) });

    [Fact]
    [Trait("Category", "Long")]
    [Fault("bandwidth cap", "a megabyte a second", Holds)]
    public Task TheLinkIsNarrow_FiguresAreTheRecounts() => ReadAsync(new LinkPolicy { BytesPerSecond = 1_000_000 });

    [Fact]
    [Fault("bytes sliced", "what was sent in one go arrives in pieces of 97 bytes", Holds)]
    public Task PiecesArriveInSlices_FiguresAreTheRecounts() => ReadAsync(new LinkPolicy { SliceBytes = 97 });

    [Fact]
    [Fault("connection reset", "all connections are reset after every 200 kB, in the middle of answers, five times", Holds)]
    public Task ConnectionsAreReset_FiguresAreTheRecounts() =>
        ReadAsync(new LinkPolicy { BytesPerSecond = 4_000_000 }, static proxy => proxy.Reset(), most: LongRuns.Scale(5));

    [Fact]
    [Fault("connection half-open", "after 200 kB all connections go dead without a word, once; new ones are good", Holds)]
    public Task ConnectionsGoDead_FiguresAreTheRecounts() =>
        ReadAsync(new LinkPolicy { BytesPerSecond = 4_000_000 }, static proxy => proxy.HalfOpen(), most: 1);

    /// <param name="policy">What the link does all the time.</param>
    /// <param name="error">What happens to it after every 200 kB.</param>
    /// <param name="most">How many times at most.</param>
    private async Task ReadAsync(LinkPolicy policy, Action<FaultProxy>? error = null, int most = int.MaxValue)
    {
        var broker = fixture.OrSkip();
        var lines = Streams.Generate(GenerateProfile.Mixed, Events, seed: 6_730);
        using var topic = await KafkaTopic.CreateAsync(broker.Bootstrap, 2);
        topic.PutAcross(2, lines);
        await using var proxy = new FaultProxy(broker.ProxyPort, broker.BehindProxyPort) { Policy = policy };
        var began = TimeProvider.System.GetTimestamp();
        await using var program = KpiStreamProcess.Start(
            ["replay", $"kafka:{topic.Name}", "--bootstrap", $"127.0.0.1:{broker.ProxyPort}", "--pseudonym-key", scene.Key, "--periods", CountRun.AllPeriods,
                "--export", scene.Folder.File("link.csv"), .. Eager]);
        var ending = program.ExitAsync();
        var faults = error is null ? 0 : await FaultAsync(proxy, error, most, ending);
        var result = await ending;
        Assert.True(result.ExitCode == 0, result.Errors);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        Seen.Say(output, $"{Events} events, {proxy.Bytes / 1e6:0.0} MB through the proxy in {seconds:0.0} s, {proxy.Accepted} connections, {faults} faults");
        Assert.True(proxy.Bytes > 400 * Events, "hardly anything went through the proxy: this proves nothing");
        Assert.True(error is null || faults > 0, "no fault came: this proves nothing");
        var recount = await scene.CountAsync("recount", scene.Folder.Write("cases.ndjson", lines));
        Assert.Equal(recount.Csv, await File.ReadAllTextAsync(scene.Folder.File("link.csv")));
    }

    private static async Task<int> FaultAsync(FaultProxy proxy, Action<FaultProxy> error, int most, Task ending)
    {
        var (faults, next) = (0, 200_000L);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!ending.IsCompleted)
        {
            if (proxy.Bytes >= next && faults < most)
            {
                error(proxy);
                (faults, next) = (faults + 1, proxy.Bytes + 200_000);
            }

            await tick.WaitForNextTickAsync();
        }

        return faults;
    }
}
