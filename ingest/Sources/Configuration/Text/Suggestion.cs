namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>Two slips of the finger are a typing mistake, three are another word.</summary>
    private const int MostSlips = 2;

    /// <summary>Says what is allowed, and which of it was probably meant.</summary>
    public static string Sentence(string word, IReadOnlyCollection<string> allowed) =>
        $"{Nearest(word, allowed)}allowed: {string.Join(", ", allowed)}";

    /// <summary>Says which of the allowed words was probably meant; empty when none is near.</summary>
    public static string Nearest(string word, IReadOnlyCollection<string> allowed)
    {
        var nearest = allowed.Select(candidate => (candidate, slips: Slips(word, candidate))).OrderBy(pair => pair.slips).FirstOrDefault();
        return nearest.candidate is { } name && nearest.slips <= Math.Min(MostSlips, name.Length / 2) ? $"did you mean '{name}'? " : "";
    }

    /// <summary>The words that may have been meant, the likeliest first.</summary>
    public static IReadOnlyList<string> Nearest(string word, IEnumerable<string> allowed, int most) =>
        [.. allowed.Select(candidate => (candidate, slips: Slips(word, candidate))).Where(pair => pair.slips <= MostSlips)
            .OrderBy(pair => pair.slips).ThenBy(pair => pair.candidate).Take(most).Select(pair => pair.candidate)];

    /// <summary>The distance of Damerau and Levenshtein (restricted), letter case not counted: two letters exchanged are one slip.</summary>
    private static int Slips(string left, string right)
    {
        var (twoBefore, before) = (new int[right.Length + 1], new int[right.Length + 1]);
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            (twoBefore, before, row) = (before, row, twoBefore);
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                row[j] = Math.Min(Math.Min(before[j], row[j - 1]) + 1, before[j - 1] + (IsSame(left[i - 1], right[j - 1]) ? 0 : 1));
                if (i > 1 && j > 1 && IsSame(left[i - 1], right[j - 2]) && IsSame(left[i - 2], right[j - 1]))
                {
                    row[j] = Math.Min(row[j], twoBefore[j - 2] + 1);
                }
            }
        }

        return row[right.Length];
    }

    private static bool IsSame(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
