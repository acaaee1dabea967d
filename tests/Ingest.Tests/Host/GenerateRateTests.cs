using System.Diagnostics;

namespace KpiStream.Ingest.Tests.Host;

/// <summary><c>generate --rate</c>: the same bytes, each event at its own moment.</summary>
public sealed class GenerateRateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rate_TakesAsLongAsItSaysAndChangesNoByte()
    {
        var (fast, slow) = (folder.File("fast.ndjson"), folder.File("slow.ndjson"));
        await CommandRun.OfAsync("generate", "--events", "41", "--out", fast);
        var took = Stopwatch.StartNew();
        var run = await CommandRun.OfAsync("generate", "--events", "41", "--rate", "100/s", "--out", slow);

        Assert.Equal(0, run.ExitCode);
        Assert.True(took.Elapsed >= TimeSpan.FromMilliseconds(400), $"{took.Elapsed}"); // the last of 41 is due after 0.4 s
        Assert.Equal(await File.ReadAllBytesAsync(fast), await File.ReadAllBytesAsync(slow));
    }

    [Theory]
    [InlineData("--rate fast", "--rate: 'fast' is not a rate like 500/s, 20k/s or 1.5M/s")]
    [InlineData("--out http://x", "or kafka:TOPIC")]
    public async Task WhatCannotBeWritten_IsRefusedWithWhatCan(string option, string said)
    {
        var run = await CommandRun.OfAsync(["generate", .. option.Split(' ')]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors);
    }

    [Fact]
    public async Task ConvertIntoATopic_IsRefusedAndNoFileOfThatNameAppears()
    {
        var run = await CommandRun.OfAsync("convert", "c.rec", "kafka:x");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("TO: kafka: cannot be written here ('kafka:x'); give a file", run.Errors);
        Assert.False(File.Exists("kafka:x"));
    }
}
