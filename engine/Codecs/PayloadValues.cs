namespace KpiStream.Engine.Codecs;

/// <summary>The facts of a scanned payload, read by its profile's rules.</summary>
/// <param name="record">The payload, found legal.</param>
/// <param name="tokens">One per slot of the layout.</param>
/// <param name="layout">The profile.</param>
/// <param name="arrival">When the record arrived; see <see cref="IEventDecoder.Decode"/>.</param>
/// <param name="tools">What reading needs besides; overwritten by every call.</param>
internal readonly ref struct PayloadValues(
    ReadOnlySpan<byte> record, ReadOnlySpan<JsonToken> tokens, PayloadLayout layout, long arrival, PayloadTools tools) : IEventValues
{
    private readonly ReadOnlySpan<byte> record = record;
    private readonly ReadOnlySpan<JsonToken> tokens = tokens;

    private long RecordTime => InstantText.IsInRange(arrival) ? arrival : layout.Profile.AtWithoutArrival;

    /// <summary>Payloads carry no version of ours.</summary>
    public bool IsVersionOne => true;

    public string NameOf(CaseKey key) => layout.RuleOf(key)?.Key ?? CaseKeys.NameOf(key);

    public Statement Of(CaseKey key) => key switch
    {
        CaseKey.Source when layout.Source is not null => Statement.Value,
        CaseKey.Kind when layout.Profile.Kind != 0 => Statement.Value,
        CaseKey.At when layout.Profile.AtIsArrival => InstantText.IsInRange(RecordTime) ? Statement.Value : Statement.Absent,
        _ => layout.RuleOf(key) is { } rule ? StatementOf(rule, tokens[layout.SlotOf(key)]) : Statement.Absent,
    };

    public bool TryText(CaseKey key, Span<byte> room, out int written)
    {
        if (key == CaseKey.Source && layout.Source is { } source)
        {
            written = source.Length;
            return source.AsSpan().TryCopyTo(room);
        }

        return layout.RuleOf(key) is PlainRule { IsUnitName: true }
            ? tools.TryUnit(record, TokenOf(key), room, out written)
            : JsonText.TryCopy(record, TokenOf(key), room, out written);
    }

    public bool TryCase(CaseKey key, out CaseId id)
    {
        id = default;
        var text = tools.Scratch[..TextSlots.LongestOf(key)];
        return JsonText.TryCopy(record, TokenOf(key), text, out var length) && tools.Naming.TryName(text[..length], out id);
    }

    public bool TryInstant(CaseKey key, out long millis)
    {
        if (key == CaseKey.At && layout.Profile.AtIsArrival)
        {
            millis = RecordTime;
            return true;
        }

        millis = 0;
        return layout.RuleOf(key) is DateRule rule
            && JsonText.TryCopy(record, TokenOf(key), tools.Scratch, out var length) && DateText.TryParse(tools.Scratch[..length], rule.Forms, out millis);
    }

    public bool TryInteger(CaseKey key, out long value)
    {
        value = 0;
        return layout.RuleOf(key) switch
        {
            SumRule => tools.TrySum(layout.ItemsOf(key), record, TokenOf(key), out value),
            CodeRule list => TryCode(key, list, out value),
            _ => JsonText.TryInteger(record, TokenOf(key), out value),
        };
    }

    public bool TryWord(CaseKey key, Words words, out int code)
    {
        if (key == CaseKey.Kind && layout.Profile.Kind != 0)
        {
            code = layout.Profile.Kind;
            return true;
        }

        code = 0;
        if (layout.RuleOf(key) is PlainRule)
        {
            return JsonText.TryCopy(record, TokenOf(key), tools.Scratch, out var length) && words.TryCode(tools.Scratch[..length], out code);
        }

        var isKnown = TryListed(key, out var meaning);
        code = (int)meaning;
        return isKnown;
    }

    public bool TryFlag(CaseKey key, out bool value)
    {
        if (layout.RuleOf(key) is PlainRule)
        {
            value = TokenOf(key).Kind == JsonTokenKind.True;
            return TokenOf(key).Kind is JsonTokenKind.True or JsonTokenKind.False;
        }

        var isKnown = TryListed(key, out var meaning);
        value = meaning != 0;
        return isKnown;
    }

    private static Statement Stated(JsonTokenKind kind) => kind switch
    {
        JsonTokenKind.Absent => Statement.Absent,
        JsonTokenKind.Null => Statement.Null,
        _ => Statement.Value,
    };

    private Statement StatementOf(PayloadRule rule, JsonToken token) => (rule, token.Kind) switch
    {
        (CodeRule { Codes.WhenNull: not null }, JsonTokenKind.Null) => Statement.Value,
        (DateRule date, JsonTokenKind.String) when token.Length == 0 && date.Forms.HasFlag(DateForms.Empty) => Statement.Null,
        (SumRule or AnyItemRule, JsonTokenKind.Nested) when PayloadItems.IsEmptyList(token.In(record)) => Statement.Null,
        _ => Stated(token.Kind),
    };

    private JsonToken TokenOf(CaseKey key) => tokens[layout.SlotOf(key)];

    private bool TryListed(CaseKey key, out long meaning)
    {
        meaning = 0;
        return layout.RuleOf(key) switch
        {
            CodeRule list => TryCode(key, list, out meaning),
            AnyItemRule any => tools.TryAny(any, layout.ItemsOf(key), record, TokenOf(key), out meaning),
            _ => false,
        };
    }

    private bool TryCode(CaseKey key, CodeRule rule, out long meaning) => tools.TryCode(rule.Codes, record, TokenOf(key), out meaning);
}
