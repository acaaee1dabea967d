namespace KpiStream.Engine.Codecs;

/// <summary>What reading a payload's values needs besides the payload: scratch room, pseudonyms, unit names. Owned by one decoder.</summary>
internal sealed class PayloadTools(PseudonymKey naming, IUnitNames? units)
{
    // Unit names stand for 5-digit codes and may be long: "Ủy ban nhân dân phường …" takes about 60 bytes.
    private const int ScratchBytes = 256;

    private readonly byte[] scratch = new byte[ScratchBytes];
    private readonly UnitNameCache? names = units is null ? null : new UnitNameCache(units);
    private readonly JsonToken[] items = new JsonToken[PayloadLayout.MaxItemKeys];

    /// <summary>Room for the text of any value but free text; overwritten by every call of anything here.</summary>
    public Span<byte> Scratch => scratch;

    public PseudonymKey Naming { get; } = naming;

    /// <summary>The code of a unit given by name, alias or code; an unknown name is taken as it is, if it could be a code by its length.</summary>
    public bool TryUnit(ReadOnlySpan<byte> record, JsonToken token, Span<byte> room, out int written)
    {
        written = 0;
        if (!JsonText.TryCopy(record, token, scratch, out var length))
        {
            return false;
        }

        ReadOnlySpan<byte> text = scratch.AsSpan(0, length);
        var code = names is null ? text : names.CodeOf(text);
        written = code.Length;
        return code.TryCopyTo(room);
    }

    /// <summary>A code's meaning; false when it is not in the list.</summary>
    public bool TryCode(CodeList codes, ReadOnlySpan<byte> record, JsonToken token, out long meaning)
    {
        if (token.Kind == JsonTokenKind.Null)
        {
            meaning = codes.WhenNull ?? 0;
            return codes.WhenNull is not null;
        }

        var isListed = TryPlain(record, token, out var text) & codes.TryFind(text, out var found);
        meaning = isListed ? found : 0;
        return isListed;
    }

    /// <summary>Adds up an integer over the items of a list; false when something in it is none, is negative, or leads beyond 64 bits.</summary>
    public bool TrySum(PayloadKeys item, ReadOnlySpan<byte> record, JsonToken value, out long sum)
    {
        sum = 0;
        var list = value.In(record);
        var walk = new PayloadItems(list, value.Kind, item, items);
        while (walk.MoveNext())
        {
            if (items[0].Kind > JsonTokenKind.Null)
            {
                if (!TryAmount(list, items[0], out var amount) || amount < 0 || sum > long.MaxValue - amount)
                {
                    return false;
                }

                sum += amount;
            }
        }

        return walk.IsSound;
    }

    /// <summary>Whether an item matches; false when the value is no list of objects, or an item's code is not listed.</summary>
    public bool TryAny(AnyItemRule rule, PayloadKeys item, ReadOnlySpan<byte> record, JsonToken value, out long meaning)
    {
        var list = value.In(record);
        var walk = new PayloadItems(list, value.Kind, item, items);
        var any = false;
        var isListed = true;
        while (walk.MoveNext())
        {
            any |= rule.Codes is null ? HasAll(item.Count) : Matches(rule.Codes, list, ref isListed);
        }

        meaning = any ? rule.Then : rule.Else;
        return walk.IsSound && isListed;
    }

    private static bool IsStated(JsonToken token) => token.Kind > JsonTokenKind.Null && (token.Kind != JsonTokenKind.String || token.Length > 0);

    private bool HasAll(int count)
    {
        foreach (var token in items.AsSpan(0, count))
        {
            if (!IsStated(token))
            {
                return false;
            }
        }

        return true;
    }

    private bool Matches(CodeList codes, ReadOnlySpan<byte> list, ref bool isListed)
    {
        if (items[0].Kind <= JsonTokenKind.Null)
        {
            return false;
        }

        isListed &= TryCode(codes, list, items[0], out var meaning);
        return meaning != 0;
    }

    /// <summary>An amount of money: an integer, as a number or as a text of digits.</summary>
    private bool TryAmount(ReadOnlySpan<byte> list, JsonToken token, out long amount)
    {
        if (token.Kind != JsonTokenKind.String)
        {
            return JsonText.TryInteger(list, token, out amount);
        }

        amount = 0;
        return TryPlain(list, token, out var text) && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && System.Buffers.Text.Utf8Parser.TryParse(text, out amount, out var read) && read == text.Length;
    }

    /// <summary>The text of a string, number, true or false; false for others and for strings too long for any code.</summary>
    private bool TryPlain(ReadOnlySpan<byte> record, JsonToken token, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (token.Kind != JsonTokenKind.String)
        {
            text = token.In(record);
            return token.Kind is JsonTokenKind.Number or JsonTokenKind.True or JsonTokenKind.False;
        }

        var fits = JsonText.TryCopy(record, token, scratch, out var length);
        text = scratch.AsSpan(0, length);
        return fits;
    }
}
