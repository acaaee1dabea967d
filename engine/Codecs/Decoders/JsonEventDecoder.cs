using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Codecs.Decoders;

/// <summary>
/// JSON records: native ones, and payloads of the profiles given. Native records without surprises take the fast path. For all others the scanner
/// finds the values and the judge gives them their meaning.
/// </summary>
internal sealed class JsonEventDecoder
{
    private readonly EventJudge judge;
    private readonly FastJson? fast;
    private readonly PseudonymKey naming;
    private readonly PayloadDecoder? all;
    private readonly (byte[] Source, PayloadDecoder Decoder)[] bySource;
    private readonly JsonToken[] tokens = new JsonToken[JsonScanner.NativeSlots];
    private readonly byte[] scratch = new byte[TextSlots.Room];

    public JsonEventDecoder(EventJudge judge, CodeBook codes, PseudonymKey naming, DecodeLimits limits, SourceProfiles profiles)
    {
        this.judge = judge;
        fast = limits.FastPath && FastJson.IsSupported && profiles.All is null ? new FastJson(codes, naming, limits) : null;
        this.naming = naming;
        all = profiles.All is { } profile ? new PayloadDecoder(judge, naming, profile, profiles.Units) : null;
        bySource = [.. profiles.BySource.Select(pair => (Encoding.UTF8.GetBytes(pair.Key), new PayloadDecoder(judge, naming, pair.Value, profiles.Units)))];
    }

    /// <summary>How many records the fast path has accepted.</summary>
    public long TakenFast { get; private set; }

    /// <inheritdoc cref="IEventDecoder.Decode"/>
    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        if (fast is null || !fast.TryDecode(record, arrival, out decoded))
        {
            return DecodeSlowly(record, arrival, out decoded);
        }

        TakenFast++;
        return Verdict.Accepted;
    }

    private Verdict DecodeSlowly(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        if (all is not null)
        {
            return all.Decode(record, arrival, out decoded);
        }

        decoded = default;
        if (!JsonScanner.TryScan(record, default(JsonScanner.NativeKeys), tokens))
        {
            return new Verdict(RejectReason.Malformed);
        }

        return bySource.Length > 0 && ProfileOf(record) is { } profile
            ? profile.Decode(record, arrival, out decoded)
            : JudgeNative(record, arrival, out decoded);
    }

    private Verdict JudgeNative(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        var verdict = judge.Judge(new JsonValues(record, tokens, scratch, naming), arrival, out decoded);
        if (verdict.IsAccepted)
        {
            fast?.Learn(in decoded);
        }

        return verdict;
    }

    private PayloadDecoder? ProfileOf(ReadOnlySpan<byte> record)
    {
        var room = scratch.AsSpan(0, TextSlots.LongestOf(CaseKey.Source));
        if (!JsonText.TryCopy(record, tokens[(int)CaseKey.Source], room, out var length))
        {
            return null;
        }

        foreach (var (source, decoder) in bySource)
        {
            if (room[..length].SequenceEqual(source))
            {
                return decoder;
            }
        }

        return null;
    }
}
