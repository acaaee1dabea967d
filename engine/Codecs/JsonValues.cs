namespace KpiStream.Engine.Codecs;

/// <summary>The values of a scanned native JSON record.</summary>
/// <param name="record">The record, found legal.</param>
/// <param name="tokens">One per known key in <see cref="CaseKey"/> order, and one for <c>v</c>.</param>
/// <param name="scratch">Room for the longest text of any key, overwritten by every call.</param>
/// <param name="naming">Turns case codes into pseudonyms.</param>
internal readonly ref struct JsonValues(ReadOnlySpan<byte> record, ReadOnlySpan<JsonToken> tokens, Span<byte> scratch, PseudonymKey naming) : IEventValues
{
    private readonly ReadOnlySpan<byte> record = record;
    private readonly ReadOnlySpan<JsonToken> tokens = tokens;
    private readonly Span<byte> scratch = scratch;

    public bool IsVersionOne => tokens[JsonScanner.VersionSlot] is var version
        && (version.Kind <= JsonTokenKind.Null || (version.Kind == JsonTokenKind.Number && version.In(record) is [(byte)'1']));

    public Statement Of(CaseKey key) => tokens[(int)key].Kind switch
    {
        JsonTokenKind.Absent => Statement.Absent,
        JsonTokenKind.Null => Statement.Null,
        _ => Statement.Value,
    };

    public string NameOf(CaseKey key) => CaseKeys.NameOf(key);

    public bool TryText(CaseKey key, Span<byte> room, out int written) => JsonText.TryCopy(record, tokens[(int)key], room, out written);

    public bool TryCase(CaseKey key, out CaseId id)
    {
        id = default;
        return JsonText.TryCopy(record, tokens[(int)key], scratch[..TextSlots.LongestOf(key)], out var length) && naming.TryName(scratch[..length], out id);
    }

    public bool TryInstant(CaseKey key, out long millis)
    {
        millis = 0;
        return TryPlain(tokens[(int)key], out var text) && InstantText.TryParse(text, out millis);
    }

    public bool TryInteger(CaseKey key, out long value) => JsonText.TryInteger(record, tokens[(int)key], out value);

    public bool TryWord(CaseKey key, Words words, out int code)
    {
        code = 0;
        return TryPlain(tokens[(int)key], out var text) && words.TryCode(text, out code);
    }

    public bool TryFlag(CaseKey key, out bool value)
    {
        var kind = tokens[(int)key].Kind;
        value = kind == JsonTokenKind.True;
        return kind is JsonTokenKind.True or JsonTokenKind.False;
    }

    /// <summary>A string's text, where it stands unless it has escapes; false when it is no string or is longer than any instant or word.</summary>
    private bool TryPlain(JsonToken token, out ReadOnlySpan<byte> text)
    {
        text = token.In(record);
        if (token.Kind != JsonTokenKind.String || !token.Escaped)
        {
            return token.Kind == JsonTokenKind.String;
        }

        var fits = JsonText.TryUnescape(text, scratch[..InstantText.LongestBytes], out var written);
        text = scratch[..written];
        return fits;
    }
}
