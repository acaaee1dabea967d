namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>Generated events, accepted, with positions in several partitions and arrivals, some unknown; and how to record and read them.</summary>
internal sealed class RecordingScene
{
    /// <summary>The id of no real key.</summary>
    public const string KeyId = "00000000000000aa";

    private readonly CodeBook codes = new();
    private readonly List<(CaseEvent Event, SourcePosition Position, long Arrival)> events = [];

    public RecordingScene(int count, ulong seed, int partitions = 3)
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        foreach (var line in Streams.Generate(GenerateProfile.Mixed, count, seed))
        {
            Assert.True(decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted);
            var number = events.Count;
            var arrival = number % 7 == 3 ? DecodeLimits.UnknownArrival : decoded.Stamp.At + number;
            events.Add((decoded, new SourcePosition(number % partitions, number / partitions), arrival));
            Expected.Add(new CollectingSink.Record(events[^1].Position, arrival, Convert.ToHexString(writer.Write(in decoded)), -1));
        }
    }

    /// <summary>What a source must hand over, event by event.</summary>
    public List<CollectingSink.Record> Expected { get; } = [];

    public RecordingOptions Options { get; init; } = new(new CodeBook(), KeyId) { BlockBytes = 1 };

    public RecordingWriter Open(string path, out IReadOnlyList<string> notices)
    {
        var opening = RecordingOpening.Open(path, Options with { Codes = codes });
        notices = opening.Notices;
        return opening.Writer ?? throw new InvalidOperationException(opening.Error);
    }

    public RecordingWriter Open(string path) => Open(path, out _);

    /// <summary>Appends some of the events, committing after every this many.</summary>
    public void Append(RecordingWriter writer, int from, int to, int commitEvery)
    {
        for (var i = from; i < to; i++)
        {
            var (recorded, position, arrival) = events[i];
            writer.Append(in recorded, position, arrival);
            if ((i + 1) % commitEvery == 0)
            {
                writer.Commit();
            }
        }
    }

    /// <summary>Records all events and closes in order.</summary>
    public byte[] Record(string path, int commitEvery)
    {
        using (var writer = Open(path))
        {
            Append(writer, 0, events.Count, commitEvery);
            writer.Close();
        }

        return File.ReadAllBytes(path);
    }

    public static Task<(SourceEnd End, CollectingSink Sink, List<string> Said)> ReadAsync(byte[] file, RecordingSourceOptions? options = null) =>
        ReadAsync([new RecordingInput("a.rec", () => new MemoryStream(file))], options);

    public static async Task<(SourceEnd End, CollectingSink Sink, List<string> Said)> ReadAsync(
        IReadOnlyList<RecordingInput> inputs, RecordingSourceOptions? options = null)
    {
        var sink = new CollectingSink();
        var said = new List<string>();
        var source = new RecordingSource(inputs, (options ?? new RecordingSourceOptions()) with { Report = said.Add });
        return (await source.RunAsync(sink, CancellationToken.None), sink, said);
    }
}
