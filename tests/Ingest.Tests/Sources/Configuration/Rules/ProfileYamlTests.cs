namespace KpiStream.Ingest.Tests.Sources.Configuration.Rules;

public sealed class ProfileYamlTests
{
    /// <summary>A sound profile; each mistake is made by replacing one of its lines.</summary>
    private const string Sound = """
        id: test
        source: vendor
        kind: feedback
        dates: [iso, empty]
        facts:
          case: {key: ma}
          at: {key: luc, dates: ["dd/MM/yyyy HH:mm:ss"]}
          status: {key: tt, codes: {0: 1, 19: 2}}
          channel: {key: kenh, codes: {null: counter, 2: online}}
          handling: {key: dv, unit: name}
          fee: {key: phi, sum: gia}
          result: {key: kq, having: [a, b], then: electronic, else: none}
          reused: {key: tl, any: dung, codes: {0: false, 1: true}}
          due: {key: hen}
          signed: {key: ky}
          result_synced: {key: dbkq, codes: {1: true, 2: false}}
        """;

    [Fact]
    public void SoundProfile_IsRead()
    {
        var (profile, problems) = Parse(Sound);

        Assert.Empty(problems);
        Assert.Equal(("test", 1, "vendor", 2, false), (profile!.Id, profile.Version, profile.Source, profile.Kind, profile.AtIsArrival));
        Assert.Equal(new DateRule(CaseKey.At, "luc", DateForms.Slashed), RuleOf(profile, CaseKey.At));
        Assert.Equal(new DateRule(CaseKey.Due, "hen", DateForms.Iso | DateForms.Empty), RuleOf(profile, CaseKey.Due));
        Assert.Equal(new PlainRule(CaseKey.Handling, "dv", IsUnitName: true), RuleOf(profile, CaseKey.Handling));
        Assert.Equal(new SumRule(CaseKey.Fee, "phi", "gia"), RuleOf(profile, CaseKey.Fee));
        Assert.Equal(new PlainRule(CaseKey.Signed, "ky"), RuleOf(profile, CaseKey.Signed));
        Assert.True(Assert.IsType<CodeRule>(RuleOf(profile, CaseKey.ResultSynced)).Codes.TryFind("1"u8, out var isSynced) && isSynced == 1);
        var channel = Assert.IsType<CodeRule>(RuleOf(profile, CaseKey.Channel)).Codes;
        Assert.True(channel.TryFind("2"u8, out var online));
        Assert.Equal((1, 2), (channel.WhenNull, online));
        var any = Assert.IsType<AnyItemRule>(RuleOf(profile, CaseKey.Result));
        Assert.Equal((3, 1), (any.Then, any.Else));
        Assert.Equal(["a", "b"], any.Items);
        Assert.NotNull(Assert.IsType<AnyItemRule>(RuleOf(profile, CaseKey.Reused)).Codes);
    }

