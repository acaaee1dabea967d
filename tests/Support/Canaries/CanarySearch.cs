using System.Text.Json;

namespace KpiStream.Tests.Support.Canaries;

/// <summary>
/// Looks for the marks of <see cref="Canary"/> in any bytes: as text, escaped as in JSON or an address, in hexadecimal digits, base64 or UTF-16.
/// </summary>
public static class CanarySearch
{
    private static readonly List<(string What, byte[] Bytes)> Patterns =
        [.. Canary.Marks.SelectMany(PatternsOf).DistinctBy(pattern => Convert.ToHexString(pattern.Bytes))];

    /// <summary>The forms looked for, for a test of the search itself.</summary>
    public static IReadOnlyList<(string What, byte[] Bytes)> Forms => Patterns;

    /// <summary>What was found, with its place; empty when nothing was.</summary>
    public static IReadOnlyList<string> In(ReadOnlySpan<byte> bytes)
    {
        var found = new List<string>();
        foreach (var (what, pattern) in Patterns)
        {
            if (bytes.IndexOf(pattern) is >= 0 and var place)
            {
                found.Add($"{what} at byte {place}");
            }
        }

        return found;
    }

    /// <summary>Every file below a folder, and every file's name.</summary>
    public static IReadOnlyList<string> InFiles(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .SelectMany(file => In(File.ReadAllBytes(file)).Concat(In(Encoding.UTF8.GetBytes(Path.GetFileName(file))))
                .Select(what => $"{Path.GetFileName(file)}: {what}")),
    ];

    private static IEnumerable<(string What, byte[] Bytes)> PatternsOf(string mark)
    {
        var utf8 = Encoding.UTF8.GetBytes(mark);
        yield return ($"'{mark}'", utf8);
        yield return ($"'{mark}' escaped", Encoding.ASCII.GetBytes(JsonEncodedText.Encode(mark).ToString()));
        yield return ($"'{mark}' escaped in small letters", Encoding.ASCII.GetBytes(Escaped(mark)));
        yield return ($"'{mark}' as in an address", Encoding.ASCII.GetBytes(Uri.EscapeDataString(mark)));
        yield return ($"'{mark}' in hexadecimal digits", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ($"'{mark}' in small hexadecimal digits", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return ($"'{mark}' in UTF-16", Encoding.Unicode.GetBytes(mark));
        yield return ($"'{mark}' in big-endian UTF-16", Encoding.BigEndianUnicode.GetBytes(mark));
        for (var before = 0; before < 3; before++)
        {
            yield return ($"'{mark}' in base64 behind {before} bytes", Encoding.ASCII.GetBytes(Base64(utf8, before)));
        }
    }

    private static string Escaped(string mark) => string.Concat(mark.Select(letter => letter < 0x80 ? $"{letter}" : $"\\u{(int)letter:x4}"));

    /// <summary>Those digits that hang on the mark alone, wherever it stands.</summary>
    private static string Base64(byte[] mark, int before)
    {
        var whole = Convert.ToBase64String([.. new byte[before], .. mark]).TrimEnd('=');
        var first = ((before * 8) + 5) / 6;
        var end = (before + mark.Length) * 8 / 6;
        return whole[first..end];
    }
}
