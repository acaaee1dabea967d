namespace KpiStream.Ingest.Host.Commands;

/// <summary>What a command does, ended by Ctrl+C and SIGTERM with <see cref="ExitCode.CheckFailed"/> at the next opportunity.</summary>
internal static class StoppableAction
{
    public static void SetStoppable(this Command command, Func<ParseResult, CancellationToken, Task<int>> run) => command.SetAction(async (parsed, stop) =>
    {
        // The command line library listens to signals once the action has returned its task: work before that could not be stopped.
        await Task.Yield();
        try
        {
            return await run(parsed, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Terminal.Say("stopped.");
            return ExitCode.CheckFailed;
        }
    });
}
