using System.Diagnostics;

namespace KpiStream.Engine.Tests.Codecs.Fast;

/// <summary>The fast path on machines with narrower vectors than this one, and with none.</summary>
public sealed class HardwareLevelTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX2", "AVX2 False, vectors True")]
    [InlineData("DOTNET_EnableHWIntrinsic", "AVX2 False, vectors False")]
    public async Task OtherVectors_ReadWhatTheJudgeReads(string switchedOff, string level)
    {
        var start = new ProcessStartInfo(KpiStreamProcess.Runtime, [typeof(OneLevel).Assembly.Location, OneLevel.Name])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment[switchedOff] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(level, said.Trim());
    }
}
