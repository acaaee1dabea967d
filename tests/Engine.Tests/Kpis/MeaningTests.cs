using KpiStream.Engine.Boards;
using KpiStream.Engine.Reconciliation;
using KpiStream.Engine.Tests.Reconciliation;

namespace KpiStream.Engine.Tests.Kpis;

/// <summary>What each figure of the shipped rulebook means, case by case: engine and recount must both give the numbers a reader of the text expects.</summary>
public class MeaningTests
{
    private const string Commune = "11953";
    private const string Done = "'status':10,'handling':'11953','receiving':'11953','accepted':'2025-07-02T09:00:00+07:00','ended':'2025-07-03T09:00:00+07:00'";
    private const string Online = $"{Done},'channel':'online','result':'electronic','returned':'online'";

    [Fact]
    public async Task FactsThatASourceNeverStates_AreUnobservedAndNeitherGoodNorBad()
    {
        string[] cases = [.. Enumerable.Repeat(Online, 40)];
        foreach (var figure in (string[])["fully_online", "electronic_result", "synced", "stored_result", "digitised", "result_synced"])
        {
            await Counts(figure, "40/0/40", cases);
        }

        Assert.Equal(FigureState.NotObserved, Judge("fully_online", new FigureCount(40, 0, 40)).S);
        Assert.Equal(FigureState.NotObserved, Judge("synced", new FigureCount(40, 0, 40)).S);
    }

    [Fact]
    public Task AFactThatFails_CountsAsNotFulfilledWhateverIsUnknown() =>
        Counts("fully_online", "1/0/0", $"{Done},'channel':'counter','fee':0,'result':'electronic','returned':'online'");

    [Fact]
    public Task NullThatIsStated_IsObserved() => Counts("fully_online", "1/1/0", $"{Online},'fee':null,'presence':null");

    [Fact]
    public async Task CasesOfADepartmentInNoDirectory_AreInTheProvincesTotal()
    {
        string[] cases = [.. Enumerable.Range(0, 40).Select(static number => $"'status':9,'handling':'{Unit(number)}'")];
        foreach (var (unit, expected) in ((string, string)[])[("33", "40//"), ("VN", "40//"), ("33.STP", "10//"), ("H31.SXX", "10//")])
        {
            await CountsIn(unit, "handled", expected, cases);
        }

        static string Unit(int number) => (number % 4) switch { 0 => "H31.SXX", 1 => "33.STP", _ => Commune };
    }

    [Theory]
    [InlineData("'fee':8000,'paid_via':'national'", "1/1/0")]
    [InlineData("'fee':8000,'paid_via':'local'", "1/0/0")]
    [InlineData("'fee':8000", "1/0/1")]
    [InlineData("'fee':8000,'waived':true", "1/1/0")]
    [InlineData("'waived':true", "1/1/0")]
    [InlineData("'paid_via':'national'", "1/1/0")]
    [InlineData("'paid_via':'counter'", "1/0/1")]
    public Task AFee_IsSettledOnTheNationalPortalOrNotDue(string fee, string expected) =>
        Counts("fully_online", expected, $"{Online},'presence':'none',{fee}");

    [Theory]
    [InlineData("local", "1/0/0", "1/1/0")]
    [InlineData("national", "1/1/0", "1/1/0")]
    [InlineData("counter", "1/0/0", "1/0/0")]
    public async Task PaymentThroughAProvincesOwnGateway_IsOnlineAndNotOnTheNationalPortal(string via, string national, string online)
    {
        await Counts("national_payment", national, $"{Done},'fee':8000,'paid_via':'{via}'");
        await Counts("online_payment", online, $"{Done},'fee':8000,'paid_via':'{via}'");
    }

    [Fact]
    public async Task FeePaidAlthoughItWasWaived_IsStillAPayment()
    {
        const string paid = $"{Done},'channel':'online','fee':8000,'waived':true,'paid_via':'national'";
        await Counts("online_payment", "1/1/0", paid);
        await Counts("national_payment", "1/1/0", paid);
        await Counts("settled_first", "", paid);
    }

    [Theory]
    [InlineData("'result':'paper','result_digitised':false", "1/0/0")]
    [InlineData("'result':'paper','result_digitised':null", "1/0/0")]
    [InlineData("'result':'paper'", "1/0/1")]
    [InlineData("'result':'paper','result_digitised':true", "1/1/0")]
    [InlineData("'result':'electronic'", "1/1/0")]
    [InlineData("'result':'not_required'", "1/1/0")]
    public Task APaperResult_IsDigitisedOnlyWhenItIsSaidToBe(string result, string expected) =>
        Counts("digitised", expected, $"{Done},'digitised':true,{result}");

