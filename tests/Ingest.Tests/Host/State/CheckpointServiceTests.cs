using KpiStream.Ingest.Host.State;
using KpiStream.Ingest.Tests.Simulation;
using KpiStream.Ingest.Tests.Sources.Checkpoints;

namespace KpiStream.Ingest.Tests.Host.State;

/// <summary>Checkpoints on a disk that has no room: the run continues, the error is counted and said once, and is over when it is over.</summary>
public sealed class CheckpointServiceTests : IAsyncDisposable
{
    private readonly MemoryFiles files = new();
    private readonly List<string> said = [];
    private readonly StreamEngine engine = new(new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 2 });
    private readonly Intake intake;
    private readonly CheckpointService service;
    private readonly CheckpointSink sink;
    private readonly IReadOnlyList<byte[]> lines = Streams.Generate(GenerateProfile.Ordinary, 400, seed: 6_500);
    private readonly ITestOutputHelper output;
    private int fed;

    public CheckpointServiceTests(ITestOutputHelper output)
    {
        this.output = output;
        intake = engine.OpenIntake("test");
        service = new CheckpointService(engine, new CheckpointStore(files), TimeSpan.FromHours(1), TimeProvider.System, said.Add);
        sink = service.Over(new FileSource([]), intake, SourcePlaces.Beginning);
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task ADiskWithoutRoom_IsCountedAndSaidOnce_AndTheNextOneIsWritten()
    {
        files.FailFrom = 3;
        await FeedAsync();
        await FeedAsync();
        Assert.Equal((0, 2), (service.Counts.Written, service.Counts.Failed));
        Assert.Contains("No space left on device", Assert.Single(said));

        files.FailFrom = int.MaxValue;
        await FeedAsync();
        Assert.Equal((1, 2), (service.Counts.Written, service.Counts.Failed));
        Assert.Contains("are written again", said[^1]);
        await MustHoldAsync();
    }

    [Fact]
    [Fault("slow disk", "flushing a checkpoint does not return for as long as the test likes", "events are counted meanwhile, no second checkpoint is "
        + "begun, and the one that waits is good in the end")]
    public async Task ADiskThatTakesItsTime_HoldsNobodyUp()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        files.Slow = slow.Task;
        var writing = FeedAsync();
        var (before, cut) = (await CasesAsync(), fed);
        for (; fed < 300; fed++)
        {
            sink.Accept(lines[fed], new SourcePosition(0, fed + 1), DecodeLimits.UnknownArrival);
        }

        sink.Flush();
        Assert.InRange(await CasesAsync(), before + 1, int.MaxValue);
        Assert.Equal((false, 0L), (writing.IsCompleted, service.Counts.Written));
        slow.SetResult();
        await writing;
        Assert.Equal((1, 0), (service.Counts.Written, service.Counts.Failed));
        Seen.Say(output, $"{fed - cut} events counted while the disk was waited for");
        await FeedAsync();
        await MustHoldAsync();
    }

    /// <summary>A source that has nothing to give says so again and again: what one bulk post brought must not wait for the next one to be kept.</summary>
    [Fact]
    public async Task NoFurtherEvent_TheCheckpointIsWrittenAllTheSame()
    {
        var clock = new SimulatedClock(DateTimeOffset.UnixEpoch.AddYears(56));
        var own = new CheckpointService(engine, new CheckpointStore(files), TimeSpan.FromMinutes(1), clock, said.Add);
        var gate = own.Over(new FileSource([]), engine.OpenIntake("other"), SourcePlaces.Beginning);
        for (; fed < 100; fed++)
        {
            gate.Accept(lines[fed], new SourcePosition(0, fed + 1), DecodeLimits.UnknownArrival);
        }

        gate.Pass(() => new SourcePlaces([new SourcePlace(0, 100)]));
        Assert.Equal(0, own.Counts.Written);
        clock.Pass(TimeSpan.FromMinutes(1));
        gate.Pass(() => new SourcePlaces([new SourcePlace(0, 100)]));
        await own.FinishAsync(isWanted: false);
        Assert.Equal(1, own.Counts.Written);
        await MustHoldAsync();
    }

    [Fact]
    public async Task AFaultThatIsNotTheDisks_EndsTheWorkForEverybodyToSee()
    {
        var own = new CheckpointService(engine, new CheckpointStore(files), TimeSpan.Zero, TimeProvider.System, said.Add)
        {
            NewId = static () => throw new InvalidOperationException("a bug"),
        };
        var gate = own.Over(new FileSource([]), engine.OpenIntake("other"), SourcePlaces.Beginning);
        Assert.False(own.Broken.IsCompleted);
        gate.Pass(() => SourcePlaces.Beginning);
        await own.FinishAsync(isWanted: false);
        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => own.Broken)).Message);
        Assert.Equal((0, 1), (own.Counts.Written, own.Counts.Failed));
    }

    private async Task<int> CasesAsync() => (await engine.AskAsync(static state => state.Cases.Count)).Sum();

    [Fact]
    public async Task HandedOverWithoutAPlace_NoCheckpointIsLeft()
    {
        sink.Accept(lines[0], new SourcePosition(0, 1), DecodeLimits.UnknownArrival);
        sink.Flush();
        await service.FinishAsync();
        Assert.Equal(0, service.Counts.Written);
        Assert.Empty(files.List());
    }

    private async Task FeedAsync()
    {
        for (var end = fed + 100; fed < end; fed++)
        {
            sink.Accept(lines[fed], new SourcePosition(0, fed + 1), DecodeLimits.UnknownArrival);
        }

        var here = fed;
        sink.Pass(() => new SourcePlaces([new SourcePlace(0, here)]));
        sink.Flush();
        await service.FinishAsync();
    }

    private async Task MustHoldAsync()
    {
        var start = new CheckpointLoader(new CheckpointStore(files), engine.Options with { Codes = new CodeBook(), Shards = 3 }, ["files"],
            _ => null, said.Add);
        var started = await start.OpenAsync();
        Assert.NotNull(started);
        await using var again = started.Engine;
        Assert.Equal(fed, started.PlacesOf(0).Parts[0].Next);
        Assert.Equal(
            (await engine.AskAsync(state => state.Cases.Count)).Sum(),
            (await again.AskAsync(state => state.Cases.Count)).Sum());
    }
}
