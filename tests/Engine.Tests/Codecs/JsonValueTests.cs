
namespace KpiStream.Engine.Tests.Codecs;

/// <summary>Numbers, words and flags: every legal and illegal form.</summary>
public sealed class JsonValueTests
{
    private readonly DecoderProbe probe = new();

    public static TheoryData<string, string> Vocabularies => new()
    {
        { "kind", "case feedback publication" },
        { "channel", "counter online post" },
        { "paid_via", "none national local counter" },
        { "result", "none paper electronic not_required" },
        { "returned", "none online post counter" },
        { "presence", "none visit paper on_site" },
    };

    public static TheoryData<string> Flags =>
        ["waived", "signed", "digitised", "reused", "vneid", "synced", "satisfied", "components_signed", "result_digitised", "stored", "result_synced"];

    public static TheoryData<string> EveryKeyButVersion =>
    [
        "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due", "ended",
        "fee", "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced",
    ];

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void EveryWordOfAVocabulary_IsReadAsItself(string key, string words)
    {
        foreach (var word in words.Split(' '))
        {
            Assert.Equal("accepted", probe.JudgeKey(key, $"\"{word}\""));
            Assert.Equal(word, probe.Fact(key));
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void WordsFullyEscaped_AreReadAsThemselves(string key, string words)
    {
        foreach (var word in words.Split(' '))
        {
            var escaped = string.Concat(word.Select(letter => $"\\u{(int)letter:X4}"));
            Assert.Equal("accepted", probe.JudgeKey(key, $"\"{escaped}\""));
            Assert.Equal(word, probe.Fact(key));
        }
    }

    [Theory]
    [MemberData(nameof(Vocabularies))]
    public void AnythingButAWordOfTheVocabulary_IsABadValue(string key, string words)
    {
        var first = words.Split(' ')[0];
        string[] wrong =
        [
            "\"\"", "\"unknown\"", $"\"{first.ToUpperInvariant()}\"", $"\"{first} \"", $"\" {first}\"", $"\"{first}\\u0000\"", $"\"{first[..^1]}\"",
                $"\"{words}\"",
            "0", "1", "true", "false", "[]", "{}", $"[\"{first}\"]", "\"\\ud800\"", "\"case\\udc00\"", $"\"{new string('x', 100)}\"",
                $"\"\\u0061{new string('x', 100)}\"",
        ];
        Assert.All(wrong, value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void AFlag_IsTrueOrFalseAndNothingElse(string key)
    {
        foreach (var value in new[] { "true", "false" })
        {
            Assert.Equal("accepted", probe.JudgeKey(key, value));
            Assert.Equal(value, probe.Fact(key));
        }

        Assert.All(["\"true\"", "\"\"", "0", "1", "-0", "[]", "{}", "[true]"], value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));
    }

    [Theory]
    [InlineData("status", "1", "1")]
    [InlineData("status", "10", "10")]
    [InlineData("seq", "0", "0")]
    [InlineData("seq", "-0", "0")]
    [InlineData("seq", "9223372036854775807", "9223372036854775807")]
    [InlineData("fee", "0", "0")]
    [InlineData("fee", "-0", "0")]
    [InlineData("fee", "1000000000000", "1000000000000")]
    public void IntegersAtTheirBounds_AreRead(string key, string written, string read)
    {
        Assert.Equal("accepted", probe.JudgeKey(key, written));
        Assert.Equal(read, probe.Fact(key));
    }

    [Theory]
    [InlineData("status", "0", "11", "-0", "-1", "99")]
    [InlineData("seq", "-1", "9223372036854775808", "-9223372036854775808", "18446744073709551616")]
    [InlineData("fee", "-1", "1000000000001", "9223372036854775807", "9223372036854775808")]
    public void IntegersBeyondTheirBounds_AreBadValues(string key, params string[] written) =>
        Assert.All(written, value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));

    [Theory]
    [InlineData("status")]
    [InlineData("seq")]
    [InlineData("fee")]
    public void NumbersThatAreNotWrittenAsIntegers_AreBadValues(string key)
    {
        string[] wrong =
        [
            "1.0", "1e0", "1E0", "1e+0", "10e-1", "0.0", "-0.0", "0e0", "1.5", "\"1\"", "\"\"", "true", "[]", "{}", "[1]", "123456789012345678901234567890",
            "-123456789012345678901234567890", "1e400",
        ];
        Assert.All(wrong, value => Assert.Equal("bad_value:" + key, probe.JudgeKey(key, value)));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-")]
    [InlineData("1e")]
    [InlineData("0x1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1_0")]
    [InlineData("--1")]
    public void NumbersJsonDoesNotHave_AreMalformedInKnownAndUnknownKeys(string written)
    {
        Assert.Equal("malformed", probe.JudgeKey("fee", written));
        Assert.Equal("malformed", probe.JudgeKey("unknown", written));
    }

    [Theory]
    [MemberData(nameof(EveryKeyButVersion))]
    public void Null_ClearsAFactAndMissesARequiredKey(string key)
    {
        if (key is "source" or "case" or "at")
        {
            Assert.Equal("missing:" + key, probe.JudgeKey(key, "null"));
            return;
        }

        Assert.Equal("accepted", probe.JudgeKey(key, "null"));
        Assert.Equal(key == "seq" ? "0" : "null", probe.Fact(key));
    }

    [Theory]
    [MemberData(nameof(EveryKeyButVersion))]
    public void AnObjectOrArray_IsABadValueOfEveryKey(string key)
    {
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, "{\"source\":\"x\"}"));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(key, "[null]"));
    }

