using KpiStream.Ingest.Host.Runs;

namespace KpiStream.Ingest.Host.Commands;

/// <summary><c>kpistream recount</c>: the same figures by the naive, independent way. It must agree with <c>replay</c> to the byte.</summary>
internal static class RecountCommand
{
    public static Command Create()
    {
        var count = new CountOptions();
        var command = new Command(
            "recount", "Count a stream in an independent, simple way, to check replay. Prints a summary; --export writes the figures, which must be the same.");
        count.AddTo(command);
        DeclaredFiles.AddTo(command, count.Declare);
        command.SetStoppable(async (parsed, cancel) =>
        {
            if (count.Resolve(parsed) is not { } plan)
            {
                return ExitCode.Configuration;
            }

            var sources = SourceOpening.Open(plan, Engine.Codecs.DecodeLimits.Default.MaxRecordBytes);
            return sources is null ? ExitCode.Usage : await new RecountRun(plan, sources).RunAsync(cancel);
        });
        return command;
    }
}
