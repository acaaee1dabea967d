namespace KpiStream.Ingest.Host.Serving.Posting;

/// <summary>
/// Keeps the counts of what was rejected over HTTP in a small file beside the embedded log, for no log has these records and their senders have been told. It
/// is written before they are told, and nobody waits for the disk: a process that is killed loses nothing of it. Any thread.
/// </summary>
internal sealed class KeptRejections
{
    /// <summary>The file's name in the log's folder.</summary>
    public const string FileName = StateNote.Rejections;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    private readonly StateNote note;
    private readonly Intake intake;
    private readonly Action<string> say;
    private readonly Lock writing = new();
    private readonly StandingError error = new();

    private KeptRejections(StateNote note, Intake intake, Action<string> say) => (this.note, this.intake, this.say) = (note, intake, say);

    /// <summary>Gives an intake the counts that are kept, where they are greater than what it knows from a checkpoint.</summary>
    /// <param name="say">Told of a file that is damaged, and of a disk that fails.</param>
    public static KeptRejections Open(StateNote note, Intake intake, Action<string> say)
    {
        const string Without = "what was rejected over HTTP since the newest checkpoint is not among today's counts";
        try
        {
            if (note.TryRead(out var line) && Parse(line) is { } kept)
            {
                intake.RestorePosted(kept);
            }
            else
            {
                say($"{note.Name} is damaged: {Without}. It is written anew.");
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            say($"{note.Name} cannot be read: {problem.Message} So {Without}. See to the rights and the disk.");
        }

        return new KeptRejections(note, intake, say);
    }

    /// <summary>Returns when everything counted so far is kept.</summary>
    public void Keep()
    {
        lock (writing)
        {
            try
            {
                note.Write(JsonSerializer.SerializeToUtf8Bytes(SavedPosted.Of(intake.SavePosted()), Format), toDisk: false);
                if (error.Ends())
                {
                    say($"{note.Name} is written again.");
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                if (error.Begins(problem.Message))
                {
                    say($"{note.Name} could not be written: {problem.Message} Events are kept all the same; see to the disk, for after a restart today's "
                        + "rejected records would not all be counted.");
                }
            }
        }
    }

    /// <summary>Null when it is not what was written here.</summary>
    private static PostedState? Parse(byte[] line)
    {
        try
        {
            return line.Length == 0 ? PostedState.None : JsonSerializer.Deserialize<SavedPosted>(line, Format)?.ToState();
        }
        catch (Exception problem) when (problem is JsonException or FormatException)
        {
            return null;
        }
    }
}
