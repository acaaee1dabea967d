namespace KpiStream.Ingest.Host.Commands;

/// <summary>The commands of <c>kpistream</c>. Results go to standard output, everything else to standard error.</summary>
internal static class CommandTree
{
    /// <summary>
    /// How long a command that was told to stop may take. <c>serve</c> gives its source and publisher 10 s and its readers 2 s, and
    /// ends with 0 when they keep to it; the library's own 2 s would end it with 143 while a wallboard is still connected.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    /// <summary>No word is read as the name of a file with more words: a case code or a unit may begin with <c>@</c>, and a file may hold a secret.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>By name, in the order of the help page.</summary>
    private static readonly OrderedDictionary<string, Func<Command>> Commands = new()
    {
        ["serve"] = ServeCommand.Create,
        ["replay"] = ReplayCommand.Create,
        ["recount"] = RecountCommand.Create,
        ["record"] = RecordCommand.Create,
        ["convert"] = ConvertCommand.Create,
        ["generate"] = GenerateCommand.Create,
        ["load"] = LoadCommand.Create,
        ["check-config"] = CheckConfigCommand.Create,
        ["case"] = CaseCommand.Create,
        ["snapshot"] = SnapshotCommand.Create,
        ["doctor"] = DoctorCommand.Create,
        ["board-token"] = BoardTokenCommand.Create,
        ["api-key"] = ApiKeyCommand.Create,
        ["alerts"] = AlertsCommand.Create,
    };

    /// <summary>Parses and runs a command line; mistakes in it exit with 2 and say what to do.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Parse(args);
        var refusal = Refusal(parsed);
        if (refusal.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopPatience });
        }

        foreach (var line in refusal)
        {
            Terminal.Note(line);
        }

        return ExitCode.Usage;
    }

    /// <summary>What is said of a command line that is not understood; empty when it is.</summary>
    internal static IReadOnlyList<string> Refusal(ParseResult parsed)
    {
        var help = $"See 'kpistream {string.Concat(PathOf(parsed.CommandResult).Select(name => name + " "))}--help'.";
        return Mistakes(parsed) is { Count: > 0 } mistakes ? [.. mistakes.Select(mistake => $"kpistream: {mistake}"), help] : [];
    }

    /// <summary>Understands a command line without running it.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args) => Root(args is [var first, ..] ? first : null).Parse(args, Parsing);

    /// <summary>The tree of all commands; of one alone where a command line begins with its name: building the others would lengthen every short run.</summary>
    internal static RootCommand Root(string? first = null)
    {
        var root = new RootCommand("KpiStream: exact live ratios of cases, unit by unit, from a stream of case events.");
        foreach (var (name, create) in Commands)
        {
            if (first is null || !Commands.ContainsKey(first) || name == first)
            {
                root.Subcommands.Add(create());
            }
        }

        return root;
    }

    /// <summary>One sentence for each mistake. Words that are not understood are mistakes even where help is asked for.</summary>
    private static List<string> Mistakes(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            var isOuter = command.Subcommands.Count > 0;
            var others = isOuter ? [] : parsed.Errors.Select(error => error.Message)
                .Where(message => !parsed.UnmatchedTokens.Any(word => message.Contains($"'{word}'")));
            return [.. (isOuter ? parsed.UnmatchedTokens.Take(1) : parsed.UnmatchedTokens)
                .Select(word => UnknownName.Sentence(word, command)), .. others.Distinct()];
        }

        return command is RootCommand && parsed.Errors.Count > 0
            ? [$"A command is missing; known are {string.Join(", ", command.Subcommands.Select(known => known.Name))}."]
            : [.. parsed.Errors.Select(error => error.Message).Distinct()];
    }

    private static IEnumerable<string> PathOf(CommandResult result) =>
        result.Parent is CommandResult outer ? PathOf(outer).Append(result.Command.Name) : [];
}
