using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs;

/// <summary>Native JSON: the scanner finds the values, the judge gives them their meaning.</summary>
internal sealed class JsonEventDecoder(EventJudge judge, PseudonymKey naming)
{
    private readonly JsonToken[] tokens = new JsonToken[JsonScanner.NativeSlots];
    private readonly byte[] scratch = new byte[TextSlots.Room];

    /// <inheritdoc cref="IEventDecoder.Decode"/>
    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        return JsonScanner.TryScan(record, default(JsonScanner.NativeKeys), tokens)
            ? judge.Judge(new JsonValues(record, tokens, scratch, naming), arrival, out decoded)
            : new Verdict(RejectReason.Malformed);
    }
}
