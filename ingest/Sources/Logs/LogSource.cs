using KpiStream.Engine.Pipeline;
using KpiStream.Ingest.Sources.Files;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Sources.Logs;

/// <summary>
/// Follows an embedded log for ever, segment after segment, as a Kafka source follows a topic: one partition, events with their numbers as offsets.
/// Damaged places are passed over, told and counted. Memory is bounded by one block. Restart: from the log's start, or from the start positions.
/// </summary>
/// <param name="folder">The log's folder; it may be made later.</param>
/// <param name="options">How; <see cref="RecordingSourceOptions.Follow"/> is taken as given.</param>
public sealed class LogSource(string folder, RecordingSourceOptions options) : IRecordSource
{
    private volatile string damage = "";

    public string Name => $"log:{folder}";

    public RecordForm Form => RecordForm.Recorded;

    /// <summary>What could not be read, in one sentence; empty while everything could.</summary>
    public string Damage => damage;

    /// <summary>Follows until stopped, on a thread of its own; trouble with the disk ends it with <see cref="SourceEndKind.Unavailable"/>.</summary>
    public Task<SourceEnd> RunAsync(IRecordSink sink, CancellationToken stop) => Task.Run(() => FollowAsync(sink, stop), CancellationToken.None);

    private async Task<SourceEnd> FollowAsync(IRecordSink sink, CancellationToken stop)
    {
        try
        {
            for (var read = 0; ;)
            {
                if (Next(read) is { } segment)
                {
                    await FollowSegmentAsync(segment, sink, stop);
                    read = segment;
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
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new SourceEnd(SourceEndKind.Unavailable, $"the log in {folder} could not be read on ({trouble.Message}): check the disk and start again.");
        }
    }

    /// <summary>The next segment behind one that has been read; null while there is none.</summary>
    private int? Next(int read) => LogFolder.Segments(folder).Cast<int?>().FirstOrDefault(number => number > read);

    private async Task FollowSegmentAsync(int segment, IRecordSink sink, CancellationToken stop)
    {
        var path = LogFolder.PathOf(folder, segment);
        await using var file = RecordingInput.FromPath(path).Open();
        var start = RecordingStart.Read(file);
        while (start.Kind == RecordingStartKind.Unfinished && Next(segment) is null)
        {
            sink.ReportLag(0, 0);
            await Task.Delay(options.PollInterval, options.Time, stop);
            start = RecordingStart.Read(file);
        }

        if (start.Kind != RecordingStartKind.Recording || start.Obstacle(path) is not null)
        {
            Tell(start.Obstacle(path) ?? $"{path} holds nothing, although the log goes on behind it.");
            return;
        }

        var pass = new RecordingPass(path, new BlockReader(file, start.Header.Id), options, sink, new ReadProgress());
        await FollowAsync(pass, segment, sink, stop);
    }

    private async Task FollowAsync(RecordingPass pass, int segment, IRecordSink sink, CancellationToken stop)
    {
        pass.Begin();
        while (true)
        {
            // Asked before reading: a next segment is begun only when this one is whole.
            var isLast = Next(segment) is null;
            var end = pass.ReadToEnd(stop);
            if (!isLast)
            {
                pass.Finish(end);
            }

            Tell(pass.Damage);
            if (!isLast)
            {
                return;
            }

            sink.Flush();
            sink.ReportLag(0, 0);
            await Task.Delay(options.PollInterval, options.Time, stop);
        }
    }

    private void Tell(string? trouble)
    {
        if (trouble is not null && trouble != damage)
        {
            damage = trouble;
            options.Report(trouble);
        }
    }
}
