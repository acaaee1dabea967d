using System.IO.Compression;
using KpiStream.Ingest.Host.Commands;
using KpiStream.Ingest.Host.Reports;

namespace KpiStream.Ingest.Host.Generating;

/// <summary>Writes a generated stream to a file or standard output: one event a line, or MessagePack values one behind another.</summary>
internal static class FileTarget
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes everything; the exit code says how it went.</summary>
    public static int Write(GeneratedRecords records, string path, CancellationToken stop)
    {
        try
        {
            using var file = Open(path);
            using var buffer = new BufferedStream(file, BufferBytes);
            using var progress = new GenerateProgress(records.Stream);
            while (!stop.IsCancellationRequested && records.MoveNext())
            {
                buffer.Write(records.Current);
                if (records.AreLines)
                {
                    buffer.WriteByte((byte)'\n');
                }
            }

            if (stop.IsCancellationRequested)
            {
                Console.Error.WriteLine("kpistream: stopped before everything was written.");
                return ExitCode.CheckFailed;
            }

            return ExitCode.Ok;
        }
        catch (IOException trouble) when (StandardOutput.HasReaderLeft(trouble))
        {
            return ExitCode.Ok;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"kpistream: {path} cannot be written: {trouble.Message} Choose another file with --out.");
            return ExitCode.Unavailable;
        }
    }

    /// <summary>Opens a file or standard output; <c>.gz</c> is compressed.</summary>
    public static Stream Open(string path)
    {
        if (path == StandardOutput.Name)
        {
            return StandardOutput.Open();
        }

        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
        return path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
    }
}
