using System.Text.Json;
using KpiStream.Engine.Events;
using KpiStream.Engine.Time;

namespace KpiStream.Ingest.Host.Replaying;

/// <summary>
/// Dead letters as one JSON object a line, up to a size: what comes after that is counted in the report and no longer noted, which the last
/// line says. Owned by the source's flow.
/// </summary>
internal sealed class DeadLetterFile : IDeadLetterSink, IDisposable
{
    /// <summary>64 MiB: about 300,000 letters, more than anyone reads.</summary>
    private const long MaxBytes = 64 << 20;

    private readonly FileStream file;
    private readonly Utf8JsonWriter json;
    private long unnoted;

    private DeadLetterFile(FileStream file)
    {
        this.file = file;
        json = new Utf8JsonWriter(file);
    }

    /// <exception cref="IOException">The file cannot be made.</exception>
    public static DeadLetterFile Open(string path) => new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));

    public void Put(in DeadLetter letter)
    {
        if (file.Length >= MaxBytes)
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

    public void Dispose()
    {
        if (unnoted > 0)
        {
            json.WriteStartObject();
            json.WriteNumber("unnoted", unnoted);
            json.WriteEndObject();
            EndLine();
        }

        json.Dispose();
        file.Dispose();
    }

    private void EndLine()
    {
        json.Flush();
        json.Reset();
        file.WriteByte((byte)'\n');
    }
}
