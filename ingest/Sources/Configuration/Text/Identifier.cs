namespace KpiStream.Ingest.Sources.Configuration.Text;

/// <summary>Names that appear in exports, addresses and metrics: they must need no quoting anywhere.</summary>
internal static class Identifier
{
    public const string Form = "1 to 40 of a-z, 0-9 and _, beginning with a letter";

    private const int MaxLength = 40;

    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength && char.IsAsciiLetterLower(text[0])
        && text.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');
}
