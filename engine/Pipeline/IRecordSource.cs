namespace KpiStream.Engine.Pipeline;

/// <summary>A stream of records: a file, standard input, a Kafka topic, a generator.</summary>
public interface IRecordSource
{
    /// <summary>What to call it in messages, like <c>kafka:cases</c> or a file's name.</summary>
    string Name { get; }

    /// <summary>What its records are, which says how they are decoded.</summary>
    RecordForm Form => RecordForm.Events;

    /// <summary>Reads from its start to its end, or for ever, and says why it stopped. Expected errors are in the answer; exceptions are bugs.</summary>
    Task<SourceEnd> RunAsync(IRecordSink sink, CancellationToken stop);
}

/// <summary>What the records of a source are.</summary>
public enum RecordForm
{
    /// <summary>Events as sources send them (spec section 2), each with a case code in it.</summary>
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
