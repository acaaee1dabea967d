using System.Text;

namespace KpiStream.Engine.Units;

/// <summary>
/// Vietnamese names compared as readers do: composed or decomposed letters alike (NFC), upper or lower case, and wherever in the syllable the
/// tone mark stands (Thụy = Thuỵ; spec section 6). Letters stay distinct: a, ă and â are three letters, and Thuy is not Thụy.
/// The table covers Vietnamese; other letters are compared as they are.
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

    private static readonly Dictionary<char, (char Letter, int Tone)> Letters = Toned
        .SelectMany(row => row.Select((form, tone) => (form, (Letter: row[0], tone))))
        .ToDictionary(pair => pair.form, pair => pair.Item2);

    private static readonly Dictionary<(char Letter, char Mark), char> Shapes = new()
    {
        [('a', '\u0306')] = 'ă',
        [('a', '\u0302')] = 'â',
        [('e', '\u0302')] = 'ê',
        [('o', '\u0302')] = 'ô',
        [('o', '\u031B')] = 'ơ',
        [('u', '\u031B')] = 'ư',
    };

    /// <summary>Equal for names that are the same to a reader; tones are moved to the end of their syllable as digits.</summary>
    public static string SearchKey(string name)
    {
        var key = new StringBuilder(name.Length + 4);
        var tone = 0;
        foreach (var character in name.Trim().ToLowerInvariant())
        {
            if (ToneMarks.IndexOf(character, StringComparison.Ordinal) is >= 0 and var mark)
            {
                tone = mark + 1;
            }
            else if (key.Length > 0 && Shapes.TryGetValue((key[^1], character), out var shaped))
            {
                key[^1] = shaped;
            }
            else if (Letters.TryGetValue(character, out var form))
            {
                tone = form.Tone > 0 ? form.Tone : tone;
                key.Append(form.Letter);
            }
            else
            {
                EndSyllable(key, ref tone, char.IsLetter(character));
                key.Append(character);
            }
        }

        EndSyllable(key, ref tone, isWithin: false);
        return key.ToString();
    }

    private static void EndSyllable(StringBuilder key, ref int tone, bool isWithin)
    {
        if (!isWithin && tone > 0)
        {
            key.Append((char)('0' + tone));
            tone = 0;
        }
    }
}
