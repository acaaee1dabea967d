namespace KpiStream.Engine.Units;

/// <summary>
/// Vietnamese names compared as readers do: composed or decomposed letters alike (NFC), upper or lower case, and wherever in the syllable the
/// tone mark stands (Thụy = Thuỵ). Letters stay distinct: a, ă and â are three letters, and Thuy is not Thụy.
/// The table covers Vietnamese (normalisation of the runtime is off with its cultures); other letters are compared as they are.
/// </summary>
public static class UnitNames
{
    // Each row is a plain letter followed by its forms with grave, hook above, tilde, acute and dot below.
    private static readonly string[] Toned =
    [
        "aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị",
        "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ",
    ];

    private const string ToneMarks = "\u0300\u0309\u0303\u0301\u0323";

    // Private-use characters, so that no code or name can spell a tone.
    private const char FirstTone = '\uE000';

    private static readonly Dictionary<char, (char Letter, int Tone)> Letters = Toned.Concat(Toned.Select(row => row.ToUpperInvariant()))
        .SelectMany(row => row.Select((form, tone) => (form, (Letter: row[0], tone))))
        .ToDictionary(pair => pair.form, pair => pair.Item2);

    // A shaped letter is a plain one and a mark.
    private static readonly (char Shaped, char Plain, char Mark)[] Shapes =
    [
        ('ă', 'a', '\u0306'), ('â', 'a', '\u0302'), ('ê', 'e', '\u0302'), ('ô', 'o', '\u0302'), ('ơ', 'o', '\u031B'), ('ư', 'u', '\u031B'),
    ];

    private static readonly Dictionary<(char Plain, char Mark), char> Shaped =
        Shapes.Concat(Shapes.Select(Upper)).ToDictionary(shape => (shape.Plain, shape.Mark), shape => shape.Shaped);

    private static readonly Dictionary<char, char> Plain =
        Shapes.ToDictionary(shape => shape.Shaped, shape => shape.Plain).Append(new('đ', 'd')).ToDictionary();

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
            else if (key.Length > 0 && Shaped.TryGetValue((key[^1], character), out var shaped))
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
                key.Append(Plain.GetValueOrDefault(character, character));
            }
        }

        return key.ToString();
    }

    private static void AppendLetter(StringBuilder key, StringBuilder tones, char character)
    {
        if (Letters.TryGetValue(character, out var form))
        {
            key.Append(form.Letter);
            if (form.Tone > 0)
            {
                tones.Append((char)(FirstTone + form.Tone - 1));
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

    private static (char Shaped, char Plain, char Mark) Upper((char Shaped, char Plain, char Mark) shape) =>
        (char.ToUpperInvariant(shape.Shaped), char.ToUpperInvariant(shape.Plain), shape.Mark);
}
