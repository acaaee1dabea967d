namespace KpiStream.Engine.Codecs.Fast;

/// <summary>
/// Reads MessagePack events that hold no surprise, and only accepts, as <see cref="FastJson"/> does with JSON. Owned by one decoder.
/// </summary>
/// <param name="codes">Where codes are interned.</param>
/// <param name="naming">Turns case codes into pseudonyms; null for recordings, which hold pseudonyms.</param>
/// <param name="limits">The settings records are judged under.</param>
internal sealed class FastPacked(CodeBook codes, PseudonymKey? naming, DecodeLimits limits)
{
    /// <summary>The end of a record that has to go to the judge.</summary>
    public const int Surprise = -1;

    private readonly PackedFields fields = new(codes, naming);
    private readonly PackedPath path = new();

    /// <summary>Learns from an event that the judge accepted.</summary>
    public void Learn(in CaseEvent accepted) => fields.Codes.Trust(accepted.Values.Source);

    /// <summary>Reads a record; false when it has to go to the judge.</summary>
    /// <param name="arrival">As in <see cref="IEventDecoder.Decode"/>.</param>
    /// <param name="decoded">The event when true; undefined otherwise.</param>
    public bool TryDecode(ReadOnlySpan<byte> record, long arrival, out CaseEvent decoded)
    {
        decoded = default;
        if (record.Length > PaddedRecord.Longest)
        {
            return false;
        }

        ref var start = ref fields.Begin(record);
        var end = MessagePackForm.BeginsMap(start) ? PackedMap.Read(ref start, path, fields, ref decoded) : PackedArray.Read(ref start, fields, ref decoded);
        if (end != record.Length || fields.At == 0 || limits.IsFromTheFuture(fields.At, arrival))
        {
            return false;
        }

        decoded.Stamp = new Stamp(fields.At, fields.Seq);
        fields.Codes.Intern(fields.Record, ref decoded.Values);
        return true;
    }
}
