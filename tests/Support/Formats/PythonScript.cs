using System.Diagnostics;
using Xunit;

namespace KpiStream.Tests.Support.Formats;

/// <summary>
/// The scripts of this folder: a second reading of the contract in another language, on Debian's python3-msgpack. <c>tests/run</c> installs what they need.
/// </summary>
public static class PythonScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Debian's python, not one that stands before it in the path: the packages are installed for Debian's.</summary>
    private static readonly string[] Places = ["/usr/bin/python3", "python3"];

    /// <summary>A python with <c>msgpack</c>; null where there is none.</summary>
    private static readonly string? Python = Array.Find(Places, HasMessagePack);

    /// <summary>Skips the test where there is none.</summary>
    public static void OrSkip() => Assert.SkipWhen(Python is null, "no python3 with msgpack (Debian: apt-get install python3-msgpack)");

    /// <summary>Runs a script with these bytes on its standard input.</summary>
    /// <param name="script">Its path from <c>tests/Support</c>, with forward slashes.</param>
    /// <param name="input">Standard input.</param>
    /// <returns>Standard output.</returns>
    /// <exception cref="InvalidOperationException">There is no python, or the script failed; the message has what it said.</exception>
    public static async Task<byte[]> RunAsync(string script, ReadOnlyMemory<byte> input, params IEnumerable<string> arguments)
    {
        var python = Python ?? throw new InvalidOperationException("No python3 with msgpack: install python3-msgpack.");
        using var process = Start(python, ["-B", RepositoryRoot.File("tests/Support/" + script), .. arguments]);
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        await WriteAsync(process, input);
        await reading.WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        return process.ExitCode == 0 ? output.ToArray() : throw new InvalidOperationException($"{script} failed:\n{await errors}");
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The script ended before it had read all; its exit code and its words tell why.
        }
    }

    private static bool HasMessagePack(string python)
    {
        try
        {
            using var process = Start(python, ["-c", "import msgpack"]);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }

    private static Process Start(string python, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(python, arguments)
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
