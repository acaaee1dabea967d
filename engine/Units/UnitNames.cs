namespace KpiStream.Engine.Units;

/// <summary>
/// Vietnamese names compared as readers do: composed or decomposed letters alike (NFC), upper or lower case, and wherever in the syllable the
/// tone mark stands (Thụy = Thuỵ). Letters stay distinct: a, ă and â are three letters, and Thuy is not Thụy.
/// The table covers Vietnamese (normalisation of the runtime is off with its cultures); other letters are compared as they are.
/// </summary>
public static class UnitNames
{
    // Each six are a plain letter and its forms with grave, hook above, tilde, acute and dot below.
    private const string Toned = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệ"
        + "iìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ";

    private const string ToneMarks = "\u0300\u0309\u0303\u0301\u0323";

    // A shaped letter is the plain one below it and the mark below that.
    private const string Shapes = "ăâêôơưĂÂÊÔƠƯ";
    private const string Plain = "aaeoouAAEOOU";
    private const string Marks = "\u0306\u0302\u0302\u0302\u031B\u031B\u0306\u0302\u0302\u0302\u031B\u031B";

    // Private-use characters, so that no code or name can spell a tone.
    private const char FirstTone = '\uE000';

    private static readonly string Letters = Toned + Toned.ToUpperInvariant();

    /// <summary>Equal for codes that are the same to a reader, letter case and spaces kept: tones are moved to the end of their syllable.</summary>
    public static string CodeKey(string code)
    {
        var key = new StringBuilder(code.Length + 4);
        var tones = new StringBuilder();
        foreach (var character in code)
        {
            if (ToneMarks.IndexOf(character) is >= 0 and var mark)
            {
                tones.Append((char)(FirstTone + mark));
            }
            else if (key.Length > 0 && ShapeOf(key[^1], character) is { } shaped)
            {
                key[^1] = shaped;
            }
            else
            {
                AppendLetter(key, tones, character);
            }
        }

        return key.Append(tones).ToString();
    }

    /// <summary>Equal for names that are the same to a reader, whatever their letter case and the spaces around them.</summary>
    public static string SearchKey(string name) => CodeKey(name.Trim().ToLowerInvariant());

    /// <summary>The name without any accent, for search: <c>thuy anh</c> for Thụy Anh, <c>doan dao</c> for Đoàn Đào.</summary>
    public static string PlainKey(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var character in SearchKey(name))
        {
            if (character is < FirstTone or >= (char)(FirstTone + 5))
            {
                key.Append(character == 'đ' ? 'd' : Shapes.IndexOf(character) is >= 0 and var shape ? Plain[shape] : character);
            }
        }

        return key.ToString();
    }

    private static void AppendLetter(StringBuilder key, StringBuilder tones, char character)
    {
        if (Letters.IndexOf(character) is >= 0 and var place)
        {
            key.Append(Letters[place - (place % 6)]);
            if (place % 6 > 0)
            {
                tones.Append((char)(FirstTone + (place % 6) - 1));
            }

            return;
        }

        if (!char.IsLetter(character) && character is < '\u0300' or > '\u036F')
        {
            key.Append(tones);
            tones.Clear();
        }

        key.Append(character);
    }

    private static char? ShapeOf(char plain, char mark)
    {
        for (var shape = 0; shape < Shapes.Length; shape++)
        {
            if (Plain[shape] == plain && Marks[shape] == mark)
            {
                return Shapes[shape];
            }
        }

        return null;
    }
}
