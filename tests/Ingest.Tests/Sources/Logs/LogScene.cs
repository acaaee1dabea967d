namespace KpiStream.Ingest.Tests.Sources.Logs;

/// <summary>A folder for a log, and different accepted events to append; the bytes of each say which it is. Blocks hold a few events.</summary>
internal sealed class LogScene : IDisposable
{
    /// <summary>A moment all events of these tests arrive at.</summary>
    public const long Arrival = 1_752_600_000_000;

    private const string KeyId = "00000000000000aa";

    private readonly TemporaryFolder root = new();
    private readonly CodeBook codes = new();
    private readonly List<CaseEvent> events = [];
    private readonly List<string> bytes = [];

    public LogScene(int count, ulong seed)
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        var known = new HashSet<string>();
        foreach (var line in Streams.Generate(GenerateProfile.Ordinary, (count * 5 / 4) + 50, seed))
        {
            Assert.True(decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted);
            var hex = Convert.ToHexString(writer.Write(in decoded));
            if (bytes.Count < count && known.Add(hex))
            {
                events.Add(decoded);
                bytes.Add(hex);
            }
        }

        Assert.Equal(count, bytes.Count);
    }

    public string Folder => root.File("log");

    /// <summary>What opening had to put right.</summary>
    public List<string> Said { get; } = [];

    public EventLog Open(long segmentBytes = 1 << 20) => EventLog.Open(Folder, Options(segmentBytes));

    public EventLogOptions Options(long segmentBytes = 1 << 20, string keyId = KeyId) =>
        new(new RecordingOptions(codes, keyId) { BlockBytes = 1 }) { SegmentBytes = segmentBytes, Report = Said.Add };

    /// <summary>One event, by its number in the scene, again from the first behind the last.</summary>
    public CaseEvent Event(int number) => events[number % events.Count];

    public IReadOnlyList<CaseEvent> Batch(int from, int count) => [.. Enumerable.Range(from, count).Select(Event)];

    public void Append(EventLog log, int from, int count)
    {
        foreach (var accepted in Batch(from, count))
        {
            log.Append(in accepted, Arrival);
        }
    }

    /// <summary>What a reader must get for events in this order: their bytes, numbered from 1.</summary>
    public List<CollectingSink.Record> Expected(IEnumerable<int> numbers) =>
        [.. numbers.Select((number, index) => new CollectingSink.Record(new SourcePosition(0, index + 1), Arrival, bytes[number % bytes.Count], -1))];

    /// <summary>Reads the folder's recordings to their end, as <c>replay</c> does.</summary>
    public async Task<(SourceEnd End, List<CollectingSink.Record> Records)> ReadAsync()
    {
        var (end, sink, _) = await RecordingsOf(LogFolder.Inputs(Folder));
        return (end, sink.Records);
    }

    public void Dispose() => root.Dispose();

    private static Task<(SourceEnd End, CollectingSink Sink, List<string> Said)> RecordingsOf(IReadOnlyList<RecordingInput> inputs) =>
        Recordings.RecordingScene.ReadAsync(inputs);
}
