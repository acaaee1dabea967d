namespace KpiStream.Ingest.Host.Output;

/// <summary>The only writer of the console: results go to standard output, everything else to standard error (<see cref="StandardStreams"/>).</summary>
internal static class Terminal
{
    /// <summary>True when nobody watches standard error.</summary>
    public static bool IsUnwatched => Console.IsErrorRedirected;

    /// <summary>Standard error, for what draws over itself.</summary>
    public static TextWriter Watched => Console.Error;

    public static void Result(string line) => Console.Out.WriteLine(line);

    /// <summary>A result that brings its own line ends.</summary>
    public static void ResultText(string text) => Console.Out.Write(text);

    /// <summary>A sentence of the program to the operator.</summary>
    public static void Say(string sentence) => Console.Error.WriteLine($"kpistream: {sentence}");

    public static void Say(IEnumerable<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            Say(problem.ToString());
        }
    }

    /// <summary>A line beside the result, without the program's name.</summary>
    public static void Note(string line) => Console.Error.WriteLine(line);

    /// <summary>Text that the next one may write over.</summary>
    public static void Progress(string text) => Console.Error.Write(text);

    /// <summary>The log of a running server.</summary>
    public static OperatorLog Log(TimeProvider time) => new(Console.Error, time);
}
