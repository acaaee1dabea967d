using KpiStream.Tests.Support.Canaries;

namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>
/// Nothing personal gets past the decoder: planted citizens are in every key and every nested place of all forms, valid and malformed, and appear in nothing
/// that the real program writes or says.
/// </summary>
public sealed class PersonalDataTests(ITestOutputHelper output)
{
    // A million with KPISTREAM_TEST_EFFORT=50.
    private static readonly int Events = LongRuns.Scale(6_000);

    public static TheoryData<string, string> Runs => new()
    {
        { "json", "replay" }, { "json", "recount" }, { "packed", "replay" }, { "packed", "recount" }, { "national", "replay" }, { "national", "recount" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task PlantedCitizens_AppearInNothingACommandWrites(string form, string command)
    {
        using var input = new TemporaryFolder();
        using var work = new TemporaryFolder();
        var source = Plant(form, input);
        string[] letters = command == "replay" ? ["--dead-letters", "letters.ndjson", "--shards", "2"] : [];
        string[] profile = form == "national" ? ["--profile", Profile(input)] : [];
        var run = await KpiStreamProcess.RunInAsync(
            work.Path, [command, source, "--periods", CountedFigures.AllPeriods, "--rollup", "--export", "figures.csv", "--report", "report.json", "--json",
                .. letters, .. profile]);
        run.MustSucceed();

        var report = JsonNode.Parse(await File.ReadAllTextAsync(work.File("report.json")))!;
        output.WriteLine(report.ToJsonString());
        AssertBothKinds(report, form);
        Assert.Empty(CanarySearch.InFiles(work.Path));
        Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(run.Text + run.Errors)));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("packed")]
    [InlineData("national")]
    public async Task PlantedCitizens_AppearInNoRecording_NorInWhatItIsConvertedTo(string form)
    {
        using var input = new TemporaryFolder();
        using var work = new TemporaryFolder();
        string[] profile = form == "national" ? ["--profile", Profile(input)] : [];
        foreach (var arguments in (string[][])[
            ["convert", Plant(form, input), "a.kpirec", .. profile], ["convert", "a.kpirec", "b.ndjson"],
                ["replay", "a.kpirec", "--export", "a.csv", "--report", "a.json"]])
        {
            var run = await KpiStreamProcess.RunInAsync(work.Path, arguments);
            run.MustSucceed();
            Assert.Empty(CanarySearch.In(Encoding.UTF8.GetBytes(run.Text + run.Errors)));
        }

        Assert.InRange((long)JsonNode.Parse(await File.ReadAllTextAsync(work.File("a.json")))!["events"]!, Events / 3, Events);
        Assert.Empty(CanarySearch.InFiles(work.Path));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("packed")]
    [InlineData("national")]
    public void TheInput_IsFullOfThem(string form)
    {
        using var input = new TemporaryFolder();
        Plant(form, input, 400);
        var found = CanarySearch.InFiles(input.Path);
        Assert.All(Canary.Marks, mark => Assert.Contains(found, what => what.Contains($"'{mark}' at")));
    }

    [Fact]
    public void EveryFormOfEveryMark_IsFoundWhereverItStands()
    {
        Assert.Empty(CanarySearch.In("Nguyễn Văn An, 033204001234, 0912345678"u8));
        foreach (var (what, bytes) in CanarySearch.Forms)
        {
            Assert.Contains(CanarySearch.In([1, 2, .. bytes, 3]), found => found.StartsWith(what));
        }

        for (var before = 0; before < 9; before++)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('x', before) + new Canary(17).Everything + new string('y', before)));
            Assert.All(Canary.Marks, mark =>
                Assert.Contains(CanarySearch.In(Encoding.ASCII.GetBytes(text)), found => found.StartsWith($"'{mark}' in base64")));
        }
    }

    /// <summary>Valid and rejected events were read, the rejected ones for every reason that a file can give.</summary>
    private static void AssertBothKinds(JsonNode report, string form)
    {
        var reasons = report["rejected"]!.AsObject().Select(reason => reason.Key).ToHashSet();
        Assert.InRange((long)report["events"]!, form == "packed" ? Events / 2 : Events, long.MaxValue);
        Assert.InRange((long)report["applied"]!, Events / 3, Events);
        Assert.InRange(reasons.Count(reason => reason.StartsWith("bad_value:")), form == "national" ? 17 : 26, 40);
        Assert.Contains("malformed", reasons);
        Assert.Contains("too_large", reasons);
    }

    private static string Plant(string form, TemporaryFolder folder, int? events = null)
    {
        var numbers = Enumerable.Range(1, events ?? Events);
        if (form != "packed")
        {
            return folder.Write("input.ndjson", numbers.Select(number => form == "json" ? CanaryRecords.Json(number) : CanaryRecords.National(number)));
        }

        // Values stand one behind the other: what is malformed by its shape would end what can be read.
        using var file = File.Create(folder.File("input.msgpack"));
        foreach (var number in numbers)
        {
            file.Write(CanaryRecords.IsMalformed(number) ? CanaryRecords.PackedMalformed(number) : CanaryRecords.Packed(number));
        }

        return file.Name;
    }

    /// <summary>The shipped national profile with the time from a key, because files have no record timestamp.</summary>
    private static string Profile(TemporaryFolder folder)
    {
        var text = Shipped.Text("profile-national.yaml").Replace("\nat: record\n", "\n")
            .Replace("\nfacts:\n", "\nfacts:\n  at: {key: ThoiDiemCapNhat}\n");
        File.WriteAllText(folder.File("profile.yaml"), text);
        return folder.File("profile.yaml");
    }
}
