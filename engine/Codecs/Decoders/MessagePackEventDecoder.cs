using KpiStream.Engine.Codecs.Fast;

namespace KpiStream.Engine.Codecs.Decoders;

/// <summary>
/// MessagePack, map and compact array form. Records without surprises take the fast path. For all others the scanner finds the values and the judge
/// gives them their meaning.
/// </summary>
/// <param name="codes">Where codes are interned.</param>
/// <param name="naming">Turns case codes into pseudonyms; null for recordings, which hold pseudonyms.</param>
/// <param name="limits">The settings records are judged under.</param>
internal sealed class MessagePackEventDecoder(EventJudge judge, CodeBook codes, PseudonymKey? naming, DecodeLimits limits)
{
    private readonly MessagePackToken[] tokens = new MessagePackToken[MessagePackScanner.Slots];
    private readonly bool hasFastPath = limits.FastPath && FastJson.IsSupported;

    // Made when the first record comes: most decoders never see one.
    private FastPacked? fast;

    /// <summary>How many records the fast path has accepted.</summary>
    public long TakenFast { get; private set; }

    /// <summary>True when the first byte is a map's or an array's.</summary>
    public static bool Recognises(ReadOnlySpan<byte> record) => !record.IsEmpty && MessagePackForm.Begins(record[0]);

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
        decoded = default;
        if (!Recognises(record) || !MessagePackScanner.TryScan(record, tokens))
        {
            return new Verdict(RejectReason.Malformed);
        }

        var verdict = judge.Judge(new MessagePackValues(record, tokens, naming), arrival, out decoded);
        if (verdict.IsAccepted && hasFastPath)
        {
            fast ??= new FastPacked(codes, naming, limits);
            fast.Learn(in decoded);
        }

        return verdict;
    }
}
