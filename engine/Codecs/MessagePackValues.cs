namespace KpiStream.Engine.Codecs;

/// <summary>The values of a scanned MessagePack record.</summary>
/// <param name="record">The record, found legal.</param>
/// <param name="tokens">One per known key in <see cref="CaseKey"/> order, and one for <c>v</c>.</param>
/// <param name="naming">Turns case codes into pseudonyms; null where the record holds pseudonyms of 16 bytes (recordings).</param>
internal readonly ref struct MessagePackValues(ReadOnlySpan<byte> record, ReadOnlySpan<MessagePackToken> tokens, PseudonymKey? naming) : IEventValues
{
    private readonly ReadOnlySpan<byte> record = record;
    private readonly ReadOnlySpan<MessagePackToken> tokens = tokens;

    public bool IsVersionOne => tokens[MessagePackScanner.VersionSlot] is var version
        && (version.Kind <= MessagePackKind.Nil || version is { Kind: MessagePackKind.Integer, Number: 1 });

    public Statement Of(CaseKey key) => tokens[(int)key].Kind switch
    {
        MessagePackKind.Absent => Statement.Absent,
        MessagePackKind.Nil => Statement.Null,
        _ => Statement.Value,
    };

    public string NameOf(CaseKey key) => CaseKeys.NameOf(key);

    public bool TryText(CaseKey key, Span<byte> room, out int written)
    {
        written = tokens[(int)key].Length;
        return IsText(key) && BytesOf(key).TryCopyTo(room);
    }

    public bool TryCase(CaseKey key, out CaseId id)
    {
        id = default;
        return naming is null
            ? tokens[(int)key].Kind == MessagePackKind.Binary && CaseId.TryRead(BytesOf(key), out id)
            : IsText(key) && tokens[(int)key].Length <= TextSlots.LongestOf(key) && naming.TryName(BytesOf(key), out id);
    }

    public bool TryInstant(CaseKey key, out long millis)
    {
        var token = tokens[(int)key];
        millis = token.Number;
        return token.Kind switch
        {
            MessagePackKind.Text => InstantText.TryParse(BytesOf(key), out millis),
            MessagePackKind.Integer => InstantText.IsInRange(millis),
            MessagePackKind.Extension => MessagePackTimestamp.TryRead(token.Number, BytesOf(key), out millis) && InstantText.IsInRange(millis),
            _ => false,
        };
    }

    public bool TryInteger(CaseKey key, out long value)
    {
        value = tokens[(int)key].Number;
        return tokens[(int)key].Kind == MessagePackKind.Integer;
    }

    public bool TryWord(CaseKey key, Words words, out int code)
    {
        var token = tokens[(int)key];
        if (token.Kind == MessagePackKind.Text)
        {
            return words.TryCode(BytesOf(key), out code);
        }

        var isPosition = token.Kind == MessagePackKind.Integer && token.Number >= 0 && token.Number < words.List.Count;
        code = isPosition ? (int)token.Number + 1 : 0;
        return isPosition;
    }

    public bool TryFlag(CaseKey key, out bool value)
    {
        var kind = tokens[(int)key].Kind;
        value = kind == MessagePackKind.True;
        return kind is MessagePackKind.True or MessagePackKind.False;
    }

    private bool IsText(CaseKey key) => tokens[(int)key].Kind == MessagePackKind.Text;

    private ReadOnlySpan<byte> BytesOf(CaseKey key) => record.Slice(tokens[(int)key].Start, tokens[(int)key].Length);
}
