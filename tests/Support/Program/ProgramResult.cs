namespace KpiStream.Tests.Support.Program;

/// <summary>What a program left behind.</summary>
/// <param name="Output">Standard output as bytes.</param>
/// <param name="Errors">Standard error as text.</param>
public sealed record ProgramResult(int ExitCode, byte[] Output, string Errors)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Itself, when it ended well.</summary>
    public ProgramResult MustSucceed() => ExitCode == 0 ? this : throw new InvalidOperationException($"exit {ExitCode}\n{Errors}\n{Text}");
}
