using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Sources.Recordings;

/// <summary>Who asks what a file is leaves a named pipe to its reader: opened twice, its bytes are lost and the reader waits for ever.</summary>
public sealed class NamedPipeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ANamedPipe_IsNotOpenedToSeeWhatItIs(bool isLinked)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "statx is Linux's");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("events");
        using (var make = Process.Start("mkfifo", pipe))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var asked = isLinked ? File.CreateSymbolicLink(folder.File("link"), pipe).FullName : pipe;
        var answer = Task.Run(() => RecordingInput.IsRecording(asked), TestContext.Current.CancellationToken);
        Assert.False(await answer.WaitAsync(KpiStreamProcess.Limit, TestContext.Current.CancellationToken));
        var form = Task.Run(() => FileInput.FromPath(asked).FindForeignAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Null(await form.WaitAsync(KpiStreamProcess.Limit, TestContext.Current.CancellationToken));
    }
}
