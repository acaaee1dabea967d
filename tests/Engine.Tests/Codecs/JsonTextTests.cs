namespace KpiStream.Engine.Tests.Codecs;

/// <summary>Text keys: lengths in UTF-8 bytes after unescaping, empty strings, escapes, surrogates.</summary>
public sealed class JsonTextTests
{
    private readonly DecoderProbe probe = new();

    public static TheoryData<string, int> LongestTexts => new()
    {
        { "source", 32 }, { "case", 64 }, { "procedure", 40 }, { "field", 40 }, { "receiving", 32 }, { "handling", 32 }, { "parent", 64 },
    };

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void TextOfTheLongestLength_IsReadAndOneByteMoreIsABadValue(string key, int longest)
    {
        Assert.Equal("accepted", probe.JudgeKey(key, Quoted(new string('x', longest))));
        Assert.Equal(Expected(key, new string('x', longest)), probe.Fact(key));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(new string('x', longest + 1))));
    }

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void Lengths_AreBytesNotCharacters(string key, int longest)
    {
        // U+1ED3 takes three bytes in UTF-8 and one UTF-16 unit; U+1F600 takes four bytes and a surrogate pair.
        var threes = new string('ồ', longest / 3) + new string('x', longest % 3);
        Assert.Equal("accepted", probe.JudgeKey(key, Quoted(threes)));
        Assert.Equal(Expected(key, threes), probe.Fact(key));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(threes + "x")));

        var fours = string.Concat(Enumerable.Repeat("😀", longest / 4));
        Assert.Equal("accepted", probe.JudgeKey(key, Quoted(fours)));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(fours + "x")));
    }

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void Lengths_AreCountedAfterUnescaping(string key, int longest)
    {
        Assert.Equal("accepted", probe.JudgeKey(key, Quoted(Repeat("\\u0078", longest))));
        Assert.Equal(Expected(key, new string('x', longest)), probe.Fact(key));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(Repeat("\\u0078", longest + 1))));
        Assert.Equal("accepted", probe.JudgeKey(key, Quoted(Repeat("\\ud83d\\ude00", longest / 4))));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(Repeat("\\ud83d\\ude00", longest / 4) + "\\n")));
    }

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void AnEmptyString_IsNullInOptionalKeysAndABadValueInRequiredOnes(string key, int longest)
    {
        Assert.True(longest > 0);
        var required = key is "source" or "case";
        Assert.Equal(required ? "bad_value:" + key : "accepted", probe.JudgeKey(key, "\"\""));
        Assert.Equal(required ? null : "null", required ? null : probe.Fact(key));
    }

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void WrongTypes_AreBadValues(string key, int longest)
    {
        Assert.True(longest > 0);
        Assert.All(["0", "1", "12688", "true", "false", "[]", "{}", "1.5", "[\"x\"]"], value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));
    }

    [Theory]
    [MemberData(nameof(LongestTexts))]
    public void LoneSurrogates_AreBadValuesWhereverTheyStand(string key, int longest)
    {
        Assert.True(longest > 0);
        string[] lone =
        [
            "\\ud800", "\\udfff", "\\uD83D", "a\\ud83d", "\\ud83da", "\\ud83d\\n", "\\ud83d\\ud83d\\ude00", "\\ude00\\ud83d", "\\ud83d\\u0041",
                "\\ud83d\\\\ude00",
        ];
        Assert.All(lone, text => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, Quoted(text))));
    }

    [Fact]
    public void EveryEscape_IsResolved()
    {
        Assert.Equal("accepted", probe.JudgeKey("field", """ "\"\\\/\b\f\n\r\t\u00e9\u1ED3\ud83d\ude00\u0000" """));
        Assert.Equal("\"\\/\b\f\n\r\té" + "ồ" + "😀\0", probe.Codes.Fields.Text(1));
    }

    [Theory]
    [InlineData("2.000815 ")]
    [InlineData(" 2.000815")]
    [InlineData("Hồ")]
    [InlineData("Ho\u0302\u0300")]
    public void Text_IsNeitherTrimmedNorNormalised(string text)
    {
        Assert.Equal("accepted", probe.JudgeKey("procedure", Quoted(text)));
        Assert.Equal(text, probe.Fact("procedure"));
    }

    [Fact]
    public void ReceivingAndHandling_ShareOneTableOfUnits()
    {
        Assert.Equal("accepted", probe.JudgeWith("\"receiving\":\"00123\",\"handling\":\"\\u00300123\""));
        Assert.Equal(1, probe.Codes.Units.Count);
        Assert.Equal("00123", probe.Fact("handling"));
    }

    [Fact]
    public void TheSameCodeEscapedAndPlain_HasOnePseudonym()
    {
        Assert.Equal("accepted", probe.JudgeKey("case", "\"h\\u1ed3 s\\u01a1/1\""));
        var escaped = probe.Decoded.Case;
        Assert.Equal("accepted", probe.JudgeKey("case", "\"hồ sơ/1\""));
        Assert.Equal(escaped, probe.Decoded.Case);
        Assert.Equal(PseudonymKey.Fixed.Of("hồ sơ/1"u8), escaped);
    }

    private static string Expected(string key, string text) =>
        key is "case" or "parent" ? PseudonymKey.Fixed.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString() : text;

    private static string Quoted(string text) => $"\"{text}\"";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
