namespace KpiStream.Engine.Tests.Codecs;

public sealed class RecordedEventTests
{
    private readonly CodeBook codes = new();

    [Theory]
    [InlineData("ordinary", 4_000)]
    [InlineData("mixed", 1_500)]
    [InlineData("format-2", 200)]
    public void WhatIsWritten_IsReadBackExactly(string stream, int least)
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        var recorded = new RecordedEventDecoder(codes, DecodeLimits.Default);
        var writer = new RecordedEventWriter(codes);
        var count = 0;
        foreach (var line in GoldenFiles.Lines(stream))
        {
            if (!decoder.Decode(line, DecodeLimits.UnknownArrival, out var original).IsAccepted)
            {
                continue;
            }

            count++;
            var written = writer.Write(in original).ToArray();
            Assert.Equal(Verdict.Accepted, recorded.Decode(written, DecodeLimits.UnknownArrival, out var back));
            Assert.Equal(EventText.Of(in original, codes), EventText.Of(in back, codes));
            Assert.Equal(written, writer.Write(in back).ToArray());
        }

        Assert.InRange(count, least, int.MaxValue);
    }

    [Fact]
    public void TheLongestEvent_HasRoom()
    {
        var text40 = new string('p', 40);
        var text32 = new string('u', 32);
        var probe = new DecoderProbe();
        var verdict = probe.Judge($$"""
            {"source":"{{text32}}","case":"c","at":"2099-07-01T00:00:00.999Z","seq":9223372036854775807,"kind":"publication","status":10,
            "procedure":"{{text40}}","field":"{{text40}}",
            "receiving":"{{text32}}","handling":"{{text32}}","channel":"post","filed":"2099-07-01T00:00:00Z","accepted":"2099-07-01T00:00:00Z",
            "due":"2099-07-01T00:00:00Z","ended":"2099-07-01T00:00:00Z",
            "fee":1000000000000,"waived":true,"paid_via":"counter","result":"not_required","signed":true,"returned":"counter","presence":"on_site",
            "digitised":true,"reused":true,"vneid":true,
            "synced":true,"satisfied":false,"parent":"p","components_signed":true,"result_digitised":true,"stored":true,"result_synced":true}
            """);
        Assert.Equal("accepted", verdict);
        Assert.InRange(new RecordedEventWriter(probe.Codes).Write(probe.Decoded).Length, 300, RecordedEventWriter.LongestBytes);
    }

    [Theory]
    [InlineData("9402079B")] // no array of values at all
    [InlineData("9401C400")]
    public void OtherBytes_AreNoRecordedEvent(string hex) =>
        Assert.Equal("malformed", new RecordedEventDecoder(codes, DecodeLimits.Default)
            .Decode(Convert.FromHexString(hex), DecodeLimits.UnknownArrival, out _).ToString());

    [Fact]
    public void CaseCodeAsText_IsNoPseudonym()
    {
        byte[] record = [0x95, 1, 7, 0xa1, (byte)'s', 0xa1, (byte)'c', 0xcf, 0, 0, 0x01, 0x97, 0xc0, 0, 0, 0];
        Assert.Equal("bad_value:case", new RecordedEventDecoder(codes, DecodeLimits.Default).Decode(record, DecodeLimits.UnknownArrival, out _).ToString());
        Assert.Equal("accepted", new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default)
            .Decode(record, DecodeLimits.UnknownArrival, out _).ToString());
    }
}
