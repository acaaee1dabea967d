using System.Text.Json.Serialization;
using KpiStream.Engine.Alerts;
using KpiStream.Ingest.Host.Output.DeadLetters;

namespace KpiStream.Ingest.Host.Serving.Alerts;

/// <summary>One thing that happened to an alert, as it is kept. Instants are milliseconds since 1970 UTC.</summary>
/// <param name="At">When.</param>
/// <param name="Id">The alert's; the silence's for what was done to a silence; of a file by which alerts are judged <see cref="EditionNote.Id"/>.</param>
/// <param name="What">
/// The state it came to, <c>acknowledged</c>, <c>silenced</c> or <c>unsilenced</c>; of a file <c>in_force</c> or <c>refused</c>.
/// </param>
internal sealed record AlertHistoryEntry(long At, string Id, string What)
{
    private const string InForce = "in_force", Refused = "refused";

    public string? From { get; init; }

    public string? Rule { get; init; }

    public AlertKind? Kind { get; init; }

    public AlertGrade? Grade { get; init; }

    public string? Cause { get; init; }

    public string? Figure { get; init; }

    public string? Unit { get; init; }

    public long? PendingSince { get; init; }

    public AlertEvidence? Evidence { get; init; }

    /// <summary>Why, in the words that were current then.</summary>
    public string? Text { get; init; }

    public string? By { get; init; }

    public string? Note { get; init; }

    public static AlertHistoryEntry Of(AlertTransition change, string text) =>
        Of(change.Alert, change.At, JsonNamingPolicy.SnakeCaseLower.ConvertName(change.Alert.State.ToString())) with
        {
            From = JsonNamingPolicy.SnakeCaseLower.ConvertName(change.From.ToString()),
            Evidence = change.Alert.Evidence,
            Text = text,
        };

    public static AlertHistoryEntry OfNote(Alert alert, Acknowledgement note) =>
        Of(alert, note.At, "acknowledged") with { By = note.By, Note = note.Note.Length > 0 ? note.Note : null };

    public static AlertHistoryEntry Of(Silence silence, long at, string what, string by) => new(at, silence.Id, what)
    {
        Kind = silence.Kind,
        Figure = silence.Figure,
        Cause = silence.Cause,
        Unit = silence.Unit,
        By = by,
        Note = silence.Reason,
    };

    public static AlertHistoryEntry Of(EditionNote note) => new(note.At, note.Id, note.IsRefused ? Refused : InForce)
    {
        By = note.By,
        Note = note.Hash,
        Text = note.Text,
    };

    private static AlertHistoryEntry Of(Alert alert, long at, string what) => new(at, alert.Id, what)
    {
        Rule = alert.Rule.Id,
        Kind = alert.Rule.Kind,
        Grade = alert.Rule.Grade,
        Cause = alert.Cause,
        Figure = alert.Rule.Figure,
        Unit = alert.Unit,
        PendingSince = alert.PendingSince,
    };
}

/// <summary>
/// Everything that happened to alerts, one line of JSON each: in two generations of a bounded file, or where no state is kept the newest in memory.
/// Written by one flow, read by anyone.
/// </summary>
/// <param name="path">Null for memory alone.</param>
/// <param name="say">Told once why nothing can be written.</param>
internal sealed class AlertHistory(string? path, Action<string> say, TimeProvider time) : IDisposable
{
    public const string FileName = "alert-history.ndjson";

    /// <summary>Both generations together: a nation's alerts of some weeks, a province's of years.</summary>
    private const long MostBytes = 32 << 20;

    private const int MostInMemory = 10_000;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly RollingFile? file = path is null ? null : new RollingFile(path, MostBytes, time, "{\"at\":"u8.ToArray());
    private readonly Queue<AlertHistoryEntry> memory = new();
    private readonly Lock reading = new();
    private readonly StandingError error = new();

    /// <summary>Takes the rights to what an earlier run left from everybody but its owner; says what was done.</summary>
    public void CloseToOthers()
    {
        foreach (var said in path is null ? [] : ((string[])[path, RollingFile.PreviousOf(path)]).Select(PrivateFile.Close).OfType<string>())
        {
            say(said);
        }
    }

    /// <summary>Appends entries. One flow at a time.</summary>
    public void Append(IReadOnlyList<AlertHistoryEntry> entries)
    {
        if (file is null)
        {
            lock (reading)
            {
                foreach (var entry in entries)
                {
                    memory.Enqueue(entry);
                    if (memory.Count > MostInMemory)
                    {
                        memory.Dequeue();
                    }
                }
            }
        }
        else if (entries.Count > 0)
        {
            Write([.. entries.SelectMany(static entry => (byte[])[.. LineOf(entry), (byte)'\n'])]);
        }
    }

    /// <summary>All there is of one alert or silence, the oldest first.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public IReadOnlyList<AlertHistoryEntry> Find(string id)
    {
        lock (reading)
        {
            if (path is null)
            {
                return [.. memory.Where(entry => entry.Id == id)];
            }

            return [.. Read(path, id).Select(static one => one.Entry)];
        }
    }

    /// <summary>All there is of one alert or silence in a history's file and its older generation, with the bytes of each line, the oldest first.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static IReadOnlyList<(byte[] Line, AlertHistoryEntry Entry)> Read(string path, string id)
    {
        var wanted = Encoding.UTF8.GetBytes($"\"id\":\"{id}\"");
        return [.. LinesOf(RollingFile.PreviousOf(path)).Concat(LinesOf(path)).Where(line => line.AsSpan().IndexOf(wanted) >= 0)
            .Select(static line => (Line: line, Entry: TryParse(line)!)).Where(one => one.Entry?.Id == id)];
    }

    /// <summary>An entry as it is written, without the end of the line.</summary>
    public static byte[] LineOf(AlertHistoryEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Format);

    public void Dispose() => file?.Dispose();

    private static AlertHistoryEntry? TryParse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<AlertHistoryEntry>(line, Format);
        }
        catch (JsonException)
        {
            return null; // the last line of a process that was killed
        }
    }

    private static IEnumerable<byte[]> LinesOf(string path)
    {
        if (!File.Exists(path))
        {
            yield break;
        }

        byte[] all;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            all = new byte[stream.Length];
            all = all[..stream.ReadAtLeast(all, all.Length, throwOnEndOfStream: false)];
        }

        for (var from = 0; from < all.Length;)
        {
            var end = all.AsSpan(from).IndexOf((byte)'\n');
            var to = end < 0 ? all.Length : from + end;
            yield return all[from..to];
            from = to + 1;
        }
    }

    private void Write(byte[] lines)
    {
        if (file!.TryWrite(lines))
        {
            if (error.Ends())
            {
                say($"{file.Path} is written again.");
            }
        }
        else if (error.Begins(file.Error))
        {
            say($"{file.Path} could not be written: {file.Error} See to the disk: alerts go by the same rules, and what happens to them now is in no history.");
        }
    }
}
