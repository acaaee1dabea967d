using KpiStream.Ingest.Sources.Files;

namespace KpiStream.Ingest.Host.Output;

/// <summary>
/// The program's standard output and standard error. Results go to the first, everything else to the second. What cannot be written never ends a run: at
/// its end it is said on the stream that still works, and the exit code is <see cref="ExitCode.Unavailable"/>. A reader that left, like <c>head</c>, is no
/// error.
/// </summary>
internal static class StandardStreams
{
    /// <summary>The name by which command lines mean standard output, or standard input.</summary>
    public const string Dash = "-";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static StandardStream Output { get; } = new(StandardHandles.Output, "standard output");

    public static StandardStream Error { get; } = new(StandardHandles.Error, "standard error");

    /// <summary>Lets all that the program and its libraries print through <see cref="Console"/> pass here. Called once, before anything is printed.</summary>
    public static void Install()
    {
        Console.SetOut(TextTo(Output));
        Console.SetError(TextTo(Error));
    }

    /// <summary>The exit code of a run that would have ended with <paramref name="exit"/>; says what could not be written.</summary>
    public static int Conclude(int exit)
    {
        if (Output.Error is { } lostResult)
        {
            Console.Error.WriteLine($"kpistream: standard output cannot be written: {lostResult} The result is not complete: free space, or send it to a "
                + "file or another program.");
        }

        if (Error.Error is { } lostWords && Output is { Error: null, IsClosed: false, CarriesResult: false })
        {
            Console.Out.WriteLine($"kpistream: standard error cannot be written: {lostWords} Messages were lost: send them to a file, or to /dev/null to do "
                + "without.");
        }

        return Output.Error is null && Error.Error is null ? exit : Math.Max(exit, ExitCode.Unavailable);
    }

    private static StreamWriter TextTo(StandardStream stream) => new(stream.ForText(), Utf8) { AutoFlush = true };
}
