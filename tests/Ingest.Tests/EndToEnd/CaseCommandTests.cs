namespace KpiStream.Ingest.Tests.EndToEnd;

/// <summary>A case found by its code, in a file and in a running serve; the code is in nothing that comes out.</summary>
[Collection(OneBroker.Name)]
[Trait("Category", "Kafka")]
public sealed class CaseCommandTests(OneBroker broker, ITestOutputHelper output) : IDisposable
{
    private const string Online = "000.00.18.H31-250715-0001";
    private const string Counter = "000.00.18.H31-250715-0002";
    private const string Unit = "12595";
    private static readonly DateTimeOffset Day = new(2025, 7, 15, 3, 0, 0, TimeSpan.Zero);

    private static readonly string[] Lines =
    [
        CaseLines.Accepted(Online, Unit, Day), CaseLines.Accepted(Counter, Unit, Day),
        CaseLines.DoneOnline(Online, Day.AddHours(2)), CaseLines.DoneAtTheCounter(Counter, Day.AddHours(3)),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task CaseInAFile_IsShownWithItsStampsAndWhatItLacks()
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var sheet = JsonNode.Parse((await CaseAsync(0, "case", Counter, "cases.ndjson", "--json")).Text)!;

        Assert.Equal("2025-07-15T13:00:00.000+07:00", (string?)sheet["times"]!["ended_at"]);
        Assert.Equal("2025-07-15T10:00:00.000+07:00", (string?)sheet["times"]!["accepted_at"]);
        Assert.Equal((Unit, Unit), ((string)sheet["handling"]!["stated"]!, (string)sheet["receiving"]!["today"]!));
        Assert.Equal(("10", "2025-07-15T13:00:00.000+07:00"), RegisterOf(sheet, "status"));
        Assert.Equal(("online", "2025-07-15T10:00:00.000+07:00"), RegisterOf(sheet, "channel"));
        Assert.Contains("done", sheet["conditions"]!.AsArray().Select(condition => (string)condition!));
        var figure = FigureOf(sheet, "fully_online");
        Assert.Equal((true, false, Unit), ((bool)figure["denominator"]!, (bool)figure["numerator"]!, (string)figure["unit"]!));
        Assert.Contains("returned_remotely", figure["missing"]!.AsArray().Select(item => (string)item!));
        Assert.DoesNotContain("online", figure["missing"]!.AsArray().Select(item => (string)item!));
        Assert.Equal(["kind_feedback", "no due"], FigureOf(sheet, "feedback_on_time")["outside"]!.AsArray().Select(why => (string)why!));
    }

