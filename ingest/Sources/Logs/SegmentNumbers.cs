using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// The numbers of a log's events, as its blocks tell them: an event has the next number, whatever segment it is in, so a number that is missing is an event
/// that is missing.
/// </summary>
public static class SegmentNumbers
{
    /// <summary>The first event's number in a segment; null when it holds none that can be read.</summary>
    public static long? FirstOf(ILogFiles files, int segment)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        if (RecordingStart.Read(file) is not { Kind: RecordingStartKind.Recording } start)
        {
            return null;
        }

        var reader = new BlockReader(file, start.Header.Id);
        while (reader.Next() is { Kind: BlockReadKind.Block })
        {
            if (reader.Header.Type == BlockType.Events)
            {
                return FirstIn(reader.Payload);
            }
        }

        return null;
    }

    /// <summary>The number of the last event in a block's payload; 0 for none.</summary>
    public static long LastIn(ReadOnlySpan<byte> payload)
    {
        var entries = new RecordedEntryReader(payload);
        var last = 0L;
        while (entries.TryRead(out var entry))
        {
            last = entry.Position.Offset;
        }

        return last;
    }

    /// <summary>Numbers that no segment holds any more, although later ones are there. Reads the blocks' headers and not the events.</summary>
    /// <param name="files">The log's folder.</param>
    public static IEnumerable<MissingNumbers> FindMissing(ILogFiles files, CancellationToken stop)
    {
        var next = 0L;
        foreach (var segment in LogFolder.Segments(files))
        {
            foreach (var (first, count) in Blocks(files, segment, stop))
            {
                if (next > 0 && first > next)
                {
                    yield return new MissingNumbers(next, first, LogFolder.NameOf(segment));
                }

                next = Math.Max(next, first + count);
            }
        }
    }

    /// <summary>The numbers in each block that is there: a block says how many events are before it, so the first event tells all the others.</summary>
    private static IEnumerable<(long First, int Count)> Blocks(ILogFiles files, int segment, CancellationToken stop)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        if (RecordingStart.Read(file) is not { Kind: RecordingStartKind.Recording } start)
        {
            yield break;
        }

        var reader = new BlockReader(file, start.Header.Id);
        long? before = null;
        while (!stop.IsCancellationRequested)
        {
            var read = reader.Next(before is null ? null : static _ => false);
            if (read.Kind == BlockReadKind.Block && reader.Header.Type == BlockType.Events)
            {
                before ??= FirstIn(reader.Payload) - reader.Header.FirstRecord;
                yield return (before.Value + reader.Header.FirstRecord, reader.Header.Records);
            }
            else if (read.Kind != BlockReadKind.Block && !(read.Kind == BlockReadKind.Damaged && reader.Position == read.To))
            {
                yield break;
            }
        }
    }

    private static long FirstIn(ReadOnlySpan<byte> payload) => new RecordedEntryReader(payload).TryRead(out var entry) ? entry.Position.Offset : 0;
}

/// <summary>Events that are missing in a log.</summary>
/// <param name="From">The first one's number.</param>
/// <param name="To">The first number that is there again.</param>
/// <param name="In">The segment in which it is.</param>
public sealed record MissingNumbers(long From, long To, string In);
