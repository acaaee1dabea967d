namespace KpiStream.Engine.Codecs;

/// <summary>
/// Finds where the last value of every known key of a MessagePack record stands. Unknown keys, and keys that are no text, are
/// checked and passed over unread. False is "malformed": illegal bytes, bytes left over, nested too deeply, a map or an array for a key, or a compact
/// array whose values do not match its mask.
/// </summary>
internal static class MessagePackScanner
{
    /// <summary>One slot per known key in <see cref="CaseKey"/> order, and one for <c>v</c>.</summary>
    public const int Slots = CaseKeys.Count + 1;

    public const int VersionSlot = CaseKeys.Count;

    private const int VersionAndMask = 2;

    // The event itself is depth 1.
    private const int DepthInside = DecodeLimits.MaxDepth - 1;

    /// <param name="record">A whole record.</param>
    /// <param name="tokens">One per slot; all are written.</param>
    public static bool TryScan(ReadOnlySpan<byte> record, Span<MessagePackToken> tokens)
    {
        var reader = new MessagePackTokenReader(record);
        return TryScan(record, ref reader, tokens) && reader.IsAtEnd;
    }

    /// <summary>Reads one record and leaves the reader behind it, whatever follows.</summary>
    public static bool TryScan(ReadOnlySpan<byte> bytes, ref MessagePackTokenReader reader, scoped Span<MessagePackToken> tokens)
    {
        tokens.Clear();
        return reader.TryRead(out var head) && head.Kind switch
        {
            MessagePackKind.Map => TryMap(bytes, ref reader, head.Number, tokens),
            MessagePackKind.Array => TryCompact(ref reader, head.Number, tokens),
            _ => false,
        };
    }

    private static bool TryMap(ReadOnlySpan<byte> record, ref MessagePackTokenReader reader, long pairs, scoped Span<MessagePackToken> tokens)
    {
        for (; pairs > 0; pairs--)
        {
            if (!reader.TryReadKey(out var name) || !TryValue(ref reader, out var value))
            {
                return false;
            }

            if (name.Kind == MessagePackKind.Text && SlotOf(record.Slice(name.Start, name.Length)) is >= 0 and var slot)
            {
                tokens[slot] = value;
            }
        }

        return true;
    }

    private static bool TryCompact(ref MessagePackTokenReader reader, long count, scoped Span<MessagePackToken> tokens)
    {
        if (count < VersionAndMask || !TryValue(ref reader, out tokens[VersionSlot]) || !reader.TryReadInteger(out var mask)
            || mask is < 0 or >= 1L << CaseKeys.Count)
        {
            return false;
        }

        for (var rest = (uint)mask; rest != 0; rest &= rest - 1)
        {
            if (!TryValue(ref reader, out tokens[System.Numerics.BitOperations.TrailingZeroCount(rest)]))
            {
                return false;
            }
        }

        return System.Numerics.BitOperations.PopCount((uint)mask) == count - VersionAndMask;
    }

    private static bool TryValue(ref MessagePackTokenReader reader, out MessagePackToken value) =>
        reader.TryRead(out value) && reader.TrySkipInside(value, DepthInside);

    private static int SlotOf(ReadOnlySpan<byte> name) => name is [(byte)'v'] ? VersionSlot : CaseKeys.TryFind(name, out var found) ? (int)found : -1;
}
