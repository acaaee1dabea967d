using KpiStream.Engine.Events;

namespace KpiStream.Engine.Codecs;

/// <summary>MessagePack, map and compact array form: the scanner finds the values, the judge gives them their meaning.</summary>
/// <param name="judge">The judge.</param>
/// <param name="naming">Turns case codes into pseudonyms; null for recordings, which hold pseudonyms.</param>
internal sealed class MessagePackEventDecoder(EventJudge judge, PseudonymKey? naming)
{
    private readonly MessagePackToken[] tokens = new MessagePackToken[MessagePackScanner.Slots];

    /// <summary>True when the first byte is a map's or an array's.</summary>
    public static bool Recognises(ReadOnlySpan<byte> record) => !record.IsEmpty && MessagePackForm.Begins(record[0]);

    /// <inheritdoc cref="IEventDecoder.Decode"/>
    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        return Recognises(record) && MessagePackScanner.TryScan(record, tokens)
            ? judge.Judge(new MessagePackValues(record, tokens, naming), arrival, out decoded)
            : new Verdict(RejectReason.Malformed);
    }
}
