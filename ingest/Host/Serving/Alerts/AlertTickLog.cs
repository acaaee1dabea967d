using System.Text.Json.Serialization;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>Every tick of the alerts, one line of JSON each, in two generations of a bounded file. Written by one flow.</summary>
/// <param name="folder">The state folder.</param>
/// <param name="say">Told once why nothing can be written.</param>
internal sealed class AlertTickLog(string folder, Action<string> say, TimeProvider time) : IDisposable
{
    public const string FileName = "alert-ticks.ndjson";

    /// <summary>Both generations together: of one log two months at least, of a topic with twelve partitions one.</summary>
    private const long MostBytes = 256 << 20;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    private readonly RollingFile file = new(Path.Combine(folder, FileName), MostBytes, time, "{\"at\":"u8.ToArray());
    private readonly StandingError error = new();

    /// <summary>Appends ticks. One flow at a time.</summary>
    public void Append(IReadOnlyList<AlertTick> ticks)
    {
        if (ticks.Count == 0)
        {
            return;
        }

        if (file.TryWrite([.. ticks.SelectMany(static tick => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(tick, Format), (byte)'\n'])]))
        {
            if (error.Ends())
            {
                say($"{file.Path} is written again.");
            }
        }
        else if (error.Begins(file.Error))
        {
            say($"{file.Path} could not be written: {file.Error} See to the disk: alerts go by the same rules, and those of now cannot be explained later.");
        }
    }

    /// <summary>The ticks of a state folder in the order in which they were judged; a line that a killed process left half is passed over.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static IEnumerable<AlertTick> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        foreach (var one in ((string[])[RollingFile.PreviousOf(path), path]).Where(File.Exists))
        {
            using var reader = new StreamReader(new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (reader.ReadLine() is { } line)
            {
                if (TryParse(line) is { } tick)
                {
                    yield return tick;
                }
            }
        }
    }

    public void Dispose() => file.Dispose();

    private static AlertTick? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AlertTick>(line, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
