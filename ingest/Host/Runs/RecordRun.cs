using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Ingest.Host.Output.DeadLetters;
using KpiStream.Ingest.Kafka;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>One recording of a topic into a file, from where the file ends.</summary>
internal sealed class RecordRun(RecordPlan plan, TimeProvider time)
{
    private readonly CodeBook codes = new();

    private string Origin => $"kafka:{plan.Topic}";

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var opening = RecordingOpening.Open(plan.Output, new RecordingOptions(codes, plan.PseudonymKey.Id) { Origin = Origin, Time = time });
        foreach (var notice in opening.Notices)
        {
            Terminal.Say(notice);
        }

        if (opening.Writer is not { } writer)
        {
            Terminal.Say(opening.Error);
            return ExitCode.Unavailable;
        }

        var isNew = writer.Records == 0;
        int exit;
        using (writer)
        using (var letters = plan.DeadLetters is { } path
            ? new DeadLetterFile(DeadLetterFile.FileAt(path, new DeadLetterSettings().MaxBytes, time), time, Terminal.Say, "--dead-letters") : null)
        {
            exit = await RecordAsync(writer, letters, stop);
            letters?.Complete();
            exit = exit == ExitCode.Ok && letters?.Counts.Dropped > 0 ? ExitCode.Unavailable : exit;
            isNew &= writer.Records == 0;
        }

        // What came to nothing leaves no recording that looks like one of an empty topic.
        if (isNew && exit != ExitCode.Ok && FileIdentity.Of(plan.Output).Kind == FileKind.Regular)
        {
            File.Delete(FileIdentity.Resolve(plan.Output));
        }

        return exit;
    }

    private async Task<int> RecordAsync(RecordingWriter writer, DeadLetterFile? letters, CancellationToken stop)
    {
        using var stopSource = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var decoder = new EventDecoder(codes, plan.PseudonymKey, DecodeLimits.Default, plan.Profiles);
        var sink = new RecordingSink(Origin, writer, decoder, letters, time, stopSource) { Until = plan.UntilTime ?? long.MaxValue };
        SourceEnd end;
        using (new ProgressLine(() => $"{sink.Accepted:N0} events, {sink.Rejected:N0} rejected, {writer.Bytes / 1048576.0:N1} MB"))
        {
            end = await ReadAsync(sink, writer, stopSource.Token);
        }

        return Close(sink, writer, IsWhole(end)) ? Conclude(end, sink, writer) : ExitCode.Unavailable;
    }

    /// <summary>To an end that lies ahead the topic is followed; then, as to an end that lies behind, it is read to where it ends by now.</summary>
    private async Task<SourceEnd> ReadAsync(RecordingSink sink, RecordingWriter writer, CancellationToken stop)
    {
        if (plan.UntilEnd)
        {
            return await SourceFrom(writer, follow: false).RunAsync(sink, stop);
        }

        if (plan.UntilTime is not { } until)
        {
            return await SourceFrom(writer, follow: true).RunAsync(sink, stop);
        }

        var ahead = until - time.GetUtcNow().ToUnixTimeMilliseconds();
        if (ahead > 0)
        {
            using var clock = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Min(ahead, int.MaxValue)), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, stop);
            var end = await SourceFrom(writer, follow: true).RunAsync(sink, either.Token);
            if (end.Kind != SourceEndKind.Stopped || stop.IsCancellationRequested)
            {
                return end;
            }
        }

        return await SourceFrom(writer, follow: false).RunAsync(sink, stop);
    }

    private KafkaSource SourceFrom(RecordingWriter writer, bool follow) =>
        new(new KafkaSourceOptions(new KafkaConnection(plan.Kafka.Bootstrap!, plan.Topic) { Properties = plan.Kafka.Properties })
        {
            Follow = follow,
            StartPositions = writer.LastOffsets.ToDictionary(last => last.Key, last => last.Value + 1),
            Drain = plan.Kafka.Drain ?? KafkaDrain.Batched,
            GiveUpAfter = plan.GiveUpAfter,
            OpenTransactionWait = plan.Kafka.OpenTransactionWait ?? new KafkaSettings().OpenTransactionWait,
            Log = Terminal.Note,
            Report = status => Terminal.Note(status.Sentence),
        });

    /// <summary>False when less was recorded than was asked for. Without an end, being stopped is how recording ends.</summary>
    private bool IsWhole(SourceEnd end) =>
        end.Kind == SourceEndKind.Finished || (end.Kind == SourceEndKind.Stopped && !plan.UntilEnd && plan.UntilTime is null);

    /// <summary>Only what is whole gets its manifest: a reader takes the rest for cut off, and recording into it again completes it.</summary>
    private bool Close(RecordingSink sink, RecordingWriter writer, bool isWhole)
    {
        try
        {
            if (sink.Error.Length == 0 && isWhole)
            {
                writer.Close();
                return true;
            }

            if (sink.Error.Length == 0)
            {
                writer.Commit();
                return true;
            }

            Terminal.Say($"{plan.Output} cannot be written on: {sink.Error} What was committed is there; free space or choose another disk, and start "
                + "again to go on.");
        }
        catch (IOException problem)
        {
            Terminal.Say($"{plan.Output} could not be closed: {problem.Message} What was committed is there; free space or choose another disk, and start "
                + "again to go on.");
        }

        return false;
    }

    private int Conclude(SourceEnd end, RecordingSink sink, RecordingWriter writer)
    {
        if (end.Message.Length > 0)
        {
            Terminal.Say(end.Message);
        }

        Terminal.Note($"{plan.Output}: {sink.Accepted:N0} events and {sink.Rejected:N0} rejected records added, {writer.Records:N0} in all, "
            + $"{writer.Bytes:N0} bytes.");
        if (end.Kind != SourceEndKind.Stopped)
        {
            return SourceOpening.ExitCodeOf(end.Kind);
        }

        return IsWhole(end) ? ExitCode.Ok : ExitCode.CheckFailed;
    }
}
