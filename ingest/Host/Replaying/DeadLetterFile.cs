using System.Buffers;
using System.Text.Json;
using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Replaying;

/// <summary>
/// Dead letters as one JSON object a line, up to a size: what comes after that is counted in the report and no longer noted, which the last
/// line says. A file that cannot be written on loses letters, not figures; that is said and is in the exit code. Owned by the source's flow.
/// </summary>
internal sealed class DeadLetterFile : IDeadLetterSink, IDisposable
{
    /// <summary>64 MiB: about 300,000 letters, more than anyone reads.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>Letters are collected in memory up to about this many bytes, then written at once.</summary>
    private const int BufferBytes = 1 << 16;

    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> text = new(BufferBytes + 1024);
    private readonly Utf8JsonWriter json;
    private long written;
    private long unnoted;
    private string? trouble;

    private DeadLetterFile(FileStream file)
    {
        this.file = file;
        json = new Utf8JsonWriter(text);
    }

    /// <summary>Makes the file; null when it cannot be made, which has then been said on standard error.</summary>
    public static DeadLetterFile? TryOpen(string path)
    {
        try
        {
            return new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception obstacle) when (obstacle is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"kpistream: {path} cannot be written: {obstacle.Message} Choose another file with --dead-letters.");
            return null;
        }
    }

    public void Put(in DeadLetter letter)
    {
        if (written >= MaxBytes || trouble is not null)
        {
            unnoted++;
            return;
        }

        json.WriteStartObject();
        json.WriteString("reason", letter.Verdict.ToString());
        json.WriteString("source", letter.Source);
        json.WriteNumber("partition", letter.Position.Partition);
        json.WriteNumber("offset", letter.Position.Offset);
        if (letter.Arrival != long.MinValue)
        {
            json.WriteString("arrival", InstantText.ToLocalMillis(letter.Arrival));
        }

        json.WriteNumber("bytes", letter.Length);
        json.WriteString("sha256", Convert.ToHexStringLower(letter.Sha256));
        json.WriteEndObject();
        EndLine();
    }

    /// <summary>Writes what is still in memory. False when letters were lost because the file could not be written; that has then been said.</summary>
    public bool Complete()
    {
        if (unnoted > 0 && trouble is null)
        {
            json.WriteStartObject();
            json.WriteNumber("unnoted", unnoted);
            json.WriteEndObject();
            EndLine();
        }

        Write();
        if (trouble is not null)
        {
            Console.Error.WriteLine($"kpistream: dead letters were lost: {trouble} Choose another file with --dead-letters.");
        }

        return trouble is null;
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    private void EndLine()
    {
        json.Flush();
        json.Reset();
        text.Write("\n"u8);
        if (text.WrittenCount >= BufferBytes)
        {
            Write();
        }
    }

    private void Write()
    {
        try
        {
            file.Write(text.WrittenSpan);
            written += text.WrittenCount;
        }
        catch (IOException problem)
        {
            // The reader of a stream must not be stopped, or blamed, for what its letters cannot be written to.
            trouble ??= problem.Message;
        }

        text.ResetWrittenCount();
    }
}
