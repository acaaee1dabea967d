using System.Globalization;

namespace KpiStream.Tests.Support.Oracle;

/// <summary>
/// RFC 8259 read slowly and by hand, one character at a time, so that it shares nothing with the parsers it checks.
/// Objects become lists of members in their order; strings keep lone surrogates; numbers keep their text.
/// </summary>
public sealed class SlowJson
{
    private const int DeepestLevel = 64;
    private readonly string text;
    private int place;

    private SlowJson(string text) => this.text = text;

    /// <summary>A JSON number, as it was written.</summary>
    public sealed record Number(string Text);

    /// <summary>The value of a whole record: null, bool, string, <see cref="Number"/>, list of members or list of items.</summary>
    /// <returns>False when the bytes are not legal UTF-8 or not exactly one legal JSON value at most 64 levels deep.</returns>
    public static bool TryParse(byte[] record, out object? value)
    {
        value = null;
        try
        {
            var reader = new SlowJson(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(record));
            value = reader.Value(1);
            reader.Blank();
            return reader.place == reader.text.Length;
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return false;
        }
    }

    private char Next() => place < text.Length ? text[place++] : throw new FormatException("the text ends too early");

    private char Peek() => place < text.Length ? text[place] : '\0';

    private void Blank()
    {
        while (place < text.Length && text[place] is ' ' or '\t' or '\r' or '\n')
        {
            place++;
        }
    }

    private void Expect(string word)
    {
        foreach (var letter in word)
        {
            if (Next() != letter)
            {
                throw new FormatException($"{word} is expected");
            }
        }
    }

    private object? Value(int level)
    {
        Blank();
        switch (Peek())
        {
            case '{':
                return Object(level);
            case '[':
                return Array(level);
            case '"':
                return String();
            case 't':
                Expect("true");
                return true;
            case 'f':
                Expect("false");
                return false;
            case 'n':
                Expect("null");
                return null;
            default:
                return ReadNumber();
        }
    }

    private List<KeyValuePair<string, object?>> Object(int level)
    {
        CheckLevel(level);
        var members = new List<KeyValuePair<string, object?>>();
        Expect("{");
        Blank();
        if (Peek() == '}')
        {
            place++;
            return members;
        }

        while (true)
        {
            Blank();
            var name = String();
            Blank();
            Expect(":");
            members.Add(new(name, Value(level + 1)));
            Blank();
            if (Next() is var mark && mark == '}')
            {
                return members;
            }

            Require(mark == ',', "a comma");
        }
    }

    private List<object?> Array(int level)
    {
        CheckLevel(level);
        var items = new List<object?>();
        Expect("[");
        Blank();
        if (Peek() == ']')
        {
            place++;
            return items;
        }

        while (true)
        {
            items.Add(Value(level + 1));
            Blank();
            if (Next() is var mark && mark == ']')
            {
                return items;
            }

            Require(mark == ',', "a comma");
        }
    }

    private string String()
    {
        Expect("\"");
        var result = new StringBuilder();
        while (true)
        {
            var letter = Next();
            Require(letter >= ' ', "a printable character");
            switch (letter)
            {
                case '"':
                    return result.ToString();
                case '\\':
                    result.Append(Escape());
                    break;
                default:
                    result.Append(letter);
                    break;
            }
        }
    }

    private char Escape()
    {
        var letter = Next();
        if (letter == 'u')
        {
            var digits = string.Concat(Next(), Next(), Next(), Next());
            Require(digits.All(char.IsAsciiHexDigit), "four hexadecimal digits");
            return (char)int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        const string Letters = "\"\\/bfnrt";
        const string Meanings = "\"\\/\b\f\n\r\t";
        Require(Letters.Contains(letter), "an escape");
        return Meanings[Letters.IndexOf(letter)];
    }

    private Number ReadNumber()
    {
        var start = place;
        if (Peek() == '-')
        {
            place++;
        }

        if (Peek() == '0')
        {
            place++;
        }
        else
        {
            Digits();
        }

        if (Peek() == '.')
        {
            place++;
            Digits();
        }

        if (Peek() is 'e' or 'E')
        {
            place++;
            place += Peek() is '+' or '-' ? 1 : 0;
            Digits();
        }

        return new Number(text[start..place]);
    }

    private void Digits()
    {
        Require(char.IsAsciiDigit(Peek()), "a digit");
        while (char.IsAsciiDigit(Peek()))
        {
            place++;
        }
    }

    private static void CheckLevel(int level) => Require(level <= DeepestLevel, "a shallower value");

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FormatException($"{what} is expected");
        }
    }
}
