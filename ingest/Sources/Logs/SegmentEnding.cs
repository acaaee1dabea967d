using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// Gives a segment that was away when the next one was begun, and is back whole, the manifest it lacks: without it every reader takes it for cut off. Whole is
/// one that holds the number before the next segment's first; what stands behind that number was never acknowledged.
/// </summary>
public static class SegmentEnding
{
    /// <summary>Completes every segment that can be; to be called by the log's only writer.</summary>
    public static void Complete(ILogFiles files, EventLogOptions options)
    {
        foreach (var segment in LogFolder.Segments(files).SkipLast(1))
        {
            try
            {
                TryComplete(files, segment, options);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Its reader will fail too; what is posted now need not.
                options.Report($"{LogFolder.PathOf(files.Name, segment)} could not be looked at: {error.Message} Check the disk.");
            }
        }
    }

    /// <summary>Completes one segment that is not the newest.</summary>
    /// <returns>False when it needs nothing, or does not hold all it should.</returns>
    public static bool TryComplete(ILogFiles files, int segment, EventLogOptions options)
    {
        if (HasManifest(files, segment) || LastWanted(files, segment, options.Durable) is not { } last || EndOf(files, segment, last) is not { } end)
        {
            return false;
        }

        var name = LogFolder.NameOf(segment);
        var path = LogFolder.PathOf(files.Name, segment);
        var opening = RecordingOpening.Open(path, () => files.Write(name), options.Recording, end);
        using var writer = opening.Writer;
        writer?.Close();
        options.Report(writer is null ? opening.Error : $"{path} is back, with every event up to the next segment: it was given the manifest it lacked.");
        return writer is not null;
    }

    private static bool HasManifest(ILogFiles files, int segment)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        return RecordingStart.Read(file) is not { Kind: RecordingStartKind.Recording } start
            || new BlockReader(file, start.Header.Id).EndsWith(BlockType.Manifest);
    }

    /// <summary>The number of the last event that belongs to a segment; null when nothing tells.</summary>
    private static long? LastWanted(ILogFiles files, int segment, DurableEnd durable) =>
        durable.LastOfLost(segment) ?? LogFolder.Segments(files).Where(number => number > segment).Take(1)
            .Select(next => SegmentNumbers.FirstOf(files, next) - 1).FirstOrDefault();

    /// <summary>Where the block with the last wanted event ends, when everything before it is whole; null otherwise.</summary>
    private static long? EndOf(ILogFiles files, int segment, long last)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        var reader = new BlockReader(file, RecordingStart.Read(file).Header.Id);
        while (reader.Next() is { Kind: BlockReadKind.Block } read)
        {
            if (reader.Header.Type == BlockType.Events && SegmentNumbers.LastIn(reader.Payload) is var number && number >= last)
            {
                return number == last ? read.To : null;
            }
        }

        return null;
    }
}
