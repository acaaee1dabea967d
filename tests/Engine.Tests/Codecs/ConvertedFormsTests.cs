using KpiStream.Tests.Support;
using KpiStream.Tests.Support.Formats;
using Xunit;
using Xunit.Abstractions;

namespace KpiStream.Engine.Tests.Codecs;

/// <summary>The golden streams in other forms, written by an independent implementation: whatever the form, the figures are the same.</summary>
public sealed class ConvertedFormsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ordinary", "map", "plain")]
    [InlineData("ordinary", "compact", "random")]
    [InlineData("mixed", "map", "random")]
    [InlineData("mixed", "compact", "plain")]
    public async Task ThereAndBackThroughMessagePack_GivesTheSameFigures(string stream, string form, string style)
    {
        if (PythonIsMissing())
        {
            return;
        }

        var original = await EngineRun.OverAsync(GoldenFiles.Lines(stream));
        var packed = await FormConverter.ConvertAsync(GoldenFiles.Lines(stream), form, style, seed: 20250701);
        var back = await EngineRun.OverAsync(await FormConverter.ConvertAsync(packed, "ndjson"));
        Assert.Equal(GoldenFiles.Expected(stream, "default"), original.Csv);
        AssertSame(original, back);
    }

    private bool PythonIsMissing()
    {
        if (PythonScript.Python is null)
        {
            output.WriteLine("not run: no python3 with msgpack");
            Console.Error.WriteLine("not run: no python3 with msgpack");
        }

        return PythonScript.Python is null;
    }

    private static void AssertSame(EngineRun expected, EngineRun actual)
    {
        TextAssert.SameLines(expected.Csv, actual.Csv);
        Assert.Equal(expected.Fingerprint, actual.Fingerprint);
        Assert.Equal((expected.Applied, expected.Duplicates, expected.Cases), (actual.Applied, actual.Duplicates, actual.Cases));
    }
}
