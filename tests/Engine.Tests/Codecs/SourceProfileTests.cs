namespace KpiStream.Engine.Tests.Codecs;

/// <summary>What profiles can say, beyond what the national payload needs.</summary>
public sealed class SourceProfileTests
{
    private const long Arrival = 1_752_634_800_000; // 2025-07-16T10:00:00+07:00

    private readonly CodeBook codes = new();
    private CaseEvent decoded;

    [Theory]
    [InlineData("20250715103000", "2025-07-15T10:30:00.000+07:00")]
    [InlineData("2025-07-15 10:30:00", "2025-07-15T10:30:00.000+07:00")]
    [InlineData("15/07/2025 10:30:00", "2025-07-15T10:30:00.000+07:00")]
    [InlineData("2025-07-15T10:30:00", "2025-07-15T10:30:00.000+07:00")]
    [InlineData("2025-07-15T10:30:00.1239", "2025-07-15T10:30:00.123+07:00")]
    [InlineData("2025-07-15T10:30:00Z", "2025-07-15T17:30:00.000+07:00")]
    [InlineData("2025-07-15T10:30:00.5-05:30", "2025-07-15T23:00:00.500+07:00")]
    public void EveryDateForm_IsReadAsItsInstant(string text, string instant)
    {
        var all = DateForms.Compact | DateForms.Spaced | DateForms.Slashed | DateForms.Iso | DateForms.Empty;
        Assert.Equal("accepted", Judge(With(new DateRule(CaseKey.Filed, "d", all)), $$"""{"c":"1","d":"{{text}}"}"""));
        Assert.Equal(instant, Engine.Time.InstantText.ToLocalMillis(decoded.Values.Filed));
        Assert.Equal("bad_value:d", Judge(With(new DateRule(CaseKey.Filed, "d", DateForms.Empty)), $$"""{"c":"1","d":"{{text}}"}"""));
    }

    [Theory]
    [InlineData("\"2025071510300\"")]
    [InlineData("\"20251315103000\"")]
    [InlineData("\"2025-07-15 10:30\"")]
    [InlineData("\"2025-07-15 24:30:00\"")]
    [InlineData("\"2025-7-15 10:30:00\"")]
    [InlineData("\"2025-07-15T10:30:00+0700\"")]
    [InlineData("\"2025-07-15T10:30:00.\"")]
    [InlineData("\"31/02/2025 10:30:00\"")]
    [InlineData("\"1999-12-31 10:30:00\"")]
    [InlineData("20250715103000")]
    [InlineData("true")]
    [InlineData("[]")]
    public void OtherDates_AreBadValuesOfThePayloadsKey(string json) =>
        Assert.Equal("bad_value:d",
            Judge(With(new DateRule(CaseKey.Filed, "d", DateForms.Compact | DateForms.Spaced | DateForms.Slashed | DateForms.Iso | DateForms.Empty)),
                $$"""{"c":"1","d":{{json}}}"""));

    [Fact]
    public void EmptyText_ClearsADateOnlyWhereTheProfileSaysSo()
    {
        Assert.Equal("accepted", Judge(With(new DateRule(CaseKey.Due, "d", DateForms.Iso | DateForms.Empty)), """{"c":"1","d":""}"""));
        Assert.True(decoded.States(CaseKey.Due));
        Assert.Equal(0, decoded.Values.Due);
        Assert.Equal("bad_value:d", Judge(With(new DateRule(CaseKey.Due, "d", DateForms.Iso)), """{"c":"1","d":""}"""));
    }

    [Theory]
    [InlineData("4", "accepted")]
    [InlineData("\"4\"", "accepted")]
    [InlineData("\"\\u0034\"", "accepted")]
    [InlineData("4.0", "bad_value:s")]
    [InlineData("\"04\"", "bad_value:s")]
    [InlineData("\"\"", "bad_value:s")]
    [InlineData("{}", "bad_value:s")]
    public void Codes_MatchAsTextHoweverTheyAreWritten(string json, string verdict)
    {
        var rule = new CodeRule(CaseKey.Status, "s", new CodeList([new("4", 9)]));
        Assert.Equal(verdict, Judge(With(rule), $$"""{"c":"1","s":{{json}}}"""));
        Assert.Equal(verdict == "accepted" ? 9 : 0, decoded.Values.PackedValue(CaseKey.Status));
    }

    [Theory]
    [InlineData("true", "accepted", true)]
    [InlineData("\"true\"", "accepted", true)]
    [InlineData("1", "accepted", true)]
    [InlineData("0", "accepted", false)]
    [InlineData("null", "accepted", false)]
    [InlineData("2", "bad_value:f", false)]
    public void Flags_MayBeCodes(string json, string verdict, bool value)
    {
        var rule = new CodeRule(CaseKey.VNeId, "f", new CodeList([new("0", 0), new("1", 1), new("true", 1), new("false", 0)]));
        Assert.Equal(verdict, Judge(With(rule), $$"""{"c":"1","f":{{json}}}"""));
        Assert.Equal(value, decoded.Values.IsTrue(CaseKey.VNeId));
    }

