using KpiStream.Engine.Boards;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Boards;

/// <summary>What a case's sheet says it counts is what the naive recount counts of it.</summary>
public sealed class CaseSheetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("ordinary")]
    [InlineData("mixed")]
    public async Task EveryCaseOfAStream_CountsWhereTheRecountCountsIt(string stream)
    {
        var options = new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), Shards = 3, NowFollowsEvents = true };
        var recount = new NaiveRecount(options.Codes, options.Rulebook, options.Directory);
        var decoder = new EventDecoder(options.Codes, options.PseudonymKey, DecodeLimits.Default);
        await using var engine = new StreamEngine(options);
        var intake = engine.OpenIntake("test");
        var cases = new HashSet<CaseId>();
        foreach (var line in GoldenFiles.Lines(stream))
        {
            intake.Accept(line, default, DecodeLimits.UnknownArrival);
            if (decoder.Decode(line, DecodeLimits.UnknownArrival, out var decoded).IsAccepted)
            {
                recount.Add(in decoded);
                cases.Add(decoded.Case);
            }
        }

        intake.Flush();
        var now = intake.Counts.GreatestAt;
        var naive = recount.Contributions.ToLookup(one => one.Case);
        var compared = 0;
        foreach (var id in cases)
        {
            var sheet = await engine.FindCaseAsync(id, now);
            var counted = naive[id].Select(one => $"{one.Figure} {one.Unit} {InstantText.ToLocalSeconds(one.Second * 1_000)} {one.Numerator} "
                + $"{string.Join('+', one.Missing.Order())}");
            Assert.Equal(counted.Order(), Counted(sheet!).Order());
            Assert.All(sheet!.Figures, figure => Assert.Equal(figure.Denominator, figure.Outside.Count == 0));
            Assert.Equal(id.ToString(), sheet.Case);
            compared += sheet.Figures.Count(figure => figure.Denominator);
        }

        output.WriteLine($"{cases.Count} cases, {compared} contributions");
        Assert.True(compared > 1_000, "too few: this proves nothing");
        Assert.Null(await engine.FindCaseAsync(new CaseId(1, 2), now));
    }

    [Fact]
    public async Task RegistersOfDifferentTimes_KeepTheirOwnStamps()
    {
        var options = new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), NowFollowsEvents = true };
        await using var engine = new StreamEngine(options);
        var intake = engine.OpenIntake("test");
        foreach (var line in (string[])
        [
            """{"source":"s","case":"c","at":"2025-07-15T10:00:00+07:00","status":2,"fee":8000,"signed":false,"parent":"p","receiving":"12595", """
                + """ "procedure":"2.000815"}""",
            """{"source":"s","case":"c","at":"2025-07-15T11:00:00+07:00","seq":3,"fee":null,"returned":"post"}""",
        ])
        {
            intake.Accept(System.Text.Encoding.UTF8.GetBytes(line), default, DecodeLimits.UnknownArrival);
        }

        intake.Flush();
        var sheet = await engine.FindCaseAsync(options.PseudonymKey.Of("c"u8), intake.Counts.GreatestAt);
        const string Ten = "2025-07-15T10:00:00.000+07:00", Eleven = "2025-07-15T11:00:00.000+07:00";
        Assert.Equal(
            [
                new("source", "s", Eleven, 3), new("status", "2", Ten, 0), new("procedure", "2.000815", Ten, 0), new("receiving", "12595", Ten, 0),
                new("fee", null, Eleven, 3), new("signed", "false", Ten, 0), new("returned", "post", Eleven, 3),
                new CaseSheetRegister("parent", options.PseudonymKey.Of("p"u8).ToString(), Ten, 0),
            ],
            sheet!.Registers);
        Assert.Contains("not linked", sheet.Figures[0].Outside);
    }

    [Theory]
    [InlineData("2027-02-04T15:00:00", "2027-02-12T08:00:00", 5)] // the Thursday before Tết; the Friday after it is worked
    [InlineData("2027-02-04T14:59:59", "2027-02-12T08:00:00", 0)]
    [InlineData("2027-02-04T15:00:00", "2027-02-04T16:00:00", 0)]
    [InlineData("2026-02-13T15:00:00", "2026-02-23T08:00:00", 0)] // announced
    public async Task DaysThatAreOnlyExpected_AreSaidWhereSameDayRestsOnThem(string accepted, string ended, int days)
    {
        var options = new EngineOptions { Rulebook = Shipped.Rulebook(), Directory = Shipped.Units("hungyen"), NowFollowsEvents = true };
        await using var engine = new StreamEngine(options);
        var intake = engine.OpenIntake("test");
        intake.Accept(System.Text.Encoding.UTF8.GetBytes($$"""
            {"source":"s","case":"c","at":"{{ended}}+07:00","status":9,"accepted":"{{accepted}}+07:00","ended":"{{ended}}+07:00","procedure":"2.000815"}
            """), default, DecodeLimits.UnknownArrival);
        intake.Flush();
        var sheet = await engine.FindCaseAsync(options.PseudonymKey.Of("c"u8), intake.Counts.GreatestAt);

        Assert.Equal(days, sheet!.ExpectedDays?.Count ?? 0);
        Assert.All(sheet.ExpectedDays ?? [], static day => Assert.Equal((false, "Tết Đinh Mùi"), (day.IsWorked, day.Name)));
        Assert.Equal(accepted.EndsWith("15:00:00"), sheet.Conditions.Contains("same_day"));
    }

    [Theory]
    [InlineData("000102030405060708090a0b0c0d0e0f", true)]
    [InlineData("000102030405060708090A0B0C0D0E0F", false)]
    [InlineData("00000000000000000000000000000000", false)]
    [InlineData("000102030405060708090a0b0c0d0e0", false)]
    [InlineData("000102030405060708090a0b0c0d0e0f0", false)]
    [InlineData("+00102030405060708090a0b0c0d0e0f", false)]
    [InlineData(" 00102030405060708090a0b0c0d0e0f", false)]
    [InlineData("000.00.18.H31-250715-00000000001", false)]
    public void Pseudonym_IsReadAsItIsWrittenAndNothingElse(string text, bool isOne)
    {
        Assert.Equal(isOne, CaseId.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var id));
        Assert.Equal(isOne, id != default && id.ToString() == text);
    }

    private static IEnumerable<string> Counted(CaseSheet sheet) => sheet.Figures.Where(figure => figure.Denominator)
        .Select(figure => $"{figure.Kpi} {figure.Unit} {figure.At![..19]}+07:00 {figure.Numerator == true} "
            + $"{string.Join('+', figure.Missing.Order())}");
}
