using System.Buffers.Text;

namespace KpiStream.Engine.Codecs;

/// <summary>The text of JSON strings whose form has already been judged legal: only escapes remain to be resolved.</summary>
public static class JsonText
{
    /// <summary>Resolves escapes into UTF-8.</summary>
    /// <param name="escaped">What stands between the quotes.</param>
    /// <param name="text">Room for the result; it is never longer than the escaped form.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False when a <c>\u</c> escape is a lone surrogate, or when the room is too small.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> text, out int written)
    {
        written = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            plain = plain < 0 ? escaped.Length : plain;
            if (!escaped[..plain].TryCopyTo(text[written..]))
            {
                return false;
            }

            written += plain;
            escaped = escaped[plain..];
            if (!escaped.IsEmpty && !TryEscape(ref escaped, text, ref written))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies a string's text; false when the token is no string, the text does not fit or has a lone surrogate.</summary>
    internal static bool TryCopy(ReadOnlySpan<byte> record, JsonToken token, Span<byte> room, out int written)
    {
        written = 0;
        if (token.Kind != JsonTokenKind.String)
        {
            return false;
        }

        var text = token.In(record);
        if (token.Escaped)
        {
            return TryUnescape(text, room, out written);
        }

        written = text.Length;
        return text.TryCopyTo(room);
    }

    /// <summary>An integer of 64 bits; false for other types, fractions, exponents and numbers beyond.</summary>
    internal static bool TryInteger(ReadOnlySpan<byte> record, JsonToken token, out long value)
    {
        value = 0;
        var text = token.In(record);

        // Legal JSON numbers have no leading zeros, so a fraction or an exponent is the only other thing that can be left over.
        return token.Kind == JsonTokenKind.Number && Utf8Parser.TryParse(text, out value, out var read) && read == text.Length;
    }

    private static bool TryEscape(ref ReadOnlySpan<byte> escaped, Span<byte> text, ref int written)
    {
        Rune rune;
        if (escaped[1] == 'u')
        {
            if (!TryUnicode(ref escaped, out rune))
            {
                return false;
            }
        }
        else
        {
            rune = new Rune(Simple(escaped[1]));
            escaped = escaped[2..];
        }

        if (!rune.TryEncodeToUtf8(text[written..], out var bytes))
        {
            return false;
        }

        written += bytes;
        return true;
    }

    private static char Simple(byte letter) => letter switch
    {
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        (byte)'n' => '\n',
        (byte)'r' => '\r',
        (byte)'t' => '\t',
        _ => (char)letter, // quote, backslash, slash
    };

    private static bool TryUnicode(ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        var first = Hex(escaped[2..6]);
        escaped = escaped[6..];
        if (!char.IsSurrogate(first))
        {
            rune = new Rune(first);
            return true;
        }

        if (escaped.Length >= 6 && escaped[0] == '\\' && escaped[1] == 'u' && Rune.TryCreate(first, Hex(escaped[2..6]), out rune))
        {
            escaped = escaped[6..];
            return true;
        }

        rune = default;
        return false;
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)value;
    }
}
