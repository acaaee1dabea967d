using KpiStream.Engine.Codecs.Decoders;

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

            var isKept = IsResult(end, sink.Accepted, sink.Rejected) || OutputFile.IsStandard(to);
            if (isKept)
            {
                file.Keep();
            }

            return Conclude(end, sink.Accepted, sink.Rejected, isKept);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unwritable(error.Message);
        }
    }

    /// <summary>Writes beside the target, which gets its name when it is whole: a recording that looks finished is one.</summary>
    public async Task<int> ToRecordingAsync(PseudonymKey key, SourceProfiles profiles, FreshFiles fresh, CancellationToken stop)
    {
        // Text that holds pseudonyms already does not say under which key they were made.
        var options = new RecordingOptions(new CodeBook(), key == PseudonymKey.Applied ? "" : key.Id);
        var written = FileIdentity.Of(to).Kind == FileKind.Special ? to : OutputFile.UnfinishedOf(to);
        var opening = RecordingOpening.Begin(written, options);
        if (opening.Writer is not { } writer)
        {
            Terminal.Say(opening.Error.Replace(written, to));
            return ExitCode.Unavailable;
        }

        try
        {
            var (exit, isKept) = await WriteAsync(writer, new EventDecoder(options.Codes, key, DecodeLimits.Default, profiles), stop);
            if (isKept && written != to)
            {
                File.Move(written, FileIdentity.Resolve(to), overwrite: true);
                FolderSync.Sync(Path.GetDirectoryName(written)!);
                fresh.Keep();
            }

            return exit;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unwritable(error.Message);
        }
        finally
        {
            RemoveUnfinished(written);
        }
    }

    private async Task<(int Exit, bool IsKept)> WriteAsync(RecordingWriter writer, EventDecoder decoder, CancellationToken stop)
    {
        using var closing = writer;
        using var stopSource = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sink = new RecordingSink(from, writer, decoder, null, TimeProvider.System, stopSource);
        var end = await FileSources.Open([from], DecodeLimits.Default.MaxRecordBytes)[0].RunAsync(sink, stopSource.Token);
        var isKept = IsResult(end, sink.Accepted, sink.Rejected);
        return TryClose(sink, writer) ? (Conclude(end, sink.Accepted, sink.Rejected, isKept), isKept) : (ExitCode.Unavailable, false);
    }

    /// <summary>False for a run that came to nothing. What is good of a damaged source is kept, and the exit code says that it is not all.</summary>
    private static bool IsResult(SourceEnd end, long accepted, long rejected) =>
        end.Kind == SourceEndKind.Finished ? accepted > 0 || rejected == 0 : end.Kind == SourceEndKind.Damaged && accepted > 0;

    private void RemoveUnfinished(string written)
    {
        try
        {
            if (written != to)
            {
                File.Delete(written);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"{written} could not be removed: {error.Message}");
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

    private int Conclude(SourceEnd end, long accepted, long rejected, bool isKept)
    {
        if (end.Kind == SourceEndKind.Stopped)
        {
            Terminal.Say($"stopped before the end of {from}; {to} {(isKept ? "holds a part of it" : "is as it was")}.");
            return ExitCode.CheckFailed;
        }

        if (end.Message.Length > 0)
        {
            Terminal.Say(end.Message);
        }

        Terminal.Note($"{to}{(isKept ? "" : " was not written")}: {accepted:N0} events, {rejected:N0} rejected records left out.");
        return Math.Max(SourceOpening.ExitCodeOf(end.Kind), accepted == 0 && rejected > 0 ? ExitCode.CheckFailed : ExitCode.Ok);
    }
}
