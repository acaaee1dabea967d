namespace KpiStream.Engine.Pipeline;

/// <summary>A stream of records: a file, standard input, a Kafka topic, a generator. It says where it is by <see cref="IStreamControl.Pass"/>.</summary>
public interface IRecordSource
{
    /// <summary>What to call it in messages, like <c>kafka:cases</c> or a file's name.</summary>
    string Name { get; }

    /// <summary>What its records are, which says how they are decoded.</summary>
    RecordForm Form => RecordForm.Events;

    /// <summary>What checkpoints call it: other sources of the same name do not fit its places.</summary>
    string StateName => Name;

    /// <summary>Null when the source can be read on from a place; otherwise one sentence saying why it cannot.</summary>
    string? CannotResume => null;

    /// <summary>How much has been read of how much, bytes; 0 of 0 where that is unknown. Any thread may ask.</summary>
    (long Read, long Total) Progress => default;

    /// <summary>Records that are no events and were passed over; null where there are none of that kind.</summary>
    long? Skipped => null;

    /// <summary>Records that were to be read and were gone; 0 in sound operation.</summary>
    long Lost => 0;

    /// <summary>What it looks like when it does not begin like events, in one sentence; null where nobody knows. To be asked when it has ended.</summary>
    string? Guess => null;

    /// <summary>
    /// Looks, before anything is loaded, whether what comes next after a place is still there. Null when it is, and when that cannot be said now: reading
    /// looks again.
    /// </summary>
    Task<SourceGap?> FindGapAsync(SourcePlaces places, CancellationToken stop) => Task.FromResult<SourceGap?>(null);

    /// <summary>
    /// Reads what lies behind a place, to its end or for ever, and says why it stopped. Ends with <see cref="SourceEndKind.Gap"/> when the source does not
    /// hold any more what lies there, unless that is accepted. Expected errors are in the answer; exceptions are bugs.
    /// </summary>
    Task<SourceEnd> RunAsync(IRecordSink sink, SourceStart start, CancellationToken stop);
}

/// <summary>What every source can do by what it says.</summary>
public static class RecordSources
{
    /// <summary>Reads a source from its start.</summary>
    public static Task<SourceEnd> RunAsync(this IRecordSource source, IRecordSink sink, CancellationToken stop) =>
        source.RunAsync(sink, SourceStart.Beginning, stop);
}

/// <summary>What the records of a source are.</summary>
public enum RecordForm
{
    /// <summary>Events as sources send them, each with a case code in it.</summary>
    Events,

    /// <summary>Events accepted before, as recordings keep them: with pseudonyms, and now is when they arrived.</summary>
    Recorded,
}

/// <summary>Why a source stopped.</summary>
public enum SourceEndKind
{
    /// <summary>Everything it had when it began has been handed over.</summary>
    Finished,

    /// <summary>It was asked to stop.</summary>
    Stopped,

    /// <summary>A file or a broker is missing, unreachable or refuses us: exit 4.</summary>
    Unavailable,

    /// <summary>The bytes themselves are damaged, like a broken gzip: exit 5.</summary>
    Damaged,

    /// <summary>What comes behind the place to be read on from is gone: exit 5.</summary>
    Gap,

    /// <summary>A file is something else than events, as its first bytes say; nothing of it was read: exit 1.</summary>
    Foreign,
}

/// <summary>How a source ended.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">For an error: one sentence saying what happened and what to do next; otherwise empty.</param>
public sealed record SourceEnd(SourceEndKind Kind, string Message = "")
{
    public static readonly SourceEnd Finished = new(SourceEndKind.Finished);
    public static readonly SourceEnd Stopped = new(SourceEndKind.Stopped);
}

/// <summary>A source does not hold what comes next after a place.</summary>
/// <param name="Message">One sentence saying what happened and what to do.</param>
/// <param name="MayHoldEarlier">True when the source is the one that was read but shorter, so that an earlier place may still be in it.</param>
public sealed record SourceGap(string Message, bool MayHoldEarlier);

/// <summary>Where a source is to be read on from.</summary>
/// <param name="Places">What was handed over before.</param>
/// <param name="AcceptGap">True to go on where the source continues when what comes next is gone.</param>
public sealed record SourceStart(SourcePlaces Places, bool AcceptGap)
{
    public static readonly SourceStart Beginning = new(SourcePlaces.Beginning, AcceptGap: true);

    /// <summary>Told in one sentence of a gap that is accepted.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
