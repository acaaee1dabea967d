namespace KpiStream.Ingest.Host.State;

/// <summary>Offsets of a source that were gone before they were read.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="From">The first offset.</param>
/// <param name="To">The first one that is not missing.</param>
/// <param name="Reason">Why, as a part of a sentence.</param>
/// <param name="FoundAt">When it was found.</param>
internal sealed record KnownGap(string Source, int Partition, long From, long To, string Reason, DateTimeOffset FoundAt)
{
    /// <summary>Who has taken note of it; empty while nobody has.</summary>
    public string AcknowledgedBy { get; init; } = "";

    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>True for events that an embedded log has lost: they may have been counted before.</summary>
    public bool IsOfLog => Source.StartsWith("log:");

    /// <summary>A gap of no known offsets is a log that went away: what it held behind the last that was read, nobody knows.</summary>
    public string Describe() => From == To
        ? $"what partition {Partition} of {Source} held from offset {From} on may never have been read: {Reason}"
        : IsOfLog ? $"events {From} to {To - 1} of {Source} are missing: {Reason}"
        : $"offsets {From} to {To - 1} of partition {Partition} of {Source} were never read: {Reason}";
}

/// <summary>
/// The gaps of a live source. A gap stays until somebody acknowledges it, and is remembered afterwards, since figures lack what was in it for ever. Kept in the
/// state folder when there is one; otherwise a restart, which reads from the log's start, forgets it. Any thread.
/// </summary>
/// <param name="say">Told of a disk that fails.</param>
internal sealed class GapRegister(Action<string> say, TimeProvider time)
{
    /// <summary>The file's name in the state folder.</summary>
    public const string FileName = StateNote.Gaps;

    /// <summary>Gaps kept one by one. Further ones widen the last, so that none is forgotten.</summary>
    private const int Most = 100;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    private readonly Lock gate = new();
    private volatile IReadOnlyList<KnownGap> all = [];
    private StateNote? note;

    /// <summary>False while a log is still looked through for what it lacks. Any thread.</summary>
    public bool HasLooked { get; set; } = true;

    /// <summary>All gaps, oldest first.</summary>
    public IReadOnlyList<KnownGap> All => all;

    /// <summary>Those that nobody has acknowledged.</summary>
    public IReadOnlyList<KnownGap> Open => [.. all.Where(static gap => gap.AcknowledgedBy.Length == 0)];

    /// <summary>Reads what a state folder remembers; a note that is damaged is said and begun again.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static IReadOnlyList<KnownGap> Read(StateNote note, Action<string> say)
    {
        if (note.TryRead(out var line) && (line.Length == 0 || TryParse(line) is not null))
        {
            return line.Length == 0 ? [] : TryParse(line)!;
        }

        say($"{note.Name} is damaged: gaps found before are not known any more; compare with a recount of a full recording.");
        return [];
    }

    /// <summary>From here on gaps are kept.</summary>
    public void KeepIn(StateNote kept)
    {
        lock (gate)
        {
            note = kept;
            all = [.. Read(kept, say), .. all];
        }
    }

    /// <summary>Takes a gap down, once.</summary>
    public void Add(string source, int partition, long from, long to, string reason)
    {
        lock (gate)
        {
            if (all.Any(gap => gap.Source == source && gap.Partition == partition && gap.From == from && gap.To == to))
            {
                return;
            }

            var found = new KnownGap(source, partition, from, to, reason, time.GetUtcNow());
            all = all.Count < Most ? [.. all, found] : [.. all.SkipLast(1), Widen(all[^1], found)];
            Write();
        }
    }

    /// <summary>Takes down what an embedded log lacks now, and strikes what it lacked and has again.</summary>
    public void Keep(string source, IReadOnlyList<MissingNumbers> missing)
    {
        lock (gate)
        {
            all = [.. all.Where(gap => gap.Source != source || missing.Any(lost => (lost.From, lost.To) == (gap.From, gap.To)))];
            Write();
        }

        foreach (var lost in missing)
        {
            Add(source, 0, lost.From, lost.To, $"the file before {lost.In}, or a part of it or of this one, was deleted, cut or damaged; stop serve and bring "
                + "the file back from a copy, or acknowledge that it is gone");
        }
    }

    /// <summary>Somebody has taken note of all gaps there are.</summary>
    /// <returns>How many were open.</returns>
    public int Acknowledge(string by)
    {
        lock (gate)
        {
            var open = Open.Count;
            all = [.. all.Select(gap => gap.AcknowledgedBy.Length > 0 ? gap : gap with { AcknowledgedBy = by, AcknowledgedAt = time.GetUtcNow() })];
            Write();
            return open;
        }
    }

    private static KnownGap Widen(KnownGap last, KnownGap found) =>
        found with { From = Math.Min(found.From, last.From), To = Math.Max(found.To, last.To), Reason = "more gaps than are kept one by one" };

    private void Write()
    {
        try
        {
            note?.Write(JsonSerializer.SerializeToUtf8Bytes(all, Format));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            say($"{note!.Name} could not be written: {failure.Message} See to the disk: after a restart this gap would not be known.");
        }
    }

    private static List<KnownGap>? TryParse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<List<KnownGap>>(line, Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
