using KpiStream.Engine.Boards;
using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>What figures of the shipped rulebook mean, by engine and recount: each case was once counted otherwise than the official texts say.</summary>
public sealed class MeaningTests
{
    private const string Done =
        """ "status":10,"accepted":"2025-07-02T09:00:00+07:00","ended":"2025-07-03T09:00:00+07:00","handling":"11953","receiving":"11953" """;
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Fact]
    public async Task FactsThatASourceNeverStates_AreUnobservedAndNeitherGoodNorBad()
    {
        var payloads = Enumerable.Range(0, 40).Select(number => $$"""{{{Done}},"case":"c{{number}}","channel":"online","result":"electronic", """
            + $$""" "returned":"online" }""").ToArray();

        foreach (var figure in (string[])["fully_online", "electronic_result", "synced", "stored_result", "digitised", "result_synced"])
        {
            Assert.Equal($"{figure} 40/0+40", await CountAsync(figure, "11953", payloads));
        }

        Assert.Equal(FigureState.NotObserved, Judge("fully_online", new FigureCount(40, 0, 40)).S);
        Assert.Equal(FigureState.NotObserved, Judge("synced", new FigureCount(40, 0, 40)).S);
    }

    [Fact]
    public async Task CasesOfADepartmentInNoDirectory_AreInTheProvincesTotal()
    {
        var events = Enumerable.Range(0, 40).Select(number => $$"""{ "case":"c{{number}}","status":9, """
            + $$""" "handling":"{{(number % 4 == 0 ? "H31.SXX" : number % 4 == 1 ? "33.STP" : "11953")}}" }""").ToArray();

        Assert.Equal("handled 40", await CountAsync("handled", "33", events));
        Assert.Equal("handled 40", await CountAsync("handled", "VN", events));
        Assert.Equal("handled 10", await CountAsync("handled", "33.STP", events));
        Assert.Equal("handled 10", await CountAsync("handled", "H31.SXX", events));
    }

    [Theory]
    [InlineData("local", "national_payment 1/0+0", "online_payment 1/1+0")]
    [InlineData("national", "national_payment 1/1+0", "online_payment 1/1+0")]
    [InlineData("counter", "national_payment 1/0+0", "online_payment 1/0+0")]
    public async Task PaymentThroughAProvincesOwnGateway_IsOnlineAndNotOnTheNationalPortal(string via, string national, string online)
    {
        var paid = $$"""{{{Done}},"case":"c","fee":8000,"paid_via":"{{via}}" }""";
        Assert.Equal(national, await CountAsync("national_payment", "11953", paid));
        Assert.Equal(online, await CountAsync("online_payment", "11953", paid));
    }

    [Fact]
    public async Task FeePaidAlthoughItWasWaived_IsStillAPayment()
    {
        var paid = $$"""{{{Done}},"case":"c","channel":"online","fee":8000,"waived":true,"paid_via":"national" }""";
        Assert.Equal("online_payment 1/1+0", await CountAsync("online_payment", "11953", paid));
        Assert.Equal("national_payment 1/1+0", await CountAsync("national_payment", "11953", paid));
        Assert.Equal("settled_first 0/0+0", await CountAsync("settled_first", "11953", paid));
    }

    [Theory]
    [InlineData(""" "result":"paper","result_digitised":false """, "digitised 1/0+0")]
    [InlineData(""" "result":"paper","result_digitised":null """, "digitised 1/0+0")]
    [InlineData(""" "result":"paper" """, "digitised 1/0+1")]
    [InlineData(""" "result":"paper","result_digitised":true """, "digitised 1/1+0")]
    [InlineData(""" "result":"electronic" """, "digitised 1/1+0")]
    [InlineData(""" "result":"not_required" """, "digitised 1/1+0")]
    public async Task PaperResult_IsDigitisedOnlyWhenItWasDigitised(string result, string counted) =>
        Assert.Equal(counted, await CountAsync("digitised", "11953", $$"""{{{Done}},"case":"c","digitised":true,{{result}} }"""));

    [Theory]
    [InlineData("2025-07-02T15:40:00", "2025-07-03T09:00:00", 1)]
    [InlineData("2025-07-02T15:00:00", "2025-07-03T23:59:59", 1)]
    [InlineData("2025-07-02T14:59:59", "2025-07-03T08:00:00", 0)]
    [InlineData("2025-07-02T15:40:00", "2025-07-04T00:00:00", 0)]
    [InlineData("2025-07-04T16:00:00", "2025-07-07T10:00:00", 1)] // Friday to Monday
    [InlineData("2025-07-04T16:00:00", "2025-07-06T10:00:00", 1)] // a Sunday lies before the next working day
    [InlineData("2025-08-29T16:00:00", "2025-09-03T10:00:00", 1)] // over the holidays of 2 September
    [InlineData("2025-08-29T16:00:00", "2025-09-04T10:00:00", 0)]
    [InlineData("2025-07-02T15:40:00", "2025-07-01T09:00:00", 0)]
    public async Task CopyAskedForFrom15OClock_MayBeGivenOnTheNextWorkingDay(string accepted, string ended, int counted) => Assert.Equal(
        $"same_day_copies 1/{counted}+0",
        await CountAsync("same_day_copies", "11953", $$"""{ "case":"c","procedure":"2.000815","status":10,"handling":"11953", """
            + $$""" "accepted":"{{accepted}}+07:00","ended":"{{ended}}+07:00" }"""));

    [Theory]
    [InlineData(""" "status":4 """, "0+0")]
    [InlineData(""" "status":10,"ended":"2025-07-09T08:00:00+07:00" """, "0+0")]
    [InlineData(""" "status":10,"ended":"2025-07-08T23:00:00+07:00" """, "1+0")]
    [InlineData(""" "status":3,"ended":"2025-07-08T07:00:00+07:00" """, "1+0")]
    public async Task FeedbackThatFellDue_IsCountedWhetherItHasEndedOrNot(string state, string counted) => Assert.Equal(
        $"feedback_on_time 1/{counted}",
        await CountAsync("feedback_on_time", "11953", $$"""{ "case":"c","kind":"feedback","receiving":"11953", """
            + $$""" "due":"2025-07-08T08:00:00+07:00",{{state}} }"""));

    [Theory]
    [InlineData(1, "0+0")]
    [InlineData(2, "1+0")]
    [InlineData(3, "1+0")]
    [InlineData(7, "1+0")]
    public async Task CaseFiledAndNeverTakenIn_LacksInTheShareThatWas(int status, string counted)
    {
        var filed = $$"""{ "case":"c","status":{{status}},"receiving":"11953","filed":"2025-07-02T08:00:00+07:00" }""";
        Assert.Equal($"taken_in 1/{counted}", await CountAsync("taken_in", "11953", filed));
        Assert.Equal("arisen 1", await CountAsync("arisen", "11953", filed));
    }

    [Theory]
    [InlineData("fully_online", 2025, 0.7)]
    [InlineData("filed_online", 2024, 0.5)]
    [InlineData("national_payment", 2024, 0.45)]
    [InlineData("electronic_result", null, 1)]
    public void TargetsOfPastYears_AreShownAsLapsed(string figure, int? lapsed, double value)
    {
        var applied = Figure(figure).TargetOn(Today)!.Value;
        Assert.Equal((lapsed, value), (applied.Lapsed, applied.Target.Value));
    }

    [Fact]
    public void Bases_AreCitedAsALeaderWouldCiteThem() => Assert.All(Shipped.Rulebook().Figures, figure =>
    {
        Assert.DoesNotContain("seed", figure.Basis, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("volume", figure.Basis, StringComparison.OrdinalIgnoreCase);
    });

    private static FigureDefinition Figure(string id) => Shipped.Rulebook().Figures.Single(figure => figure.Id == id);

    private static FigureCell Judge(string figure, FigureCount count) =>
        FigureJudge.Judge(Figure(figure), Period.TryParse("year")!, count, Figure(figure).TargetOn(Today), hasData: true);

    /// <summary>The figure's row of the year 2025 by engine and recount, which must agree; zeros when there is none.</summary>
    private static async Task<string> CountAsync(string figure, string unit, params string[] events)
    {
        byte[][] records = [.. events.Select(one => Encoding.UTF8.GetBytes(one.Replace("{ ", """{"source":"s","at":"2025-07-09T08:00:00+07:00", """
            + """ """)))];
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, Shipped.Rulebook(), Shipped.Units("hungyen"));
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        foreach (var record in records)
        {
            Assert.Equal(Verdict.Accepted, decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded));
            recount.Add(in decoded);
        }

        using var csv = new StringWriter();
        var now = LocalNow();
        FigureCsv.Write(csv, recount.Rows([Period.TryParse("year")!], now, rollup: true));
        TextAssert.SameLines(csv.ToString(), (await EngineRun.OverAsync(records, "year", rollUp: true, asOf: now)).Csv);
        var row = recount.Rows([Period.TryParse("year")!], now, rollup: true)
            .SingleOrDefault(one => one.Kpi == figure && one.Unit == unit && one.From == "2025-01-01");
        return Figure(figure).IsVolume ? $"{figure} {row.Denominator}" : $"{figure} {row.Denominator}/{row.Numerator ?? 0}+{row.Unobserved ?? 0}";
    }

    private static long LocalNow() => Scene.Millis("2025-12-31 12:00");
}