    [Theory]
    [InlineData("id: test", "id: Test!", "test.yaml:1: id: must be 1 to 40 of a-z")]
    [InlineData("source: vendor", "source: 123456789012345678901234567890123", "test.yaml:2: source: must have 1 to 32 bytes")]
    [InlineData("source: vendor", "", "test.yaml:1: source: must be given here as a constant, or by facts.source")]
    [InlineData("kind: feedback", "kind: feedbak", "test.yaml:3: kind: unknown word 'feedbak'; did you mean 'feedback'? allowed: case, feedback, publication")]
    [InlineData("dates: [iso, empty]", "dates: [ios]",
        "test.yaml:4: dates: unknown form 'ios'; did you mean 'iso'? allowed: yyyyMMddHHmmss, yyyy-MM-dd HH:mm:ss, dd/MM/yyyy HH:mm:ss, iso, empty")]
    [InlineData("dates: [iso, empty]", "dates: [iso]\nat: arrival", "test.yaml:5: at: must be 'record'")]
    [InlineData("dates: [iso, empty]", "dates: [iso]\nat: record", "test.yaml:5: at: must be 'record', or be stated by facts.at, and not both")]
    [InlineData("  case: {key: ma}", "", "facts: must say which key holds the case code")]
    [InlineData("  case: {key: ma}", "  case: {}", "test.yaml:6: facts.case.key: is missing")]
    [InlineData("  case: {key: ma}", "  case: ma", "test.yaml:6: facts.case: must be a list of 'key: value' lines")]
    [InlineData("  case: {key: ma}", "  case: {key: ma, unit: name}", "test.yaml:6: facts.case.unit: unknown key; allowed: key")]
    [InlineData("codes: {0: 1, 19: 2}", "codes: {0: 1, 19: 11}", "test.yaml:8: facts.status.codes.19: unknown value '11' for status; ")]
    [InlineData("codes: {0: 1, 19: 2}", "codes: {}", "test.yaml:8: facts.status.codes")]
    [InlineData("2: online}", "2: onlin}",
        "test.yaml:9: facts.channel.codes.2: unknown value 'onlin' for channel; did you mean 'online'? allowed: counter, online, post")]
    [InlineData("unit: name", "unit: nam", "test.yaml:10: facts.handling.unit: unknown word 'nam'; did you mean 'name'? allowed: code, name")]
    [InlineData("then: electronic", "then: electric", "test.yaml:12: facts.result.then: unknown value 'electric' for result; ")]
    [InlineData(", else: none", "", "test.yaml:12: facts.result.else: is missing")]
    [InlineData("1: true}}", "1: yes}}", "test.yaml:13: facts.reused.codes.1: unknown value 'yes' for reused; allowed: true, false")]
    [InlineData("  signed: {key: ky}", "  sigend: {key: ky}", "test.yaml:15: facts.sigend: unknown key; did you mean 'signed'? allowed: source, case, at")]
    [InlineData("  signed: {key: ky}", "  signed: {key: ky, any: x, codes: {1: true}}\n  kind: {key: k}", "test.yaml:3: kind: is stated by facts.kind already")]
    public void EachMistake_IsNamedWithLineKeyAndWhatIsAllowed(string line, string mistake, string said)
    {
        Assert.Contains(line, Sound);
        var (profile, problems) = Parse(Sound.Replace(line, mistake));

        Assert.Null(profile);
        Assert.Contains(problems, problem => problem.ToString().Contains(said));
    }

    [Fact]
    public void MistakeInAProfile_StopsTheStart()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bad.yaml"), Sound.Replace("then: electronic", "then: paperless"));
        File.WriteAllText(folder.File("kpistream.yaml"), "profiles:\n  - {source: vendor, profile: bad.yaml}\n  - {topic: cases, profile: national}\n");
        var problems = new List<ConfigProblem>();

        Assert.Null(SettingsFile.Load(folder.File("kpistream.yaml"), problems));
        Assert.Contains("bad.yaml:12: facts.result.then: unknown value 'paperless'", Assert.Single(problems).ToString());
    }

    [Fact]
    public void ProfilesOfATopicAndOfSources_AreChosenForTheirRecords()
    {
        var problems = new List<ConfigProblem>();
        var set = ProfileSet.Load([new ProfileChoice("cases", null, "national"), new ProfileChoice(null, "v", "twenty")], problems);

        Assert.Empty(problems);
        var ofTopic = set!.Of("cases", new NoUnits());
        Assert.Equal(("national", "twenty"), (ofTopic.All!.Id, ofTopic.BySource["v"].Id));
        Assert.Null(set.Of("others", new NoUnits()).All);
        Assert.Null(ProfileSet.Load([new ProfileChoice("cases", null, "national"), new ProfileChoice("cases", null, "twenty")], problems));
        Assert.Contains("cases is given two profiles; keep one", Assert.Single(problems).ToString());
    }

    private static PayloadRule RuleOf(SourceProfile profile, CaseKey key) => Assert.Single(profile.Rules, rule => rule.To == key);

    private static (SourceProfile? Profile, List<ConfigProblem> Problems) Parse(string yaml)
    {
        var problems = new List<ConfigProblem>();
        return (ProfileYaml.Parse("test.yaml", yaml, problems), problems);
    }

    private sealed class NoUnits : IUnitNames
    {
        public string? CodeOf(string name) => null;
    }
}