    [Theory]
    [InlineData("2025-07-02T15:40:00", "2025-07-03T08:30:00", 1)]
    [InlineData("2025-07-02T15:00:00", "2025-07-03T23:59:59.999", 1)]
    [InlineData("2025-07-02T14:59:59.999", "2025-07-03T08:00:00", 0)]
    [InlineData("2025-07-02T15:40:00", "2025-07-04T00:00:00", 0)]
    [InlineData("2025-07-04T15:40:00", "2025-07-07T17:00:00", 1)] // over a weekend
    [InlineData("2025-07-04T15:40:00", "2025-07-05T17:00:00", 1)] // given on the Saturday between
    [InlineData("2025-07-04T16:00:00", "2025-07-06T10:00:00", 1)] // and on the Sunday
    [InlineData("2025-07-04T15:40:00", "2025-07-08T08:00:00", 0)]
    [InlineData("2025-08-29T15:40:00", "2025-09-03T16:00:00", 1)] // over National Day
    [InlineData("2025-08-29T16:00:00", "2025-09-04T10:00:00", 0)]
    [InlineData("2025-04-25T15:40:00", "2025-04-28T08:00:00", 0)] // the Saturday between is worked
    [InlineData("2025-07-02T08:00:00", "2025-07-02T17:00:00", 1)]
    [InlineData("2025-07-02T15:40:00", "2025-07-01T09:00:00", 0)] // ended before it was accepted
    public Task ACertifiedCopy_IsGivenTheSameDayOrWhenAskedForAfterThreeByTheNextWorkingDay(string accepted, string ended, int inTime) =>
        Counts("same_day_copies", $"1/{inTime}/0",
            $"'status':9,'handling':'11953','procedure':'2.000815.000.00.00.H31','accepted':'{accepted}+07:00','ended':'{ended}+07:00'");

    [Theory]
    [InlineData("'status':4", "1/0/0")]
    [InlineData("'status':10,'ended':'2025-07-10T23:00:00+07:00'", "1/1/0")]
    [InlineData("'status':9,'ended':'2025-07-11T00:00:00+07:00'", "1/0/0")]
    [InlineData("'status':3,'ended':'2025-07-10T15:00:00+07:00'", "1/1/0")]
    public Task FeedbackThatFellDue_CountsWhetherItHasEndedOrNot(string state, string expected) =>
        Counts("feedback_on_time", expected, $"'kind':'feedback','receiving':'11953','due':'2025-07-10T16:00:00+07:00',{state}");

    /// <summary>Overdue and not ended are those of the first figure that are not counted, less those of the second.</summary>
    [Theory]
    [InlineData("'status':1", "", "")] // filed and not taken in: nobody has promised anything
    [InlineData("'status':4", "1/0/0", "")]
    [InlineData("'status':5", "1/0/0", "")]
    [InlineData("'status':10,'ended':'2025-07-10T23:00:00+07:00'", "1/1/0", "1/1/0")]
    [InlineData("'status':9,'ended':'2025-07-11T00:00:00+07:00'", "1/0/0", "1/0/0")]
    [InlineData("'status':9,'ended':'2026-07-11T00:00:00+07:00'", "1/0/0", "")] // it will have ended
    [InlineData("'status':3,'ended':'2025-07-15T08:00:00+07:00'", "", "")]
    [InlineData("'status':7,'ended':'2025-07-15T08:00:00+07:00'", "", "")]
    [InlineData("'status':8,'ended':'2025-07-15T08:00:00+07:00'", "", "")]
    [InlineData("'status':4,'due':null", "", "")]
    [InlineData("'status':9,'due':null,'ended':'2025-07-15T08:00:00+07:00'", "", "1/1/0")]
    [InlineData("'status':4,'due':'2026-01-05T16:00:00+07:00'", "", "")] // it is not due yet
    [InlineData("'status':4,'parent':'H31-1'", "", "")]
    public async Task ACaseThatFellDue_CountsUntilItIsRefusedWithdrawnOrStopped(string state, string due, string ended)
    {
        var keys = $"'handling':'11953','due':'2025-07-10T16:00:00+07:00',{state}";
        await Counts("due_on_time", due, keys);
        await Counts("on_time", ended, keys);
    }

    /// <summary>A source that never says when a case is due makes none overdue.</summary>
    [Fact]
    public async Task ACaseWhoseDueIsNeverStated_IsNotOverdue()
    {
        const string keys = "'handling':'11953','status':9,'ended':'2025-07-15T08:00:00+07:00'";
        await Counts("due_on_time", "", keys);
        await Counts("on_time", "1/0/1", keys);
    }

