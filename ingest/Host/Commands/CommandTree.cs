using System.CommandLine;

namespace KpiStream.Ingest.Host.Commands;

/// <summary>The commands of <c>kpistream</c> (spec section 8). Results go to standard output, everything else to standard error.</summary>
internal static class CommandTree
{
    /// <summary>What a command asked to stop (Ctrl+C, SIGTERM) gets for it, before it is ended with 143: everything below has bounds of its own that are shorter.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs a command line; mistakes in it exit with 2 and say what to do.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"kpistream: {error.Message}");
            }

            await Console.Error.WriteLineAsync($"See 'kpistream {string.Join(' ', args.TakeWhile(arg => !arg.StartsWith('-')).Take(1).Append("--help"))}'.");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopPatience });
    }

    private static RootCommand Root() => new("KpiStream: exact live ratios of cases, unit by unit, from a stream of case events.")
    {
        ServeCommand.Create(),
        ReplayCommand.Create(),
        RecountCommand.Create(),
        GenerateCommand.Create(),
        CheckConfigCommand.Create(),
    };
}
