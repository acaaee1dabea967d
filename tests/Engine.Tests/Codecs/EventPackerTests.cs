using KpiStream.Tests.Support.Formats;

namespace KpiStream.Engine.Tests.Codecs;

public sealed class EventPackerTests
{
    [Theory]
    [InlineData("ordinary", PackedForm.Map)]
    [InlineData("ordinary", PackedForm.Compact)]
    [InlineData("mixed", PackedForm.Map)]
    [InlineData("mixed", PackedForm.Compact)]
    public void PackedEvents_AreTheSameEvents(string stream, PackedForm form)
    {
        var codes = new CodeBook();
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var packer = new EventPacker(form);
        var (good, bad) = (0, 0);
        foreach (var line in GoldenFiles.Lines(stream))
        {
            if (line.Length > DecodeLimits.Default.MaxRecordBytes)
            {
                continue; // its unknown keys make it too large, and they are left out
            }

            var verdict = decoder.Decode(line, DecodeLimits.UnknownArrival, out var original);
            if (packer.TryPack(line, out var bytes))
            {
                Assert.Equal(verdict, decoder.Decode(bytes, DecodeLimits.UnknownArrival, out var packed));
                Assert.Equal(EventText.Of(in original, codes), EventText.Of(in packed, codes));
                good++;
            }
            else
            {
                Assert.False(verdict.IsAccepted);
                bad++;
            }
        }

        Assert.InRange(good, 1_500, int.MaxValue);
        Assert.True(stream == "ordinary" || bad > 0);
    }

    [Theory]
    [InlineData(PackedForm.Map)]
    [InlineData(PackedForm.Compact)]
    public async Task PackedEvents_AreReadByAnotherImplementation(PackedForm form)
    {
        PythonScript.OrSkip();
        var packer = new EventPacker(form);
        var lines = GoldenFiles.Lines("ordinary");
        var packed = lines.Select(line => packer.TryPack(line, out var bytes) ? bytes.ToArray() : []).ToList();
        var there = await EngineRun.OverAsync(lines);
        var back = await EngineRun.OverAsync(await FormConverter.ConvertAsync(packed, "ndjson"));
        Assert.Equal(there.Fingerprint, back.Fingerprint);
        TextAssert.SameLines(there.Csv, back.Csv);
    }
}
