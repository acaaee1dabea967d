using System.Runtime.CompilerServices;

namespace KpiStream.Ingest.Host.Doctor;

/// <summary>The embedded log: rights and room, the keys of those who post, and every segment read whole.</summary>
internal static class LogCheck
{
    private const string Check = "log";

    /// <summary>A segment and the next one's beginning.</summary>
    private const long WantedBytes = 512L << 20;

    public static async IAsyncEnumerable<Finding> LookAsync(LogSettings log, [EnumeratorCancellation] CancellationToken stop)
    {
        var probe = FolderProbe.Of(log.Folder);
        yield return probe.Error.Length > 0
            ? Finding.Problem(Check, $"{log.Folder} cannot be written ({probe.Error}): no event could be taken; give this user the right, or mount it "
                + "writable.", ExitCode.Unavailable)
            : probe.FreeBytes < WantedBytes
                ? Finding.Problem(Check, $"{log.Folder} has {probe.FreeBytes / 1_000_000} MB of free disk, and a segment wants {WantedBytes / 1_000_000}: "
                    + "make room, or events will be refused.", ExitCode.Unavailable)
                : Finding.Ok(Check, $"{log.Folder} can be "
                    + $"written{(FolderProbe.IsHeld(Path.Combine(log.Folder, "log.lock")) ? ", in use by a running program" : "")}");
        yield return Keys(log);
        var numbers = LogFolder.Segments(log.Folder);
        if (numbers.Count == 0)
        {
            yield return Finding.Warning(Check, "holds no segment yet: nothing has been posted.");
        }

        if (numbers is [> 1 and var first, ..])
        {
            yield return Finding.Warning(Check, $"the segments before {LogFolder.NameOf(first)} are not there: what they held can only come from a checkpoint; "
                + "bring them back if they were not put away on purpose.");
        }

        foreach (var hole in LogFolder.Holes([.. numbers.Select(number => LogFolder.PathOf(log.Folder, number))]))
        {
            yield return Finding.Problem(Check, hole, ExitCode.Damaged);
        }

        foreach (var lost in SegmentNumbers.FindMissing(new LogFiles(log.Folder), stop))
        {
            yield return Finding.Problem(Check, $"events {lost.From} to {lost.To - 1} are missing before or in {lost.In}: a file was deleted, cut or damaged; "
                + "bring it back from a copy, or they are counted only where a checkpoint has them.", ExitCode.Damaged);
        }

        foreach (var number in numbers)
        {
            yield return await ReadAsync(LogFolder.PathOf(log.Folder, number), number == numbers[^1], stop);
        }
    }

    private static async Task<Finding> ReadAsync(string path, bool isLast, CancellationToken stop)
    {
        var told = new List<string>();
        var count = new CountingSink();
        var end = await new RecordingSource([LogFolder.InputOf(path)], new RecordingSourceOptions { Report = told.Add }).RunAsync(count, stop);
        var name = Path.GetFileName(path);
        return end.Kind switch
        {
            SourceEndKind.Damaged => Finding.Problem(
                Check, $"{end.Message} Bring back a copy of {name}; until then those events are missing in a recount.", ExitCode.Damaged),
            SourceEndKind.Unavailable => Finding.Problem(Check, end.Message, ExitCode.Unavailable),
            _ when told.Count > 0 && isLast => Finding.Warning(Check, $"{told[0]} The next start cuts it; nobody was told that it was taken."),
            _ when told.Count > 0 => Finding.Problem(Check, $"{told[0]} Segments follow it, so it should be whole: bring back a copy.", ExitCode.Damaged),
            _ => Finding.Ok(Check, $"{name} is good: {count.Records:N0} events"),
        };
    }

    private static Finding Keys(LogSettings log)
    {
        var file = log.ApiKeyFile ?? Path.Combine(log.Folder, ApiKeyFile.DefaultName);
        if (!File.Exists(file))
        {
            return Finding.Warning("api keys", $"{file} is not there yet: the first start makes one with a random key.");
        }

        var problems = new List<ConfigProblem>();
        return ApiKeyFile.LoadOrCreate(file, problems) is { } keys
            ? Finding.Ok("api keys", $"{file}, {keys.Count} of them")
            : Finding.Problem("api keys", problems[0].ToString(), ExitCode.Configuration);
    }

    private sealed class CountingSink : IRecordSink
    {
        public long Records { get; private set; }

        public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival) => Records++;

        public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256) => Records++;
    }
}
