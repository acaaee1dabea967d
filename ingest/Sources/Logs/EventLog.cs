using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// A log for sites without Kafka: accepted events in a folder of recordings, appended to by one process. An event's position is (0, its number in the log).
/// What <see cref="Commit"/> returned after is on disk. Owned by one flow; any call may throw <see cref="IOException"/>: then the log is only to be disposed
/// of, and opening it again continues behind the last good block.
/// </summary>
public sealed class EventLog : IDisposable
{
    private readonly ILogFiles files;
    private readonly EventLogOptions options;
    private readonly IDisposable gate;
    private RecordingWriter writer;
    private int segment;

    private EventLog(ILogFiles files, EventLogOptions options, IDisposable gate, RecordingWriter writer, int segment, long lastNumber)
    {
        (this.files, this.options, this.gate, this.writer, this.segment) = (files, options, gate, writer, segment);
        LastNumber = lastNumber;
        options.Durable.Reach(segment, writer.Bytes, lastNumber);
    }

    /// <summary>The number of the newest event appended; 0 before the first.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Opens a log, making it when there is none.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why in one sentence.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write in the folder.</exception>
    public static EventLog Open(string folder, EventLogOptions options) => Open(new LogFiles(folder) { Report = options.Report }, options);

    /// <inheritdoc cref="Open(string, EventLogOptions)"/>
    public static EventLog Open(ILogFiles files, EventLogOptions options)
    {
        // Begun in a folder made again without the key, the log would be unreadable after the next start.
        if (options.Durable.Number is not null && options.KeyFile is { } key && !File.Exists(key))
        {
            throw new IOException($"{key} was deleted or moved away while serve was running: bring the folder of the log back as it was; nothing is kept until "
                + "then.");
        }

        var taken = files.Lock();
        RecordingWriter? opened = null;
        try
        {
            var segments = LogFolder.Segments(files);
            var newest = NewestOf(files, segments, options);
            TellGaps(files, segments, options);
            opened = OpenSegment(files, newest, options);
            SegmentEnding.Complete(files, options);

            // A segment just begun when the process ended holds nothing yet; the one before knows where the log stands.
            var last = opened.LastOffsets.TryGetValue(0, out var number) ? number : options.Durable.Number ?? LastNumberBefore(files, segments, options);
            return new EventLog(files, options, taken, opened, newest, last);
        }
        catch
        {
            opened?.Dispose();
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Appends an accepted event behind the last one.</summary>
    /// <param name="accepted">Its codes are of the code book of the options.</param>
    /// <param name="arrival">Milliseconds since 1970 UTC.</param>
    public void Append(in CaseEvent accepted, long arrival)
    {
        // Not at the commit that fills it: what is on disk must not be told as failed because the next segment cannot be begun.
        if (writer.Bytes >= options.SegmentBytes && writer is { Records: > 0, UncommittedBytes: 0 })
        {
            BeginSegment();
        }

        try
        {
            writer.Append(in accepted, new SourcePosition(0, LastNumber + 1), arrival);
            LastNumber++;
        }
        catch (IOException)
        {
            RefuseLost();
            throw;
        }
    }

    /// <summary>
    /// Leaves out numbers that were given to events the log has lost, so that none is given twice: copies of them can be brought back, and a reader sees what
    /// is missing. To be called when everything appended is committed.
    /// </summary>
    /// <param name="number">The last such number; one that is not behind the newest event changes nothing.</param>
    public void ContinueBehind(long number)
    {
        if (number <= LastNumber)
        {
            return;
        }

        // Within a segment numbers have no gaps.
        if (writer.Records > 0)
        {
            BeginSegment();
        }

        LastNumber = number;
        options.Durable.Reach(segment, writer.Bytes, LastNumber);
    }

    /// <summary>Returns when everything appended is on disk, in the file that has the segment's name: in another it would be gone with the process.</summary>
    /// <exception cref="SegmentLostException">The file was taken away or cut short. The next log opened begins a new segment.</exception>
    public void Commit()
    {
        RefuseLost();
        writer.Commit();
        RefuseLost();
        options.Durable.Reach(segment, writer.Bytes, LastNumber);
    }

    /// <summary>Commits and ends in order; the log can be opened again.</summary>
    public void Close()
    {
        writer.Close();
        options.Durable.Reach(segment, writer.Bytes, LastNumber);
    }

    public void Dispose()
    {
        writer.Dispose();
        gate.Dispose();
    }

    private void RefuseLost()
    {
        if (writer.Loss is { } loss)
        {
            options.Durable.Lose();
            var lost = $"{LogFolder.PathOf(files.Name, segment)} {loss} while it was being written: nothing more is kept in it, and the next batch begins a "
                + "new segment.";
            options.Report(lost);
            throw new SegmentLostException(lost);
        }
    }

    /// <summary>The segment to write: behind the one written before in this process, where that is not there any more as far as it is on disk.</summary>
    private static int NewestOf(ILogFiles files, IReadOnlyList<int> segments, EventLogOptions options)
    {
        if (options.Durable.Written is { } written
            && !(segments.Contains(written.Segment) && LengthOf(files, written.Segment) is var length && length >= written.Bytes))
        {
            options.Durable.Lose();
        }

        return Math.Max(segments.Count == 0 ? 1 : segments[^1], options.Durable.NextAfterLost);
    }

    private static long LengthOf(ILogFiles files, int segment)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        return file.Length;
    }

    private void BeginSegment()
    {
        // A reader takes a segment for finished as soon as there is a next one, so this one must be whole by then.
        RefuseLost();
        Close();
        writer.Dispose();
        writer = OpenSegment(files, ++segment, options);
        options.Durable.Reach(segment, writer.Bytes, LastNumber);
    }

    private static RecordingWriter OpenSegment(ILogFiles files, int segment, EventLogOptions options)
    {
        var name = LogFolder.NameOf(segment);
        var opening = RecordingOpening.Open(Path.Combine(files.Name, name), () => files.Write(name), options.Recording, options.Durable.KeptOf(segment));
        foreach (var notice in opening.Notices)
        {
            options.Report(notice);
        }

        return opening.Writer ?? throw new IOException(opening.Error);
    }

    /// <summary>Segments that were put away from the beginning are missed by nobody; others are.</summary>
    private static void TellGaps(ILogFiles files, IReadOnlyList<int> segments, EventLogOptions options)
    {
        foreach (var hole in LogFolder.Holes(files.Name, segments))
        {
            options.Report(hole);
        }
    }

    private static long LastNumberBefore(ILogFiles files, IReadOnlyList<int> segments, EventLogOptions options)
    {
        foreach (var earlier in segments.SkipLast(1).Reverse())
        {
            using var opened = OpenSegment(files, earlier, options);
            if (opened.LastOffsets.TryGetValue(0, out var number))
            {
                return number;
            }
        }

        return 0;
    }
}

/// <summary>How a log is to be written.</summary>
/// <param name="Recording">The code book and the pseudonym key of its events.</param>
public sealed record EventLogOptions(RecordingOptions Recording)
{
    /// <summary>When a segment is left for the next: small enough to be copied and put away, large enough that a year is a few files.</summary>
    public long SegmentBytes { get; init; } = 256L << 20;

    /// <summary>Moved as the log comes onto disk, for the reader in the same process.</summary>
    public DurableEnd Durable { get; init; } = new();

    /// <summary>The pseudonym key where it is kept with the log: once it is gone, the log is not opened again. Null where it is kept elsewhere.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Told one sentence of what was put right at the opening.</summary>
    public Action<string> Report { get; init; } = static _ => { };
}
