namespace KpiStream.Ingest.Host.Runs;

/// <summary>Writes a generated stream to a file or standard output: one event a line, or MessagePack values one behind another.</summary>
internal static class FileTarget
{
    /// <summary>Writes everything; the exit code says how it went.</summary>
    public static int Write(GeneratedRecords records, string path, CancellationToken stop)
    {
        try
        {
            using var file = OutputFile.Open(path);
            using var progress = new ProgressLine(() => $"{records.Stream.Count:N0} events");
            while (records.MoveNext(file.Stream.Flush, stop))
            {
                file.Stream.Write(records.Current);
                if (records.AreLines)
                {
                    file.Stream.WriteByte((byte)'\n');
                }
            }

            if (stop.IsCancellationRequested)
            {
                Terminal.Say($"stopped before everything was written{(OutputFile.IsStandard(path) ? "" : $"; {path} is as it was")}.");
                return ExitCode.CheckFailed;
            }

            file.Keep();
            return ExitCode.Ok;
        }
        catch (IOException) when (OutputFile.IsStandard(path))
        {
            return StandardStreams.Output.HasReaderLeft ? ExitCode.Ok : ExitCode.Unavailable;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Terminal.Say($"{path} cannot be written: {error.Message} Free space, or choose another file with --out.");
            return ExitCode.Unavailable;
        }
    }
}
