using KpiStream.Ingest.Host.Serving.Liveness;

namespace KpiStream.Ingest.Host.Runs.Backtests;

/// <summary>
/// A source's way in when its past is judged again: before a record that came at or after a tick, that tick is judged, so every decision has seen exactly the
/// records that had come by then. Owned by the flow of the source.
/// </summary>
/// <param name="intake">Where records go; each is decoded here, once, because when it came may be said by the event itself.</param>
/// <param name="watch">Notices signs of life, as in <c>serve</c>.</param>
/// <param name="decoder">For the form of the source's records.</param>
/// <param name="ticks">Judges what is due.</param>
internal sealed class TickSink(Intake intake, LivenessSink watch, IEventDecoder decoder, TickWalk ticks) : IRecordSink
{
    private bool hasArrivals;

    /// <summary>True once a record came after the last instant that is looked at; nothing is taken in any more then.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Called then, to end the reading.</summary>
    public Action Over { get; set; } = static () => { };

    public void Accept(ReadOnlySpan<byte> record, SourcePosition position, long arrival)
    {
        var verdict = decoder.Decode(record, arrival, out var decoded);
        if (Reach(verdict.IsAccepted ? Says(in decoded, arrival) : Says(arrival)))
        {
            intake.Settle(verdict, in decoded, record, position, arrival);
            watch.Arrivals.Add(arrival);
        }
    }

    public void RejectTooLarge(SourcePosition position, long arrival, long length, ReadOnlySpan<byte> sha256)
    {
        if (Reach(Says(arrival)))
        {
            intake.RejectTooLarge(position, arrival, length, sha256);
            watch.Arrivals.Add(arrival);
        }
    }

    /// <summary>Nothing waits for more records: ticks hand over what was collected.</summary>
    public void Flush()
    {
    }

    /// <summary>What an event says of now, as an intake reads it: of a recording its arrival, of anything else its <c>at</c>.</summary>
    private long? Says(in CaseEvent decoded, long arrival)
    {
        hasArrivals |= intake.Form == RecordForm.Recorded && arrival != DecodeLimits.UnknownArrival;
        return hasArrivals ? Says(arrival) : decoded.Stamp.At;
    }

    private long? Says(long arrival) => hasArrivals && arrival != DecodeLimits.UnknownArrival ? arrival : null;

    private bool Reach(long? instant)
    {
        if (!IsOver && instant is { } at && !ticks.TryReach(at))
        {
            IsOver = true;
            Over();
        }

        return !IsOver;
    }
}