    [Theory]
    [InlineData("""[{"g":"8000"},{"g":2000},{"x":1},{"g":null}]""", "accepted", 10_000)]
    [InlineData("""[{"x":{"g":5}}]""", "accepted", 0)]
    [InlineData("""[{"g":1,"g":2}]""", "accepted", 2)]
    [InlineData("""[{"g":-1}]""", "bad_value:l", 0)]
    [InlineData("""[{"g":"-1"}]""", "bad_value:l", 0)]
    [InlineData("""[{"g":1.5}]""", "bad_value:l", 0)]
    [InlineData("""[{"g":9223372036854775807},{"g":9223372036854775807}]""", "bad_value:l", 0)]
    [InlineData("""[{"g":1000000000001}]""", "bad_value:l", 0)]
    [InlineData("""[[]]""", "bad_value:l", 0)]
    [InlineData("""{"g":1}""", "bad_value:l", 0)]
    public void Sums_AddWhatTheItemsSay(string json, string verdict, long fee)
    {
        Assert.Equal(verdict, Judge(With(new SumRule(CaseKey.Fee, "l", "g")), $$"""{"c":"1","l":{{json}}}"""));
        Assert.Equal(verdict == "accepted" ? fee + 1 : 0, decoded.Values.FeePlusOne);
    }

    [Theory]
    [InlineData("Phường Phố Hiến", "11953")]
    [InlineData("phố hiến", "11953")]
    [InlineData("Xã Tây Thuỵ Anh", "12850")]
    [InlineData("T\\u00e2y Th\\u1ee5y Anh", "12850")]
    [InlineData("11953", "11953")]
    [InlineData("Sở Tư pháp", "33.STP")]
    [InlineData("Sở Ngoại vụ", "Sở Ngoại vụ")]
    [InlineData("", "")]
    public void UnitNames_BecomeCodes_AndOthersStayWhatTheyAre(string name, string code)
    {
        Assert.Equal("accepted", Judge(With(new PlainRule(CaseKey.Handling, "u", IsUnitName: true)), $$"""{"c":"1","u":"{{name}}"}"""));
        Assert.Equal(code, codes.Units.Text(decoded.Values.Handling));
    }

    [Fact]
    public void UnknownUnitName_TooLongForACode_IsABadValue() =>
        Assert.Equal("bad_value:u", Judge(With(new PlainRule(CaseKey.Handling, "u", IsUnitName: true)), """{"c":"1", """
            + """ "u":"Văn phòng đăng ký đất đai tỉnh Hưng Yên"}"""));

    [Fact]
    public void ProfileOfASource_ReadsItsRecordsAndNoOthers()
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default,
            new SourceProfiles { BySource = new Dictionary<string, SourceProfile> { ["v20"] = Shipped.Profile("twenty") } });
        const string Rest = "\"case\":\"1\",\"at\":\"2025-07-15T10:30:00+07:00\",\"status\":14}";
        Assert.Equal("accepted", decoder.Decode(Encoding.UTF8.GetBytes("{\"source\":\"v20\"," + Rest), Arrival, out decoded).ToString());
        Assert.Equal(10, decoded.Values.PackedValue(CaseKey.Status));
        Assert.Equal("v20", codes.Sources.Text(decoded.Values.Source));
        Assert.Equal("bad_value:status", decoder.Decode(Encoding.UTF8.GetBytes("{\"source\":\"other\"," + Rest), Arrival, out _).ToString());
        Assert.Equal("missing:source", decoder.Decode(Encoding.UTF8.GetBytes("{" + Rest), Arrival, out _).ToString());
    }

    [Fact]
    public void TwentyStatuses_AllHaveAMeaning()
    {
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default, new SourceProfiles { All = Shipped.Profile("twenty") });
        for (var status = 0; status < 20; status++)
        {
            var record = $$"""{"source":"v","case":"1","at":"2025-07-15T10:30:00Z","status":{{status}}}""";
            Assert.Equal("accepted", decoder.Decode(Encoding.UTF8.GetBytes(record), Arrival, out _).ToString());
        }

        Assert.Equal("bad_value:status", decoder.Decode("""{"source":"v","case":"1","at":"2025-07-15T10:30:00Z","status":20}"""u8, Arrival, out _).ToString());
    }

    [Fact]
    public void Arrival_IsTheTime_AndRecordsWithoutOneLackIt()
    {
        var profile = With();
        Assert.Equal("accepted", Judge(profile, """{"c":"1","at":"1999"}"""));
        Assert.Equal(Arrival, decoded.Stamp.At);
        Assert.Equal(PseudonymKey.Fixed.Of("1"u8), decoded.Case);
        Assert.Equal("missing:at", Judge(profile, """{"c":"1"}""", DecodeLimits.UnknownArrival));
        Assert.Equal("missing:case", Judge(profile, """{"case":"1"}"""));
    }

    private static SourceProfile With(params PayloadRule[] rules) => new()
    {
        Id = "test",
        Version = 1,
        Source = "t",
        AtIsArrival = true,
        Rules = [new PlainRule(CaseKey.Case, "c"), .. rules],
    };

    private string Judge(SourceProfile profile, string record, long arrival = Arrival)
    {
        var decoder = new EventDecoder(
            codes, PseudonymKey.Fixed, DecodeLimits.Default, new SourceProfiles { All = profile, Units = new UnitAliases(Shipped.Units("hungyen")) });
        var verdict = decoder.Decode(Encoding.UTF8.GetBytes(record), arrival, out var read);
        decoded = verdict.IsAccepted ? read : default;
        return verdict.ToString();
    }
}