    [Theory]
    [InlineData(1, "1/0/0")]
    [InlineData(2, "1/1/0")]
    [InlineData(3, "1/1/0")]
    [InlineData(7, "1/1/0")]
    public async Task ACaseThatWasFiled_ArisesAndIsTakenInOnceItIsAnswered(int status, string expected)
    {
        var filed = $"'status':{status},'receiving':'11953','filed':'2025-07-02T08:00:00+07:00'";
        await Counts("taken_in", expected, filed);
        await Counts("arisen", "1//", filed);
    }

    [Theory]
    [InlineData("'parent':'H31-1'", "", "1//")]
    [InlineData("'parent':null", "1/0/1", "")]
    public async Task ALinkedCase_CountsInItsOwnFigureAndInNoOther(string parent, string ratio, string linked)
    {
        await Counts("filed_online_own", ratio, $"{Done},{parent}");
        await Counts("linked_cases", linked, $"{Done},{parent}");
    }

    [Theory]
    [InlineData("11953", "11977", "1/1/0")]
    [InlineData("11953", "11953", "1/0/0")]
    [InlineData("11953", "33.STP", "1/0/0")]
    public Task ACaseOfAnotherCommune_IsReceivedOutsideItsBoundary(string receiving, string handling, string expected) => Counts("non_boundary", expected,
        $"'status':2,'receiving':'{receiving}','handling':'{handling}','accepted':'2025-07-02T08:00:00+07:00'");

    [Theory]
    [InlineData("2.000815.000.00.00.H31", "1/0/1")]
    [InlineData("2.0008151", "")]
    public Task AProcedureOnAList_IsMatchedWholeOrUpToADot(string procedure, string expected) =>
        Counts("fully_online_justice", expected, $"{Done},'channel':'online','procedure':'{procedure}'");

    [Theory]
    [InlineData("fully_online", 2025, 0.7)]
    [InlineData("filed_online", 2024, 0.5)]
    [InlineData("national_payment", 2024, 0.45)]
    [InlineData("electronic_result", null, 1)]
    public void TargetsOfPastYears_AreShownAsLapsed(string figure, int? lapsed, double value)
    {
        var applied = TargetOf(Figure(figure))!.Value;
        Assert.Equal((lapsed, value), (applied.Lapsed, applied.Target.Value));
    }

    [Fact]
    public void Bases_AreCitedAsALeaderWouldCiteThem() => Assert.All(Shipped.Rulebook().Figures, figure =>
    {
        Assert.DoesNotContain("seed", figure.Basis, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("volume", figure.Basis, StringComparison.OrdinalIgnoreCase);
    });

    private static FigureDefinition Figure(string id) => Shipped.Rulebook().Figures.Single(figure => figure.Id == id);

    private static AppliedTarget? TargetOf(FigureDefinition figure) => figure.TargetOn(new DateOnly(2026, 11, 26));

    private static FigureCell Judge(string figure, FigureCount count) =>
        FigureJudge.Judge(Figure(figure), Period.TryParse("year")!, count, TargetOf(Figure(figure)), hasData: true);

    private static Task Counts(string figure, string expected, params string[] cases) => CountsIn(Commune, figure, expected, cases);

    /// <summary>
    /// One event of each case: denominator, numerator and unobserved of a figure in a unit's year 2025, empty when there is no row. All figures of all
    /// units are the same by engine and recount.
    /// </summary>
    private static async Task CountsIn(string unit, string figure, string expected, string[] cases)
    {
        byte[][] records = [.. cases.Select(static (keys, number) => Encoding.UTF8.GetBytes(
            $$"""{"source":"s","case":"c{{number}}","at":"2025-10-01T08:00:00+07:00",{{keys.Replace('\'', '"')}}}"""))];
        var codes = new CodeBook();
        var rulebook = Shipped.Rulebook().ExportingAll();
        var recount = new NaiveRecount(codes, rulebook, Shipped.Units("hungyen"));
        var decoder = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default);
        foreach (var record in records)
        {
            Assert.Equal(Verdict.Accepted, decoder.Decode(record, DecodeLimits.UnknownArrival, out var decoded));
            recount.Add(in decoded);
        }

        var now = Scene.Millis("2025-12-31 12:00");
        using var csv = new StringWriter();
        FigureCsv.Write(csv, recount.Rows([Period.TryParse("year")!], now, rollup: true));
        TextAssert.SameLines(csv.ToString(), (await EngineRun.OverAsync(records, "year", rollUp: true, asOf: now, rulebook: rulebook)).Csv);
        Assert.Equal(expected, string.Join(';', csv.ToString().Split('\n')
            .Where(line => line.StartsWith($"{figure},{unit},"))
            .Select(line => string.Join('/', line.Split(',')[^3..]))));
    }
}
