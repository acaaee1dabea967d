namespace KpiStream.Ingest.Host.Output.DeadLetters;

/// <summary>A place dead letters are kept. Driven by one thread; errors are counted and said, and never thrown.</summary>
internal interface IDeadLetterTarget : IDisposable
{
    DeadLetterCounts Counts { get; }

    /// <summary>True while it is not known what became of letters sent on: <see cref="Flush"/> is then to be called now and then.</summary>
    bool IsUnsettled { get; }

    /// <summary>Takes a letter; it may be kept in memory until <see cref="Flush"/>.</summary>
    void Add(in NotedLetter letter);

    /// <summary>Sends on what is in memory.</summary>
    void Flush();

    /// <summary>Sends on what is left, waiting a little for it; nothing is added afterwards.</summary>
    void Complete();
}