    [Fact]
    public async Task CaseAsText_NamesItsFiguresInVietnamese()
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var text = (await CaseAsync(0, "case", Online, "cases.ndjson")).Text;
        output.WriteLine(text);
        Assert.Matches(@"1 fully_online +\S.*: counts in numerator and denominator of 12595 at 2025-07-15T12:00:00", text);
        Assert.Matches(@"- feedback_on_time .*: does not count \(kind_feedback; no due\)", text);
        Assert.Matches(@"\? stored_result .*: counts in the denominator of 12595 at \S+, never stated: stored", text);
        Assert.Matches(@"status +10 +2025-07-15T12:00:00.000\+07:00 \(0\)", text);
    }

    [Fact]
    public async Task CaseThatIsNotThere_ExitsWith1()
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var run = await CaseAsync(1, "case", Online + "9", "cases.ndjson");
        Assert.Contains("the case is not among the 4 events read", run.Errors);
    }

    [Fact]
    public async Task CodeOnStandardInput_IsTakenFromThere()
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var run = await KpiStreamProcess.ShellAsync($"cd '{folder.Path}'; echo '{Online}' | kpistream case - cases.ndjson");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 fully_online", run.Text);
    }

    [Theory]
    [InlineData("cases.kpirec", "")]
    [InlineData("converted.ndjson", "--pseudonymised ")]
    public async Task PseudonymsThatAreKept_NeedTheirKey(string kept, string option)
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var run = await KpiStreamProcess.ShellAsync(
            $"cd '{folder.Path}'; kpistream convert cases.ndjson cases.kpirec && kpistream convert cases.kpirec converted.ndjson && kpistream case {Counter} "
                + $"{kept} {option}--pseudonym-key cases.kpirec.key");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains("0 fully_online", run.Text);

        var other = await KpiStreamProcess.ShellAsync(
            $"cd '{folder.Path}'; (umask 077; openssl rand -hex 16 > other.key); kpistream case {Counter} {kept} {option}--pseudonym-key other.key");
        Assert.NotEqual(0, other.ExitCode);
        Assert.DoesNotContain("fully_online", other.Text);
        Assert.DoesNotContain("H31-250715", run.Text + run.Errors + other.Errors);
    }

    [Fact]
    public async Task RunningServe_IsAskedByPseudonymAndNeedsTheSameKey()
    {
        var node = broker.OrSkip();
        using var topic = await KafkaTopic.CreateAsync(node.Bootstrap, partitions: 1);
        topic.Put(0, Lines);
        await using var serve = await ServeProcess.OverTopicAsync(folder, node.Bootstrap, topic.Name);
        await serve.UntilReadyAsync();
        string[] ask = ["--url", serve.Url.ToString(), "--pseudonym-key", "kpistream-state/pseudonym.key"];

        var sheet = JsonNode.Parse((await CaseAsync(0, ["case", Counter, .. ask, "--json"])).Text)!;
        Assert.Equal(("10", "2025-07-15T13:00:00.000+07:00"), RegisterOf(sheet, "status"));
        Assert.Contains("0 fully_online", (await CaseAsync(0, ["case", Counter, .. ask])).Text);
        Assert.Contains("knows no such case", (await CaseAsync(1, ["case", Counter + "9", .. ask])).Errors);

        await File.WriteAllTextAsync(folder.File("other.key"), new string('a', 32));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.File("other.key"), UnixFileMode.UserRead);
        }

        Assert.Contains("that the key is the server's",
            (await CaseAsync(1, [.. ask[..2].Prepend(Counter).Prepend("case"), "--pseudonym-key", "other.key"])).Errors);
        Assert.Contains("needs the key the pseudonyms were made with", (await CaseAsync(3, "case", Counter, "--url", serve.Url.ToString())).Errors);

        using var mistyped = await serve.Http.GetAsync($"/api/v1/cases/{Counter}");
        Assert.Equal(400, (int)mistyped.StatusCode);
        Assert.DoesNotContain(Counter, await mistyped.Content.ReadAsStringAsync());
        Assert.DoesNotContain("H31-250715", serve.ToString());
        Assert.DoesNotContain((await File.ReadAllTextAsync(folder.File("kpistream-state/pseudonym.key")))
            .Trim(), await serve.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task NobodyAtTheAddress_ExitsWith4()
    {
        await File.WriteAllLinesAsync(folder.File("cases.ndjson"), Lines);
        var run = await KpiStreamProcess.ShellAsync($"KPISTREAM_PSEUDONYM_KEY={new string('a', 32)} kpistream case {Online} --url http://127.0.0.1:1");
        Assert.Equal(4, run.ExitCode);
        Assert.Equal("kpistream: http://127.0.0.1:1: it cannot be reached; check --url and that serve runs there.\n", run.Errors);
    }

    private async Task<ProgramResult> CaseAsync(int exit, params string[] arguments)
    {
        var run = await KpiStreamProcess.RunInAsync(folder.Path, arguments);
        Assert.True(run.ExitCode == exit, $"exit {run.ExitCode}: {run.Errors}");
        Assert.DoesNotContain("H31-250715", run.Text + run.Errors);
        return run;
    }

    private static (string? Value, string? At) RegisterOf(JsonNode sheet, string key) =>
        sheet["registers"]!.AsArray().Where(register => (string?)register!["key"] == key)
            .Select(register => ((string?)register!["value"], (string?)register["at"])).Single();

    private static JsonNode FigureOf(JsonNode sheet, string kpi) => sheet["figures"]!.AsArray().Single(figure => (string?)figure!["kpi"] == kpi)!;
}
