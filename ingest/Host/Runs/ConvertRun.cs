using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Ingest.Host.Output;
using KpiStream.Ingest.Sources.Recordings;

namespace KpiStream.Ingest.Host.Runs;

/// <summary>One conversion: a recording into lines of JSON, or anything that replay reads as a file into a recording.</summary>
internal sealed class ConvertRun(string from, string to)
{
    public async Task<int> ToJsonAsync(CancellationToken stop)
    {
        try
        {
            using var file = OutputFile.Open(to);
            using var stopSource = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using var sink = new JsonSink(new CodeBook(), file.Stream, stopSource);
            var end = await FileSources.Open([from], DecodeLimits.Default.MaxRecordBytes)[0].RunAsync(sink, stopSource.Token);
            if (sink.Error is { } error)
            {
                return Unwritable(error.Message);
            }

            if (end.Kind != SourceEndKind.Stopped)
            {
                file.Keep();
            }

            return Conclude(end, sink.Accepted, sink.Rejected, OutputFile.IsStandard(to) ? "holds a part of it" : "is as it was");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unwritable(error.Message);
        }
    }

    public async Task<int> ToRecordingAsync(PseudonymKey key, SourceProfiles profiles, CancellationToken stop)
    {
        // Text that holds pseudonyms already does not say under which key they were made.
        var codes = new CodeBook();
        var keyId = key == PseudonymKey.Applied ? "" : key.Id;
        var opening = RecordingOpening.Open(to, new RecordingOptions(codes, keyId));
        if (opening.Writer is not { } writer)
        {
            Terminal.Say(opening.Error);
            return ExitCode.Unavailable;
        }

        using (writer)
        using (var stopSource = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            var sink = new RecordingSink(from, writer, new EventDecoder(codes, key, DecodeLimits.Default, profiles), null, TimeProvider.System, stopSource);
            var end = await FileSources.Open([from], DecodeLimits.Default.MaxRecordBytes)[0].RunAsync(sink, stopSource.Token);
            return TryClose(sink, writer) ? Conclude(end, sink.Accepted, sink.Rejected, "holds a part of it") : ExitCode.Unavailable;
        }
    }

    private bool TryClose(RecordingSink sink, RecordingWriter writer)
    {
        try
        {
            if (sink.Error.Length == 0)
            {
                writer.Close();
                return true;
            }

            Unwritable(sink.Error);
        }
        catch (IOException problem)
        {
            Unwritable(problem.Message);
        }

        return false;
    }

    private int Unwritable(string why)
    {
        if (OutputFile.IsStandard(to))
        {
            return StandardStreams.Output.HasReaderLeft ? ExitCode.Ok : ExitCode.Unavailable;
        }

        Terminal.Say($"{to} cannot be written: {why} Free space, or choose another target.");
        return ExitCode.Unavailable;
    }

    private int Conclude(SourceEnd end, long accepted, long rejected, string whenStopped)
    {
        if (end.Kind == SourceEndKind.Stopped)
        {
            Terminal.Say($"stopped before the end of {from}; {to} {whenStopped}.");
            return ExitCode.CheckFailed;
        }

        if (end.Message.Length > 0)
        {
            Terminal.Say(end.Message);
        }

        Terminal.Note($"{to}: {accepted:N0} events, {rejected:N0} rejected records left out.");
        return Math.Max(SourceOpening.ExitCodeOf(end.Kind), accepted == 0 && rejected > 0 ? ExitCode.CheckFailed : ExitCode.Ok);
    }
}
