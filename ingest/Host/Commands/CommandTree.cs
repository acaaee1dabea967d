using System.CommandLine;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>The commands of <c>kpistream</c> (spec section 8). Results go to standard output, everything else to standard error.</summary>
internal static class CommandTree
{
    /// <summary>
    /// How long a command that was told to stop may take. <c>serve</c> gives its source and publisher 10 s and its readers 2 s, and
    /// ends with 0 when they keep to it; the library's own 2 s would end it with 143 while a wallboard is still connected.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    /// <summary>Parses and runs a command line; mistakes in it exit with 2 and say what to do.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Parse(args);
        if (parsed.Errors.Count == 0)
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopPatience });
        }

        var isRoot = parsed.CommandResult.Command is RootCommand;
        foreach (var message in isRoot ? [NoCommand(parsed)] : parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))
        {
            await Console.Error.WriteLineAsync($"kpistream: {message}");
        }

        await Console.Error.WriteLineAsync($"See 'kpistream {(isRoot ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
        return ExitCode.Usage;
    }

    /// <summary>Understands a command line without running it.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args) => Root().Parse(args);

    private static string NoCommand(ParseResult parsed)
    {
        var known = string.Join(", ", parsed.RootCommandResult.Command.Children.OfType<Command>().Select(command => command.Name));
        return parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command; known are {known}." : $"A command is missing; known are {known}.";
    }

    private static RootCommand Root() => new("KpiStream: exact live ratios of cases, unit by unit, from a stream of case events.")
    {
        ServeCommand.Create(),
        ReplayCommand.Create(),
        RecountCommand.Create(),
        RecordCommand.Create(),
        ConvertCommand.Create(),
        GenerateCommand.Create(),
        CheckConfigCommand.Create(),
        CaseCommand.Create(),
        SnapshotCommand.Create(),
        DoctorCommand.Create(),
    };
}
