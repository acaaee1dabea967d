namespace KpiStream.Ingest.Host.Commands;

/// <summary>Options that take one of a few words, and say so when they are given anything else.</summary>
internal static class WordOption
{
    /// <summary>Reads a word of an enumeration; case does not matter, and numbers are no words.</summary>
    /// <param name="option">The option's name, with its dashes.</param>
    public static Func<ArgumentResult, TWord> Parser<TWord>(string option)
        where TWord : struct, Enum => result =>
    {
        var text = result.Tokens[0].Value;
        var words = Enum.GetNames<TWord>().Select(name => name.ToLowerInvariant()).ToList();
        if (words.IndexOf(text.ToLowerInvariant()) is >= 0 and var index)
        {
            return Enum.GetValues<TWord>()[index];
        }

        var advice = Suggestion.Nearest(text, words) is { Length: > 0 } meant ? $" {char.ToUpperInvariant(meant[0])}{meant[1..].TrimEnd()}" : "";
        result.AddError($"{option}: '{text}' is none of {string.Join(", ", words)}.{advice}");
        return default;
    };

    /// <summary>The word, for a validator; null when it cannot be read, which the option says itself.</summary>
    public static TWord? TryGet<TWord>(CommandResult result, Option<TWord> option)
        where TWord : struct, Enum
    {
        try
        {
            return result.GetValue(option);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
