using System.Diagnostics;

namespace KpiStream.Tests.Support.Program;

/// <summary>The built <c>kpistream</c> in a process of its own, as its user runs it. Killed when disposed, with everything it started.</summary>
public sealed class KpiStreamProcess : IAsyncDisposable
{
    /// <summary>Far more than any test needs; a hang must fail the test and not the whole run.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private readonly Process process;
    private readonly Task<byte[]> output;
    private readonly Task errors;
    private readonly StringBuilder said = new();
    private readonly Lock gate = new();
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KpiStreamProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardErrorEncoding = Encoding.UTF8;
        SetUp(start);
        process = Process.Start(start)!;
        output = ReadOutputAsync();
        errors = ReadErrorsAsync();
    }

    /// <summary>The program's assembly: the published one that tests/run names, or the built one, beside the tests because they refer to its project.</summary>
    public static string Assembly { get; } = Environment.GetEnvironmentVariable("KPISTREAM_PROGRAM") is { Length: > 0 } published
        ? published
        : Path.Combine(AppContext.BaseDirectory, "kpistream.dll");

    public static string Runtime { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The program's standard input, open until somebody closes it.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    public static KpiStreamProcess Start(params IEnumerable<string> arguments) =>
        new(new ProcessStartInfo(Runtime, [Assembly, .. arguments]));

    /// <summary>Starts it in a folder, where nothing configures it by accident.</summary>
    public static KpiStreamProcess StartIn(string folder, params IEnumerable<string> arguments) => new(Command([Runtime], folder, arguments));

    /// <summary>Starts it in a folder by way of another program.</summary>
    public static KpiStreamProcess StartUnder(IReadOnlyList<string> launcher, string folder, params IEnumerable<string> arguments) =>
        new(Command(launcher, folder, arguments));

    /// <summary>How it is started in a folder.</summary>
    /// <param name="launcher">The program to start and its own arguments, before those that run <c>kpistream</c>.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="arguments">Those of <c>kpistream</c>.</param>
    public static ProcessStartInfo Command(IReadOnlyList<string> launcher, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(launcher[0], [.. launcher.Skip(1), Assembly, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SetUp(start);
        return start;
    }

    /// <summary>Runs it in a folder to its end with nothing on standard input.</summary>
    public static async Task<ProgramResult> RunInAsync(string folder, params IEnumerable<string> arguments)
    {
        await using var program = StartIn(folder, arguments);
        program.Input.Close();
        return await program.ExitAsync();
    }

    /// <summary>Runs it to its end with nothing on standard input.</summary>
    public static Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(ReadOnlyMemory<byte>.Empty, arguments);

    /// <summary>Runs it to its end with these bytes on standard input.</summary>
    public static async Task<ProgramResult> RunAsync(ReadOnlyMemory<byte> input, params IEnumerable<string> arguments)
    {
        await using var program = Start(arguments);
        await program.Input.WriteAsync(input);
        program.Input.Close();
        return await program.ExitAsync();
    }

    /// <summary>Runs a line of shell in which <c>kpistream</c> is the built program.</summary>
    public static async Task<ProgramResult> ShellAsync(string script)
    {
        var whole = $"kpistream() {{ '{Runtime}' '{Assembly}' \"$@\"; }}\n{script}";
        await using var shell = new KpiStreamProcess(new ProcessStartInfo("bash", ["-c", whole]));
        shell.Input.Close();
        return await shell.ExitAsync();
    }

    /// <summary>Waits until something found in standard error so far is not null, and gives it.</summary>
    /// <exception cref="TimeoutException">It did not come in time; the message has what was said instead.</exception>
    public async Task<TFound> UntilSaidAsync<TFound>(Func<string, TFound?> find)
        where TFound : class
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var next = NextWords();
            if (find(Said()) is { } found)
            {
                return found;
            }

            if (errors.IsCompleted || Stopwatch.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"kpistream never said what was waited for, only:\n{Said()}");
            }

            await Task.WhenAny(next, errors, Task.Delay(Limit));
        }
    }

    /// <summary>Sends a signal by its short name, like <c>INT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task<ProgramResult> ExitAsync(TimeSpan? limit = null)
    {
        await process.WaitForExitAsync().WaitAsync(limit ?? Limit);
        await errors.WaitAsync(Limit);
        return new ProgramResult(process.ExitCode, await output.WaitAsync(Limit), Said());
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>
    /// The program compiles itself well, which pays in a server and costs two processor seconds at every start; tests start it many hundred times for a moment
    /// each. A tests' long run takes it as it is. How the tests' own memory is collected (tests/run) does not concern it.
    /// </summary>
    private static void SetUp(ProcessStartInfo start)
    {
        start.Environment.Remove("DOTNET_GCgen0size");
        if (LongRuns.Effort == 1)
        {
            foreach (var (setting, value) in (ReadOnlySpan<(string, string)>)[("TC_QuickJit", "1"), ("TC_QuickJitForLoops", "1"), ("TieredPGO", "0")])
            {
                start.Environment.TryAdd($"DOTNET_{setting}", value);
            }
        }
    }

    private string Said()
    {
        lock (gate)
        {
            return said.ToString();
        }
    }

    private Task NextWords()
    {
        lock (gate)
        {
            return more.Task;
        }
    }

    private async Task<byte[]> ReadOutputAsync()
    {
        using var bytes = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private async Task ReadErrorsAsync()
    {
        var buffer = new char[4096];
        int read;
        while ((read = await process.StandardError.ReadAsync(buffer)) > 0)
        {
            lock (gate)
            {
                said.Append(buffer, 0, read);
                more.TrySetResult();
                more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
