namespace KpiStream.Engine.Codecs;

/// <summary>JSON payloads of a source profile: the scanner finds the values, the profile's rules read them, the judge gives them their meaning.</summary>
internal sealed class PayloadDecoder(EventJudge judge, PseudonymKey naming, SourceProfile profile, IUnitNames? units)
{
    private readonly PayloadLayout layout = new(profile);
    private readonly PayloadTools tools = new(naming, units);
    private readonly JsonToken[] tokens = new JsonToken[profile.Rules.Count];

    /// <inheritdoc cref="IEventDecoder.Decode"/>
    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        return JsonScanner.TryScan(record, layout.Keys, tokens)
            ? judge.Judge(new PayloadValues(record, tokens, layout, arrival, tools), arrival, out decoded)
            : new Verdict(RejectReason.Malformed);
    }
}