    [Theory]
    [MemberData(nameof(EveryKeyButVersion))]
    public void AKeyThatIsAbsent_SaysNothing(string key)
    {
        Assert.Equal("accepted", probe.Judge($"{{{DecoderProbe.Minimal}}}"));
        string? expected = key switch
        {
            "source" => "hy",
            "at" => "1751328000000",
            "seq" => "0",
            "case" => KpiStream.Engine.Codecs.PseudonymKey.Fixed.Of("c1"u8).ToString(),
            _ => null,
        };
        Assert.Equal(expected, probe.Fact(key));
    }

    [Fact]
    public void OneEventWithEveryKey_HoldsEveryValue()
    {
        const string Members = """
            "v":1,"seq":7,"kind":"feedback","status":9,"procedure":"2.000815","field":"G15","receiving":"00123","handling":"11953","channel":"post",
            "filed":"2025-07-01T00:00:01Z","accepted":"2025-07-01T00:00:02Z","due":"2025-07-01T00:00:03Z","ended":"2025-07-01T00:00:04Z","fee":5,"waived":true,
            "paid_via":"local","result":"paper","signed":false,"returned":"counter","presence":"on_site","digitised":true,"reused":false,"vneid":true,
            "synced":false,"satisfied":true,"parent":"p1","components_signed":true,"result_digitised":false,"stored":true,"result_synced":false
            """;
        Assert.Equal("accepted", probe.JudgeWith(Members));
        var expected = $"""
            case={KpiStream.Engine.Codecs.PseudonymKey.Fixed.Of("c1"u8)}
            at=1751328000000
            seq=7
            source=hy
            kind=feedback
            status=9
            procedure=2.000815
            field=G15
            receiving=00123
            handling=11953
            channel=post
            filed=1751328001000
            accepted=1751328002000
            due=1751328003000
            ended=1751328004000
            fee=5
            waived=true
            paid_via=local
            result=paper
            signed=false
            returned=counter
            presence=on_site
            digitised=true
            reused=false
            vneid=true
            synced=false
            satisfied=true
            parent={KpiStream.Engine.Codecs.PseudonymKey.Fixed.Of("p1"u8)}
            components_signed=true
            result_digitised=false
            stored=true
            result_synced=false
            """;
        Assert.Equal(expected, probe.Facts());
    }
}
