using KpiStream.Ingest.Tests.Sources.Recordings;

namespace KpiStream.Ingest.Tests.Simulation;

/// <summary>
/// Events posted by senders, who send again what was not acknowledged, into an embedded log on the simulated disk, which the process follows.
/// </summary>
internal sealed class LogWay : ISimulatedWay
{
    private const int Senders = 3;

    private readonly SimulatedWorld world;
    private readonly SimulatedFolder folder;
    private readonly int segmentBytes;
    private readonly List<Batch> batches;
    private readonly Dictionary<string, int> tried = [];
    private EventLog log = null!;
    private GroupCommit commit = null!;

    /// <param name="records">About how many.</param>
    /// <param name="segment">As in <see cref="EventLogOptions.SegmentBytes"/>; null for chance.</param>
    public LogWay(SimulatedWorld world, int records, int? segment = null)
    {
        this.world = world;
        folder = world.Disk.MakeFolder("log");
        segmentBytes = segment ?? (world.Random.Next(2) == 0 ? 1 << 20 : world.Random.Next(1, 5_000));
        batches = [.. SimulatedRecords.Choose(world.Random, records).Chunk(world.Random.Next(1, 8)).Select(records => new Batch(records))];
    }

    public IRecordSource Open(SimulatedProcess process)
    {
        var recording = new RecordingOptions(
            process.Options.Codes, PseudonymKey.Fixed.Id)
        { Time = world.Clock, NewId = world.NextId, BlockBytes = world.Random.Next(3) == 0 ? 1 : 2_000 };
        var options = new EventLogOptions(recording) { SegmentBytes = segmentBytes, Report = process.Say };
        var files = new SimulatedLogFiles(folder);
        commit = Begin(() => log = EventLog.Open(files, options), process.Scheduler);
        return new LogSource(files, new RecordingSourceOptions
        {
            PollInterval = TimeSpan.FromMilliseconds(world.Random.Next(1, 20)),
            Time = world.Clock,
            Scheduler = process.Scheduler,
            Report = process.Say
        })
        { Durable = options.Durable };
    }

    public async Task FeedAsync(SimulatedProcess process)
    {
        var decoder = new EventDecoder(process.Options.Codes, PseudonymKey.Fixed, SimulatedSettings.Limits);
        var coming = new Queue<Batch>(batches.Where(batch => !batch.IsDone));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendAsync(process, decoder, coming)));
        while (!process.Stop.IsCancellationRequested && process.Counts!.LastOffset < log.LastNumber)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), world.Clock);
        }

        process.Cancel();
    }

    public async Task CloseAsync() => await commit.DisposeAsync();

    public long Recount(CodeBook codes, Action<CaseEvent> take)
    {
        var held = Held();
        Assert.Equal(Enumerable.Range(1, held.Count), held.Select(one => (int)one.Position.Offset));
        var counts = held.CountBy(one => one.Hex).ToDictionary();
        foreach (var (hex, acknowledged) in batches.Where(batch => batch.IsDone).SelectMany(batch => batch.Hexes).CountBy(hex => hex))
        {
            Assert.True(counts.GetValueOrDefault(hex) >= acknowledged, "an acknowledged event is not in the log");
        }

        Assert.All(counts, one => Assert.True(one.Value <= tried[one.Key], "an event is in the log more often than it was sent"));
        return Give(held, new RecordedEventDecoder(codes, SimulatedSettings.Limits), take);
    }

    private static GroupCommit Begin(Func<EventLog> open, TaskScheduler scheduler) => new(open(), open, scheduler);

    private static long Give(IEnumerable<Sources.CollectingSink.Record> held, RecordedEventDecoder decoder, Action<CaseEvent> take)
    {
        var latest = long.MinValue;
        foreach (var one in held)
        {
            Assert.True(decoder.Decode(Convert.FromHexString(one.Hex), one.Arrival, out var decoded).IsAccepted);
            latest = Math.Max(latest, one.Arrival);
            take(decoded);
        }

        return latest;
    }

    /// <summary>What the files hold, by the plain reader of the tests.</summary>
    private List<Sources.CollectingSink.Record> Held() =>
        [.. folder.Files.OrderBy(file => file.Key).SelectMany(file => NaiveRecording.Blocks(file.Value.Seen.ToArray()))
            .SelectMany(block => block.Events)];

    private async Task SendAsync(SimulatedProcess process, EventDecoder decoder, Queue<Batch> coming)
    {
        while (!process.Stop.IsCancellationRequested && coming.TryDequeue(out var batch))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(5)), world.Clock);
            if (!await TrySendAsync(process, decoder, batch))
            {
                coming.Enqueue(batch);
            }
        }
    }

    private async Task<bool> TrySendAsync(SimulatedProcess process, EventDecoder decoder, Batch batch)
    {
        var events = batch.Decode(decoder);
        batch.Hexes = Hexes(events, process.Options.Codes);
        batch.Hexes.ForEach(hex => tried[hex] = tried.GetValueOrDefault(hex) + 1);
        try
        {
            if (!commit.TryWrite(events, world.Clock.GetUtcNow().ToUnixTimeMilliseconds(), out var done))
            {
                return false;
            }

            await done;
            batch.IsDone = true;
            world.Trace.Step(events.Count);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static List<string> Hexes(List<CaseEvent> events, CodeBook codes)
    {
        var writer = new RecordedEventWriter(codes);
        return events.ConvertAll(one => Convert.ToHexString(writer.Write(in one)));
    }

    private sealed class Batch(byte[][] records)
    {
        /// <summary>True once it was acknowledged.</summary>
        public bool IsDone { get; set; }

        /// <summary>Its accepted events as the log keeps them.</summary>
        public List<string> Hexes { get; set; } = [];

        public List<CaseEvent> Decode(EventDecoder decoder)
        {
            var events = new List<CaseEvent>();
            foreach (var record in records)
            {
                if (decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
                {
                    events.Add(decoded);
                }
            }

            return events;
        }
    }
}
