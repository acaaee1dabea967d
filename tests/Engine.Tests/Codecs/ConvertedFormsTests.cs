using KpiStream.Tests.Support.Formats;

namespace KpiStream.Engine.Tests.Codecs;

/// <summary>The golden streams in other forms, written by an independent implementation: whatever the form, the figures are the same.</summary>
public sealed class ConvertedFormsTests
{
    [Theory]
    [InlineData("ordinary", "map", "plain")]
    [InlineData("ordinary", "compact", "random")]
    [InlineData("mixed", "map", "random")]
    [InlineData("mixed", "compact", "plain")]
    public async Task ThereAndBackThroughMessagePack_GivesTheSameFigures(string stream, string form, string style)
    {
        PythonScript.OrSkip();
        var original = await EngineRun.OverAsync(GoldenFiles.Lines(stream));
        var packed = await FormConverter.ConvertAsync(GoldenFiles.Lines(stream), form, style, seed: 20250701);
        var back = await EngineRun.OverAsync(await FormConverter.ConvertAsync(packed, "ndjson"));
        Assert.Equal(GoldenFiles.Expected(stream, "default"), original.Csv);
        AssertSame(original, back);
    }

    [Theory]
    [InlineData("ordinary", "map", "random")]
    [InlineData("ordinary", "compact", "plain")]
    [InlineData("mixed", "map", "plain")]
    [InlineData("mixed", "compact", "random")]
    public async Task MessagePack_GivesTheFiguresOfJson(string stream, string form, string style)
    {
        PythonScript.OrSkip();
        var packed = await FormConverter.ConvertAsync(GoldenFiles.Lines(stream), form, style, seed: 1);
        var half = GoldenFiles.Lines(stream).Where((_, line) => line % 2 == 0).ToList();
        var original = await EngineRun.OverAsync(GoldenFiles.Lines(stream));
        AssertSame(original, await EngineRun.OverAsync(packed));

        // Both forms in one stream: what was said before is a duplicate, no matter who repeats it.
        var mixed = await EngineRun.OverAsync(packed.Concat(half));
        Assert.Equal((original.Csv, original.Fingerprint, original.Applied), (mixed.Csv, mixed.Fingerprint, mixed.Applied));
    }

    [Theory]
    [InlineData("ordinary", 1)]
    [InlineData("mixed", 2)]
    public async Task NationalPayloads_GiveTheFiguresOfTheNativeEventsThatSayTheSame(string stream, int seed)
    {
        PythonScript.OrSkip();
        var native = await FormConverter.ConvertAsync(GoldenFiles.Lines(stream), "native-national", seed: seed);
        var payloads = await FormConverter.ConvertAsync(GoldenFiles.Lines(stream), "national", seed: seed);
        var expected = await EngineRun.OverAsync(native);
        Assert.InRange(expected.Csv.Count(letter => letter == '\n'), 300, int.MaxValue);
        AssertSame(expected, await EngineRun.OverAsync(payloads, profiles: NationalPayload.WithTheTimeIn("ThoiDiemCapNhat")));
    }

    private static void AssertSame(EngineRun expected, EngineRun actual)
    {
        TextAssert.SameLines(expected.Csv, actual.Csv);
        Assert.Equal(expected.Fingerprint, actual.Fingerprint);
        Assert.Equal((expected.Applied, expected.Duplicates, expected.Cases), (actual.Applied, actual.Duplicates, actual.Cases));
    }
}
