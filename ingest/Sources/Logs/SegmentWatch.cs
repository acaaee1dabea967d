using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// Looks again and again whether the segments that were there are still there: events of one that is deleted, replaced or cut short are counted, and will be
/// missing after a restart. One that comes back, itself or as a copy with every block it had, is there again. Driven by one flow; any thread may read. Holds a
/// few words per segment.
/// </summary>
/// <param name="files">The log's folder.</param>
/// <param name="report">Told one sentence when a segment is missed, and one when all are back.</param>
public sealed class SegmentWatch(ILogFiles files, Action<string> report)
{
    private readonly Dictionary<int, Segment> known = [];
    private readonly SortedSet<int> missing = [];
    private readonly List<int> back = [];
    private IReadOnlyList<int> told = [];
    private volatile string failure = "";
    private volatile string unreadable = "";
    private int count;

    /// <summary>How far the log is on disk where it is written in the same process: a segment may have grown since it was looked at last.</summary>
    public DurableEnd? Durable { get; init; }

    /// <summary>Told of a segment that is back.</summary>
    public Action<int> Returned { get; init; } = static _ => { };

    /// <summary>What is missing, in one sentence; empty while nothing is.</summary>
    public string Failure => failure is { Length: > 0 } lost ? lost : unreadable;

    public int Missing => Volatile.Read(ref count);

    /// <summary>Looks once.</summary>
    /// <returns>True when a segment is missing that was there the last time.</returns>
    public bool Check()
    {
        foreach (var segment in LogFolder.Segments(files).Union(known.Keys).ToList())
        {
            Look(segment);
        }

        back.ForEach(Returned);
        back.Clear();
        var isNew = missing.Except(told).Any();
        Tell();
        return isNew;
    }

    /// <summary>Looks every second until stopped.</summary>
    /// <param name="lost">Called when a segment is missed for the first time: the newest may be the one that is written.</param>
    public async Task RunAsync(Func<Task> lost, TimeProvider time, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
            {
                if (TryCheck())
                {
                    await lost();
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private bool TryCheck()
    {
        try
        {
            var isNew = Check();
            unreadable = "";
            return isNew;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            unreadable = $"The log in {files.Name} cannot be looked at ({problem.Message}): check the disk.";
            return false;
        }
    }

    private void Look(int segment)
    {
        try
        {
            // Asked first: the file is at least as long afterwards.
            var least = Durable?.BytesOf(segment) ?? 0;
            var number = files.NumberOf(LogFolder.NameOf(segment));
            if (known.TryGetValue(segment, out var was))
            {
                Look(segment, was with { Length = Math.Max(least, was.Length) }, number);
            }
            else
            {
                known.Add(segment, Read(segment, number));
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            if (known.ContainsKey(segment))
            {
                missing.Add(segment);
            }
        }
    }

    private void Look(int segment, Segment was, FileNumber? number)
    {
        if (missing.Contains(segment))
        {
            if (Read(segment, number) is var found && found.Id is not null && found.Id == was.Id && IsWhole(segment, found.Id.Value, was.Length))
            {
                known[segment] = found;
                missing.Remove(segment);
                back.Add(segment);
            }
        }
        else if (number == was.Number && LengthOf(segment) is var length && length >= was.Length)
        {
            // A number is given again when its file is deleted, so the number alone does not say that it is the same file.
            known[segment] = was.Id is null ? Read(segment, number) : was with { Length = length };
        }
        else if (Read(segment, number) is var now && now.Id is not null && now.Id == was.Id && now.Length >= was.Length)
        {
            known[segment] = now;
        }
        else
        {
            known[segment] = was;
            missing.Add(segment);
        }
    }

    /// <summary>False where blocks that were there are not: a file is as long again before its bytes are back.</summary>
    private bool IsWhole(int segment, UInt128 id, long bytes)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        var reader = new BlockReader(file, id);
        while (reader.Position < bytes && reader.Next().Kind == BlockReadKind.Block)
        {
        }

        return reader.Position >= bytes;
    }

    private Segment Read(int segment, FileNumber? number)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        var start = RecordingStart.Read(file);
        return new Segment(number, start.Kind == RecordingStartKind.Recording ? start.Header.Id : null, file.Length);
    }

    private long LengthOf(int segment)
    {
        using var file = files.Read(LogFolder.NameOf(segment));
        return file.Length;
    }

    private void Tell()
    {
        if (missing.SequenceEqual(told))
        {
            return;
        }

        told = [.. missing];
        Volatile.Write(ref count, missing.Count);
        var paths = string.Join(", ", missing.Select(segment => LogFolder.PathOf(files.Name, segment)));
        failure = missing.Count == 0 ? ""
            : $"{paths} deleted, moved, replaced or cut short while serve was running: those events are counted now and will be missing after a "
            + "restart. Bring the file back from a copy; new posts are kept in a new segment.";
        report(missing.Count == 0 ? $"Every segment of the log in {files.Name} is there again." : failure);
    }

    /// <param name="Id">Which recording; null while its header is not written.</param>
    /// <param name="Length">The longest it was seen, bytes.</param>
    private sealed record Segment(FileNumber? Number, UInt128? Id, long Length);
}
