namespace KpiStream.Engine.Reconciliation;

/// <summary>
/// Vietnamese text spelled out letter by letter, the tone after its syllable: Thụy, Thuỵ and their decomposed forms become the same
/// text. A second opinion on <see cref="Units.UnitNames"/>, which has a table of its own.
/// </summary>
internal static class NaiveSpelling
{
    private const string Plain = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";

    private static readonly (char Mark, string Letters)[] Tones =
    [
        ('\u0300', "àằầèềìòồờùừỳÀẰẦÈỀÌÒỒỜÙỪỲ"),
        ('\u0309', "ảẳẩẻểỉỏổởủửỷẢẲẨẺỂỈỎỔỞỦỬỶ"),
        ('\u0303', "ãẵẫẽễĩõỗỡũữỹÃẴẪẼỄĨÕỖỠŨỮỸ"),
        ('\u0301', "áắấéếíóốớúứýÁẮẤÉẾÍÓỐỚÚỨÝ"),
        ('\u0323', "ạặậẹệịọộợụựỵẠẶẬẸỆỊỌỘỢỤỰỴ"),
    ];

    private static readonly (char Mark, string Shaped, string Base)[] Shapes =
        [('\u0306', "ăĂ", "aA"), ('\u0302', "âêôÂÊÔ", "aeoAEO"), ('\u031B', "ơưƠƯ", "ouOU")];

    public static string Of(string text)
    {
        var result = new StringBuilder();
        var syllable = new StringBuilder();
        foreach (var character in text)
        {
            if (!char.IsLetter(character) && character is < '\u0300' or > '\u036F')
            {
                result.Append(ToneLast(syllable)).Append(character);
                syllable.Clear();
            }
            else
            {
                syllable.Append(SpelledOut(character));
            }
        }

        return result.Append(ToneLast(syllable)).ToString();
    }

    private static string ToneLast(StringBuilder syllable)
    {
        var all = syllable.ToString();
        return string.Concat(all.Where(one => !IsTone(one))) + string.Concat(all.Where(IsTone));
    }

    private static bool IsTone(char character) => Tones.Any(tone => tone.Mark == character);

    /// <summary>A letter, then its shape, then its tone.</summary>
    private static string SpelledOut(char letter)
    {
        var toneMark = "";
        foreach (var (mark, letters) in Tones)
        {
            if (letters.IndexOf(letter) is >= 0 and var place)
            {
                letter = Plain[place];
                toneMark = mark.ToString();
                break;
            }
        }

        foreach (var (mark, shaped, plain) in Shapes)
        {
            if (shaped.IndexOf(letter) is >= 0 and var place)
            {
                return $"{plain[place]}{mark}{toneMark}";
            }
        }

        return letter + toneMark;
    }
}
