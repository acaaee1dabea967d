namespace KpiStream.Engine.Tests.Codecs;

/// <summary>Names of keys, repeated keys, versions, required keys, and which reason goes first.</summary>
public sealed class JsonKeyTests
{
    private static readonly string[] TableOrder =
    [
        "source", "case", "at", "seq", "kind", "status", "procedure", "field", "receiving", "handling", "channel", "filed", "accepted", "due", "ended",
        "fee", "waived", "paid_via", "result", "signed", "returned", "presence", "digitised", "reused", "vneid", "synced", "satisfied", "parent",
        "components_signed", "result_digitised", "stored", "result_synced",
    ];

    private readonly DecoderProbe probe = new();

    public static TheoryData<string> EveryKey => [.. TableOrder];

    [Theory]
    [MemberData(nameof(EveryKey))]
    public void AnEscapedName_IsTheNameItself(string key)
    {
        // An object is a bad value of every key, so this verdict shows which key was recognised.
        var firstLetter = $"\\u{(int)key[0]:x4}{key[1..]}";
        var allLetters = string.Concat(key.Select(letter => $"\\u{(int)letter:X4}"));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(firstLetter, "{}"));
        Assert.Equal("bad_value:" + key, probe.JudgeKey(allLetters, "{}"));
    }

    [Fact]
    public void TheEscapedVersionKey_IsTheVersion() => Assert.Equal("unsupported_version", probe.JudgeKey("\\u0076", "2"));

    [Theory]
    [MemberData(nameof(EveryKey))]
    public void NamesThatOnlyResembleAKey_AreUnknown(string key)
    {
        string[] others = [key.ToUpperInvariant(), key + " ", " " + key, key + "\\u0000", key[..^1], key + key[^1], key + "\\ud800", "\\ud800" + key,
            key + "\u0301"];
        Assert.All(others.Except(TableOrder), other => Assert.Equal("accepted", probe.JudgeKey(other, "{}")));
    }

    [Theory]
    [MemberData(nameof(EveryKey))]
    public void OfARepeatedKey_OnlyTheLastValueIsJudged(string key)
    {
        Assert.Equal("accepted", probe.JudgeWith("\"parent\":\"p\""));
        var good = key switch
        {
            "source" or "case" or "procedure" or "field" or "receiving" or "handling" or "parent" => "\"x\"",
            "at" or "filed" or "accepted" or "due" or "ended" => "\"2025-07-01T00:00:00Z\"",
            "kind" => "\"case\"",
            "channel" => "\"post\"",
            "paid_via" or "result" or "returned" or "presence" => "\"none\"",
            "seq" or "status" or "fee" => "3",
            _ => "true",
        };
        Assert.Equal("accepted", probe.JudgeWith($"\"{key}\":{{}},\"\\u{(int)key[0]:x4}{key[1..]}\":null,\"{key}\":{good}"));
        Assert.Equal("bad_value:" + key, probe.JudgeWith($"\"{key}\":{good},\"{key}\":{{}}"));
    }

    [Fact]
    public void OfARepeatedKey_TheLastValueIsUsed()
    {
        Assert.Equal("accepted", probe.JudgeWith("\"fee\":1,\"fee\":2,\"field\":\"a\",\"\\u0066ield\":\"b\",\"status\":3,\"status\":null"));
        Assert.Equal("2", probe.Fact("fee"));
        Assert.Equal("b", probe.Fact("field"));
        Assert.Equal("null", probe.Fact("status"));
        Assert.Equal(1, probe.Codes.Fields.Count);
        Assert.Equal("missing:case", probe.JudgeWith("\"case\":null"));
        Assert.Equal("unsupported_version", probe.JudgeWith("\"v\":1,\"v\":2"));
        Assert.Equal("accepted", probe.JudgeWith("\"v\":2,\"v\":1"));
        Assert.Equal("accepted", probe.JudgeWith("\"v\":2,\"v\":null"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    public void VersionOneOrNull_IsAccepted(string version) => Assert.Equal("accepted", probe.JudgeKey("v", version));

    [Theory]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("10")]
    [InlineData("11111111111111111111111111")]
    [InlineData("\"1\"")]
    [InlineData("\"\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void AnyOtherVersion_IsUnsupported(string version) => Assert.Equal("unsupported_version", probe.JudgeKey("v", version));

    [Theory]
    [InlineData("{}", "source")]
    [InlineData("""{"case":"c","at":"2025-07-01T00:00:00Z"}""", "source")]
    [InlineData("""{"source":null,"case":"c","at":"2025-07-01T00:00:00Z"}""", "source")]
    [InlineData("""{"source":"s","at":"2025-07-01T00:00:00Z"}""", "case")]
    [InlineData("""{"source":"s","case":null,"at":"2025-07-01T00:00:00Z"}""", "case")]
    [InlineData("""{"source":"s","case":"c"}""", "at")]
    [InlineData("""{"source":"s","case":"c","at":null}""", "at")]
    [InlineData("""{"at":null}""", "source")]
    [InlineData("""{"source":7}""", "case")]
    public void ARequiredKeyAbsentOrNull_IsMissing(string record, string key) => Assert.Equal("missing:" + key, probe.Judge(record));

    [Fact]
    public void Reasons_ComeInTheOrderOfTheContract()
    {
        // Each record has the fault named and every fault that comes later.
        var strict = new DecoderProbe(new Engine.Codecs.DecodeLimits { KnownSources = ["known"], MaxRecordBytes = 300 });
        const long Arrival = 946_684_800_000;
        const string Late = "\"at\":\"2025-07-01T00:00:00Z\"";
        Assert.Equal("too_large", strict.Judge("{\"v\":2,\"fee\":\"" + new string('x', 300), Arrival));
        Assert.Equal("malformed", strict.Judge("{\"v\":2,\"fee\":-1,", Arrival));
        Assert.Equal("unsupported_version", strict.Judge("{\"v\":2,\"fee\":-1}", Arrival));
        Assert.Equal("missing:source", strict.Judge("{\"fee\":-1}", Arrival));
        Assert.Equal("missing:case", strict.Judge("{\"source\":{},\"fee\":-1}", Arrival));
        Assert.Equal("missing:at", strict.Judge("{\"source\":{},\"case\":{},\"fee\":-1}", Arrival));
        Assert.Equal("bad_value:fee", strict.Judge($"{{\"source\":\"s\",\"case\":\"c\",\"fee\":-1,{Late}}}", Arrival));
        Assert.Equal("from_the_future", strict.Judge($"{{\"source\":\"s\",\"case\":\"c\",{Late}}}", Arrival));
        Assert.Equal("unknown_source", strict.Judge($"{{\"source\":\"s\",\"case\":\"c\",{Late}}}"));
        Assert.Equal("accepted", strict.Judge($"{{\"source\":\"known\",\"case\":\"c\",{Late}}}"));
    }

    [Fact]
    public void OfSeveralBadValues_TheFirstInTheTableIsNamed()
    {
        for (var first = 0; first < TableOrder.Length; first++)
        {
            // Written backwards, so that the order in the record cannot be what decides.
            var bad = string.Join(',', TableOrder.Skip(first).Reverse().Select(key => $"\"{key}\":{{}}"));
            Assert.Equal("bad_value:" + TableOrder[first], probe.JudgeWith(bad));
        }
    }
}
