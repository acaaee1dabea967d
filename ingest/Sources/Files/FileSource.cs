namespace KpiStream.Ingest.Sources.Files;

/// <summary>
/// Files of one JSON record a line or of MessagePack values one behind another, read one file after the other, and standard input; the form, and
/// gzip around it, is known by the first bytes, not by the name.
/// A record's position is (number of the file from 0, number of the line or value from 1). Such records have no arrival time.
/// Memory is bounded: one read buffer and one line. Restart: from the first file's start, or behind what was handed over; a file that has grown is read on.
/// </summary>
/// <param name="inputs">What to read, in this order; at least one.</param>
/// <param name="maxRecordBytes">The longest line handed over whole, line feed not counted.</param>
/// <param name="time">For noticing that a pipe has run dry.</param>
public sealed class FileSource(IReadOnlyList<FileInput> inputs, int maxRecordBytes, TimeProvider time) : IRecordSource
{
    public FileSource(IReadOnlyList<FileInput> inputs)
        : this(inputs, DecodeLimits.Default.MaxRecordBytes, TimeProvider.System)
    {
    }

    public string Name => inputs.Count == 1 ? inputs[0].Name : $"{inputs.Count} files";

    /// <summary>How far reading has come; may be read from any thread at any time.</summary>
    public ReadProgress Progress { get; } = new();

    (long Read, long Total) IRecordSource.Progress => (Progress.BytesRead, Progress.TotalBytes);

    /// <summary>Files may move, for they are known by their bytes.</summary>
    public string StateName => "files";

    public string? CannotResume => inputs.FirstOrDefault(input => !input.CanReadAgain) is { } once ? $"{once.Name} cannot be read a second time" : null;

    /// <summary>
    /// What the first file looks like that does not begin like events, in one sentence; null when all do. To be read when the source has ended.
    /// </summary>
    public string? Guess { get; private set; }

    /// <summary>Reads everything on a thread of its own, because files are read, and a full engine is waited for, on the spot.</summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop) =>
        Task.Run(() => ReadAllAsync(sink, start, stop), CancellationToken.None);

    /// <inheritdoc/>
    public async Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop)
    {
        foreach (var left in places.Parts.Where(place => place.Bytes > 0 && place.Part < inputs.Count))
        {
            if (await FileGap.FindAsync(inputs[left.Part], left, stop) is { } gap)
            {
                return gap;
            }
        }

        return null;
    }

    private async Task<SourceEnd> ReadAllAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        // A file named wrongly is said at once and not after an hour of reading the one before it.
        foreach (var input in inputs)
        {
            if (await FindObstacleAsync(input, stop) is { } obstacle)
            {
                return obstacle;
            }
        }

        Progress.Expect(inputs.Sum(input => input.FindLength() ?? 0));
        var end = SourceEnd.Finished;
        var read = new List<SourcePlace>();
        for (var file = 0; file < inputs.Count && end.Kind == SourceEndKind.Finished; file++)
        {
            using var reading = new FileReading(inputs[file], file, read, maxRecordBytes, Progress, sink, start, time);
            end = await reading.RunAsync(stop);
            Guess ??= reading.Guess is { } guess
                ? $"{inputs[file].Name} begins like {guess.Replace("FILE", inputs[file].Name)}." : null;
        }

        sink.Flush();
        return end;
    }

    private static async Task<SourceEnd?> FindObstacleAsync(FileInput input, CancellationToken stop)
    {
        if (input.FindObstacle() is { } obstacle)
        {
            return new SourceEnd(SourceEndKind.Unavailable, obstacle);
        }

        return await input.FindForeignAsync(stop) is { } foreign ? new SourceEnd(SourceEndKind.Foreign, foreign) : null;
    }
}
