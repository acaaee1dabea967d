using KpiStream.Ingest.Sources.Files;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// Follows an embedded log for ever, segment after segment, as a Kafka source follows a topic: one partition, events with their numbers as offsets.
/// Damaged places are passed over, told and counted. Memory is bounded by one block. Restart: from the log's start, from the start positions, or behind
/// the block that was handed over last.
/// </summary>
/// <param name="files">The log's folder; it may be made later.</param>
/// <param name="options">How; <see cref="RecordingSourceOptions.Follow"/> is taken as given.</param>
public sealed class LogSource(ILogFiles files, RecordingSourceOptions options) : IRecordSource
{
    /// <inheritdoc cref="LogSource(ILogFiles, RecordingSourceOptions)"/>
    public LogSource(string folder, RecordingSourceOptions options)
        : this(new LogFiles(folder), options)
    {
    }

    private volatile string damage = "";

    public string Name => $"log:{files.Name}";

    public string StateName => "log";

    public RecordForm Form => RecordForm.Recorded;

    /// <summary>How far the log is on disk where its writer is in the same process; null to read whatever is there.</summary>
    public DurableEnd? Durable { get; init; }

    /// <summary>What could not be read, in one sentence; empty while everything could.</summary>
    public string Damage => damage;

    /// <summary>Follows until stopped, on a thread of its own; a disk error ends it with <see cref="SourceEndKind.Unavailable"/>.</summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop) =>
        Task.Factory.StartNew(() => FollowAsync(sink, start, stop), CancellationToken.None, TaskCreationOptions.DenyChildAttach, options.Scheduler).Unwrap();

    /// <inheritdoc/>
    public Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop)
    {
        var isThere = places.Parts.Count == 0
            || (places.Parts[^1] is var left && Next(left.Part - 1) == left.Part
                && RecordingPass.IsThere(new RecordingInput(PathOf(left.Part), () => Open(left.Part)), left));
        return Task.FromResult(isThere ? null : new SourceGap(Missing(places.Parts[^1].Part), MayHoldEarlier: true));
    }

    private async Task<SourceEnd> FollowAsync(IRecordSink sink, SourceStart start, CancellationToken stop)
    {
        // Segments follow one another: the last one begun says it all.
        var left = start.Places.Parts.Count == 0 ? null : start.Places.Parts[^1];
        try
        {
            for (var read = left?.Part - 1 ?? 0; ;)
            {
                if (left is not null && Next(read) != left.Part && !start.AcceptGap)
                {
                    return new SourceEnd(SourceEndKind.Gap, Missing(left.Part));
                }

                if (Next(read) is { } segment)
                {
                    if (!await FollowSegmentAsync(segment, left?.Part == segment ? left : null, start.AcceptGap, sink, stop))
                    {
                        return new SourceEnd(SourceEndKind.Gap, Missing(segment));
                    }

                    (read, left) = (segment, null);
                }
                else
                {
                    sink.ReportLag(0, 0);
                    await Task.Delay(options.PollInterval, options.Time, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return SourceEnd.Stopped;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new SourceEnd(SourceEndKind.Unavailable,
                $"the log in {files.Name} could not be read on ({error.Message}): check the disk and start again.");
        }
    }

    private Stream Open(int segment) =>
        files.Read(LogFolder.NameOf(segment)) is var file && Durable is { } durable ? new LimitedStream(file, () => durable.LimitOf(segment)) : file;

    /// <summary>The next segment behind one that has been read; null while there is none.</summary>
    private int? Next(int read) => LogFolder.Segments(files).Cast<int?>().FirstOrDefault(number => number > read);

    private string PathOf(int segment) => LogFolder.PathOf(files.Name, segment);

    private string Missing(int segment) =>
        $"{PathOf(segment)} is not there any more as far as it was read before: bring it back, or accept what is missing with --accept-gap.";

    /// <summary>False when the segment is not the one that was read before, and that is not accepted.</summary>
    private async Task<bool> FollowSegmentAsync(int segment, SourcePlace? left, bool acceptGap, IRecordSink sink, CancellationToken stop)
    {
        var path = PathOf(segment);
        await using var file = Open(segment);
        var start = RecordingStart.Read(file);
        while (start.Kind == RecordingStartKind.Unfinished && Next(segment) is null)
        {
            sink.ReportLag(0, 0);
            await Task.Delay(options.PollInterval, options.Time, stop);
            start = RecordingStart.Read(file);
        }

        if (start.Kind != RecordingStartKind.Recording || start.Obstacle(path) is not null)
        {
            Tell(start.Obstacle(path) ?? $"{path} holds nothing, although the log continues behind it.");
            return left is null || acceptGap;
        }

        RecordingPass pass = null!;
        pass = new RecordingPass(
            path, new BlockReader(file, start.Header.Id), options, sink, new ReadProgress())
        { Here = () => new SourcePlaces([pass.At(segment)]) };
        if (left is null || !pass.TryGoTo(left, file.Length))
        {
            if (left is not null && !acceptGap)
            {
                return false;
            }

            pass.Begin();
        }

        await FollowAsync(pass, segment, sink, stop);
        return true;
    }

    private async Task FollowAsync(RecordingPass pass, int segment, IRecordSink sink, CancellationToken stop)
    {
        while (true)
        {
            // Asked before reading: a next segment is begun only when this one is whole.
            var isLast = Next(segment) is null;
            var end = pass.ReadToEnd(stop);
            if (!isLast && !(Durable?.LastOfLost(segment) is not null && pass.At(segment).Bytes == Durable.LimitOf(segment)))
            {
                // Of one that was taken away while it was written, all that was promised has been read; it gets its manifest when it is back.
                pass.Finish(end, RecordingWriting.Ended);
            }

            Tell(pass.Damage);
            if (!isLast)
            {
                return;
            }

            sink.Flush();
            sink.ReportLag(0, 0);

            // Said while nothing comes too: a checkpoint that becomes due between two events is not to wait for the next.
            sink.Pass(pass.Here!);
            await Task.Delay(options.PollInterval, options.Time, stop);
        }
    }

    private void Tell(string? error)
    {
        if (error is not null && error != damage)
        {
            damage = error;
            options.Report(error);
        }
    }
}
