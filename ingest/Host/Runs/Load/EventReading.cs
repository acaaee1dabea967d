using KpiStream.Engine.Codecs.Decoders;
using KpiStream.Ingest.Sources.Configuration.Loads;

namespace KpiStream.Ingest.Host.Runs.Load;

/// <summary>
/// Reads the events of a source and says when each passes: when it arrived, or where that is not known, the moment it states. Owned by one flow.
/// </summary>
internal sealed class EventReading(LoadPlan plan)
{
    /// <summary>A moment so far ahead of the one before is a clock that is wrong, and moves nothing.</summary>
    private const long MostAhead = 31 * 86_400_000L;

    private readonly CodeBook codes = new();
    private EventDecoder? sent;
    private RecordedEventDecoder? recorded;
    private long last = long.MinValue;

    public CodeBook Codes => codes;

    /// <summary>Reads an event. False for a record that is none, or was not recorded in the range asked for.</summary>
    /// <param name="time">When it passes, milliseconds; of a record that is no event, when the one before passed.</param>
    public bool TryRead(ReadOnlySpan<byte> record, RecordForm form, long arrival, out CaseEvent read, out long time)
    {
        sent ??= new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default, SourceProfiles.None);
        recorded ??= new RecordedEventDecoder(codes, DecodeLimits.Default);
        var verdict = form == RecordForm.Recorded ? recorded.Decode(record, arrival, out read) : sent.Decode(record, arrival, out read);
        var says = arrival != DecodeLimits.UnknownArrival ? arrival : verdict.IsAccepted ? read.Stamp.At : last;
        if (last == long.MinValue || says - last < MostAhead)
        {
            last = says;
        }

        time = last;
        return verdict.IsAccepted && IsInRange(time);
    }

    /// <summary>The stream begins again: what passes first may be older than what passed last.</summary>
    public void Restart() => last = long.MinValue;

    public bool IsInRange(long time) => time != long.MinValue && time >= (plan.From ?? long.MinValue) && time < (plan.Until ?? long.MaxValue);
}
