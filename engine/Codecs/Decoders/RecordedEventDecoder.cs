namespace KpiStream.Engine.Codecs.Decoders;

/// <summary>
/// Events as recordings keep them: the compact array (<see cref="PackedForm.Compact"/>) in which <c>case</c> and <c>parent</c> are pseudonyms of 16 bytes
/// (<c>bin</c>). Written by <see cref="RecordedEventWriter"/>. One instance belongs to one thread.
/// </summary>
public sealed class RecordedEventDecoder(CodeBook codes, DecodeLimits limits) : IEventDecoder
{
    private readonly MessagePackEventDecoder packed = new(new EventJudge(codes, limits), codes, naming: null, limits);

    /// <summary>How many records took the fast path, see <see cref="DecodeLimits.FastPath"/>.</summary>
    public long TakenFast => packed.TakenFast;

    public Verdict Decode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded) => packed.Decode(record, arrival, out decoded);
}
