namespace KpiStream.Engine.Codecs.Decoders;

/// <summary>
/// Every form a source may send, told apart record by record by the first byte: MessagePack maps and compact arrays begin with
/// bytes that no JSON begins with. One instance belongs to one thread.
/// </summary>
public sealed class EventDecoder : IEventDecoder
{
    private readonly DecodeLimits limits;
    private readonly JsonEventDecoder json;
    private readonly MessagePackEventDecoder packed;

    /// <param name="codes">Where codes are interned.</param>
    /// <param name="key">Turns case codes into pseudonyms.</param>
    /// <param name="limits">The settings records are judged under.</param>
    /// <param name="profiles">How JSON payloads of sources are read that do not send the native form; null for native ones only.</param>
    public EventDecoder(CodeBook codes, PseudonymKey key, DecodeLimits limits, SourceProfiles? profiles = null)
    {
        this.limits = limits;
        var judge = new EventJudge(codes, limits);
        json = new JsonEventDecoder(judge, codes, key, limits, profiles ?? SourceProfiles.None);
        packed = new MessagePackEventDecoder(judge, codes, key, limits);
    }

    /// <summary>How many records took the fast path, see <see cref="DecodeLimits.FastPath"/>.</summary>
    public long TakenFast => json.TakenFast + packed.TakenFast;

    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        if (record.Length > limits.MaxRecordBytes)
        {
            decoded = default;
            return new Verdict(RejectReason.TooLarge);
        }

        return MessagePackEventDecoder.Recognises(record) ? packed.Decode(record, arrival, out decoded) : json.Decode(record, arrival, out decoded);
    }
}
