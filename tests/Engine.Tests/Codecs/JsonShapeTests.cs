namespace KpiStream.Engine.Tests.Codecs;

/// <summary>What is legal JSON, legal UTF-8, not too deep and not too long, in known keys and in skipped ones.</summary>
public sealed class JsonShapeTests
{
    private readonly DecoderProbe probe = new();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("[{\"source\":\"hy\",\"case\":\"c1\",\"at\":\"2025-07-01T00:00:00Z\"}]")]
    [InlineData("true")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{,}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1}{")]
    [InlineData("{\"a\":1} {\"a\":1}")]
    [InlineData("{\"a\":1},")]
    [InlineData("{\"a\":1}\0")]
    [InlineData("\0{\"a\":1}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[1}")]
    [InlineData("{\"a\":{]}")]
    [InlineData("{\"a\":tru}")]
    [InlineData("{\"a\":True}")]
    [InlineData("{\"a\":nulll}")]
    [InlineData("{\"a\":undefined}")]
    [InlineData("{/* a remark */\"a\":1}")]
    [InlineData("{\"a\":1}// a remark")]
    [InlineData("\uFEFF{\"a\":1}")]
    [InlineData("\u00A0{\"a\":1}")]
    [InlineData("\f{\"a\":1}")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    [InlineData("{\"a\":\"\n\"}")]
    [InlineData("{\"\u001f\":1}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u00g0\"}")]
    [InlineData("{\"a\":\"\\u00\"}")]
    [InlineData("{\"a\":\"\\U0041\"}")]
    [InlineData("{\"\\q\":1}")]
    [InlineData("{\"\\u12\":1}")]
    [InlineData("{\"a\":\"open}")]
    public void WhatIsNotOneLegalObject_IsMalformed(string record) => Assert.Equal("malformed", probe.Judge(record));

    [Fact]
    public void EveryPrefixOfAnEvent_IsMalformed()
    {
        var whole = Encoding.UTF8.GetBytes($"{{{DecoderProbe.Minimal},\"x\":[1,{{\"y\":\"\\u0061\\n\"}},true,null,-1.5e3]}}");
        Assert.Equal("accepted", probe.Judge(whole));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal("malformed", probe.Judge(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void WhiteSpaceBetweenTokens_IsFree()
    {
        const string Spaced = "\t\r\n {\r\n\"source\"\t:\n\"hy\" , \"case\":\r\"c1\",\"at\" : \"2025-07-01T00:00:00Z\"\n,\"x\" : [ 1 , { } , [ ] ] } \t\r\n";
        Assert.Equal("accepted", probe.Judge(Spaced));
    }

    [Fact]
    public void ACarriageReturnAtTheEnd_IsWhiteSpace() => Assert.Equal("accepted", probe.Judge($"{{{DecoderProbe.Minimal}}}\r"));

    [Fact]
    public void UnknownKeysOfAnyShape_AreSkipped()
    {
        const string Members = """
            "ChuHoSo":"Nguyễn Văn A \"x\" {[","nested":{"source":null,"at":7,"a":[1,2,{"b":"}]"}]},"":1,"Source":2,"source ":3,"sources":4,"V":5,"big":1e400,
            "many":[[],{},[{}],"\ud800","\udc00x",123456789012345678901234567890,-0,1.5e-7],"\ud800":"a lone surrogate in a key's name"
            """;
        Assert.Equal("accepted", probe.JudgeWith(Members));
        Assert.Equal(1, probe.InternedCodes());
    }

    [Theory]
    [InlineData(63, "accepted")]
    [InlineData(64, "malformed")]
    [InlineData(65, "malformed")]
    [InlineData(2_000, "malformed")]
    public void NestingInAnUnknownKey_MayReachDepth64(int inside, string verdict)
    {
        Assert.Equal(verdict, probe.JudgeKey("unknown", Nested(inside, '[', ']')));
        Assert.Equal(verdict, probe.JudgeKey("unknown", string.Concat(Enumerable.Repeat("{\"a\":", inside - 1)) + "{}" + new string('}', inside - 1)));
    }

    [Theory]
    [InlineData("case")]
    [InlineData("fee")]
    [InlineData("parent")]
    [InlineData("v")]
    public void NestingInAKnownKey_IsJudgedForDepthBeforeMeaning(string key)
    {
        Assert.Equal(key == "v" ? "unsupported_version" : "bad_value:" + key, probe.JudgeKey(key, Nested(63, '[', ']')));
        Assert.Equal("malformed", probe.JudgeKey(key, Nested(64, '[', ']')));
        Assert.Equal("malformed", probe.JudgeWith($"\"{key}\":{Nested(64, '[', ']')},\"{key}\":null"));
    }

    [Theory]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xC1, 0xBF })]
    [InlineData(new byte[] { 0xE0, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xBF, 0xBF })]
    [InlineData(new byte[] { 0xF0, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xFE })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xE1, 0xBB })]
    public void BytesThatAreNotUtf8_AreMalformedWhereverTheyStand(byte[] wrong)
    {
        byte[] Record(string before, string after) => [.. Encoding.UTF8.GetBytes(before), .. wrong, .. Encoding.UTF8.GetBytes(after)];
        var start = $"{{{DecoderProbe.Minimal},";
        Assert.Equal("malformed", probe.Judge(Record(start + "\"field\":\"", "\"}")));
        Assert.Equal("malformed", probe.Judge(Record(start + "\"unknown\":\"", "\"}")));
        Assert.Equal("malformed", probe.Judge(Record(start + "\"", "\":1}")));
        Assert.Equal("malformed", probe.Judge(Record(start + "\"field\":\"", "\",\"field\":null}")));
        Assert.Equal("malformed", probe.Judge(Record(start + "\"a\":1}", "")));
        Assert.Equal("malformed", probe.Judge(Record(start, "\"a\":1}")));
    }

    [Fact]
    public void ARecordAtTheLimit_IsReadAndOneByteMoreIsTooLarge()
    {
        var bare = $"{{{DecoderProbe.Minimal},\"pad\":\"\"}}";
        string Padded(int length) => bare.Replace("\"pad\":\"\"", $"\"pad\":\"{new string('p', length - bare.Length)}\"");
        Assert.Equal("accepted", probe.Judge(Padded(65_536)));
        Assert.Equal("too_large", probe.Judge(Padded(65_537)));
        var small = new DecoderProbe(new DecodeLimits { MaxRecordBytes = 100 });
        Assert.Equal("accepted", small.Judge(Padded(100)));
        Assert.Equal("too_large", small.Judge(Padded(101)));
    }

    private static string Nested(int depth, char open, char close) => new string(open, depth) + new string(close, depth);
}
