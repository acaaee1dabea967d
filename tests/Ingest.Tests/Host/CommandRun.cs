namespace KpiStream.Ingest.Tests.Host;

/// <summary>
/// One command line of the program in this process, with what it says, for what needs no process of its own: a start costs half a processor second.
/// Standard input is this process's, and what <c>--export -</c> and its like write past the console is not seen.
/// </summary>
internal static class CommandRun
{
    private static readonly AsyncLocal<StringWriter?> Results = new();
    private static readonly AsyncLocal<StringWriter?> Errors = new();

    static CommandRun()
    {
        Console.SetOut(new Switch(Results));
        Console.SetError(new Switch(Errors));
    }

    public static async Task<ProgramResult> OfAsync(params IEnumerable<string> arguments)
    {
        var (results, errors) = (Results.Value = new StringWriter(), Errors.Value = new StringWriter());
        var exit = await CommandTree.RunAsync([.. arguments]).WaitAsync(KpiStreamProcess.Limit);
        return new ProgramResult(exit, Encoding.UTF8.GetBytes(results.ToString()), errors.ToString());
    }

    /// <summary>Writes to the run that the caller belongs to; what no run says is nothing to fill the test log with.</summary>
    private sealed class Switch(AsyncLocal<StringWriter?> run) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => run.Value?.Write(value);

        public override void Write(string? value) => run.Value?.Write(value);

        public override void WriteLine(string? value) => run.Value?.WriteLine(value);
    }
}
