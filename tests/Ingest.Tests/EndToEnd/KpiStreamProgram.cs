using System.Diagnostics;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>The real <c>kpistream</c>, in a process of its own, in a folder where nothing configures it by accident.</summary>
internal static class KpiStreamProgram
{
    /// <summary>Far more than any of these runs takes; a busy machine is no reason to fail.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>Runs a command to its end. A command that does not end is killed, and the test fails.</summary>
    public static async Task<ProgramRun> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await EndAsync(process, arguments);
    }

    /// <summary>Starts a command; the caller takes its output and its end.</summary>
    public static Process Start(string folder, params string[] arguments) => StartUnder(["dotnet"], folder, arguments);

    /// <summary>Starts a command by way of another program.</summary>
    /// <param name="launcher">That program and its arguments, to which the program's assembly and its arguments are added.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="arguments">The program's own.</param>
    public static Process StartUnder(IReadOnlyList<string> launcher, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(launcher[0])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (IEnumerable<string>)[.. launcher.Skip(1), Path.Combine(AppContext.BaseDirectory, "kpistream.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a command that was started.</summary>
    public static async Task<ProgramRun> EndAsync(Process process, IEnumerable<string> arguments)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ProgramRun(string.Join(' ', arguments), process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>What came of a command.</summary>
internal sealed record ProgramRun(string Arguments, int ExitCode, string Output, string Errors)
{
    /// <summary>Itself, when it ended well.</summary>
    public ProgramRun MustSucceed() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"kpistream {Arguments}: exit {ExitCode}\n{Errors}\n{Output}");
}
