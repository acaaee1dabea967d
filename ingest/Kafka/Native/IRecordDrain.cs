namespace KpiStream.Ingest.Kafka.Native;

/// <summary>
/// Takes records from the client's queue, where its threads put what they fetch. Owned by the consuming thread. While it takes or waits,
/// the client's callbacks (errors, logs) run on the same thread.
/// </summary>
internal interface IRecordDrain : IDisposable
{
    /// <summary>Hands over what is there, up to one batch.</summary>
    /// <param name="wait">How long to wait when nothing is there; ends with the first thing that comes.</param>
    /// <param name="receiver">Called on this thread before the method returns.</param>
    /// <returns>How many things (records, ends, errors) were handed over.</returns>
    int Take(TimeSpan wait, IDrainReceiver receiver);
}

/// <summary>What a drain hands over.</summary>
internal interface IDrainReceiver
{
    /// <summary>A record with a value, empty or not.</summary>
    /// <param name="value">Valid during the call only: it may lie in the client's memory.</param>
    /// <param name="arrival">The record's timestamp in milliseconds since 1970 UTC, or <see cref="Engine.Codecs.DecodeLimits.UnknownArrival"/>.</param>
    void OnRecord(int partition, long offset, ReadOnlySpan<byte> value, long arrival);

    /// <summary>A record without a value.</summary>
    void OnTombstone(int partition, long offset);

    /// <summary>The end of a partition as it is now: nothing readable lies before <paramref name="offset"/>.</summary>
    void OnEnd(int partition, long offset);

    /// <summary>Something went wrong.</summary>
    /// <param name="error">The client's error.</param>
    /// <param name="partition">The partition concerned; meaningless with errors that concern none.</param>
    void OnPartitionError(Error error, int partition);
}
