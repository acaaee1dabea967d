namespace KpiStream.Ingest.Host.Commands;

/// <summary>What is said of a word on the command line that is not understood: the nearest that is, and all that are allowed.</summary>
internal static class UnknownName
{
    /// <summary>Of a word that no command and no argument takes.</summary>
    public static string Sentence(string word, Command command)
    {
        var name = word.Split('=')[0];
        if (word.StartsWith('-') && word.Length > 1)
        {
            return $"'{name}' is no option of this command; "
                + $"{Suggestion.Sentence(name, [.. command.Options.Select(option => option.Name).Order()])}.";
        }

        var inner = command.Subcommands.Select(known => known.Name).ToList();
        return inner.Count == 0 ? $"'{word}' is one word too many: the arguments of this command are {Arguments(command)}."
            : command is RootCommand ? $"'{word}' is no command; {Suggestion.Nearest(word, inner)}known are {string.Join(", ", inner)}."
            : $"'{word}' is no command of {command.Name}; {Suggestion.Sentence(word, inner)}.";
    }

    /// <summary>Refuses a mistyped option, which would otherwise be looked for as a file.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        foreach (var word in result.Tokens.Select(token => token.Value).Where(value => value.Length > 1 && value.StartsWith('-')))
        {
            result.AddError($"{(result.Parent is CommandResult { Command: var command } ? Sentence(word, command) : $"'{word}' is no option.")} A file of "
                + $"that name is written ./{word}.");
        }
    }

    private static string Arguments(Command command) =>
        command.Arguments.Count == 0 ? "none" : string.Join(" ", command.Arguments.Select(argument => argument.Name));
}
