namespace KpiStream.Engine.Codecs;

/// <summary>
/// Reads one record in place. Every decoder accepts and rejects exactly the same records, with the same reason, and
/// keeps no reference to the bytes. One instance belongs to one thread.
/// </summary>
public interface IEventDecoder
{
    /// <summary>Judges a record and, when it is accepted, fills the event.</summary>
    /// <param name="record">The record's bytes; only read during the call.</param>
    /// <param name="arrival">When the record arrived, milliseconds since 1970 UTC; <see cref="DecodeLimits.UnknownArrival"/> turns the future check
    /// off.</param>
    /// <param name="decoded">Filled when accepted; undefined otherwise.</param>
    Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded);
}
