using KpiStream.Engine.Reconciliation;

namespace KpiStream.Engine.Tests.Kpis;

/// <summary>What each figure means, case by case: the engine and the recount must both give the numbers a reader of the text expects.</summary>
public class MeaningTests
{
    private const string Done = "'status':9,'handling':'11953','receiving':'11953','accepted':'2025-07-02T08:00:00+07:00','ended':'2025-07-03T09:00:00+07:00'";

    [Fact]
    public Task FactsThatNoSourceStates_AreUnobservedAndNotFulfilled() => Counts("fully_online", "1/0/1",
        $"{Done},'channel':'online','fee':0,'result':'electronic','returned':'online'");

    [Fact]
    public Task AFactThatFails_CountsAsNotFulfilledWhateverIsUnknown() => Counts("fully_online", "1/0/0",
        $"{Done},'channel':'counter','fee':0,'result':'electronic','returned':'online'");

    [Fact]
    public Task NullThatIsStated_IsObserved() => Counts("fully_online", "1/1/0",
        $"{Done},'channel':'online','fee':null,'result':'electronic','returned':'online','presence':null");

    [Theory]
    [InlineData("'fee':8000,'paid_via':'national'", "1/1/0")]
    [InlineData("'fee':8000,'paid_via':'local'", "1/0/0")]
    [InlineData("'fee':8000", "1/0/1")]
    [InlineData("'fee':8000,'waived':true", "1/1/0")]
    [InlineData("'waived':true", "1/1/0")]
    [InlineData("'paid_via':'national'", "1/1/0")]
    [InlineData("'paid_via':'counter'", "1/0/1")]
    public Task AFee_IsSettledOnTheNationalPortalOrNotDue(string fee, string expected) => Counts("fully_online", expected,
        $"{Done},'channel':'online','result':'electronic','returned':'online','presence':'none',{fee}");

    [Fact]
    public async Task APaymentThroughTheProvincesGateway_IsOnlineAndNotNational()
    {
        const string paid = $"{Done},'fee':8000,'paid_via':'local'";
        await Counts("online_payment", "1/1/0", paid);
        await Counts("national_payment", "1/0/0", paid);
    }

    [Fact]
    public Task AFeePaidAlthoughItIsWaived_IsStillAPayment() => Counts("national_payment", "1/1/0", $"{Done},'fee':8000,'waived':true,'paid_via':'national'");

    [Theory]
    [InlineData("'result':'paper'", "1/0/1")]
    [InlineData("'result':'paper','result_digitised':false", "1/0/0")]
    [InlineData("'result':'paper','result_digitised':true", "1/1/0")]
    [InlineData("'result':'not_required'", "1/1/0")]
    [InlineData("'result':'electronic'", "1/1/0")]
    public Task APaperResult_IsDigitisedOnlyWhenItIsSaidToBe(string result, string expected) =>
        Counts("digitised", expected, $"{Done},'digitised':true,{result}");

    [Theory]
    [InlineData("2025-07-02T15:40:00+07:00", "2025-07-03T08:30:00+07:00", 1)]
    [InlineData("2025-07-02T15:00:00+07:00", "2025-07-03T23:59:59.999+07:00", 1)]
    [InlineData("2025-07-02T14:59:59.999+07:00", "2025-07-03T08:30:00+07:00", 0)]
    [InlineData("2025-07-02T15:40:00+07:00", "2025-07-04T00:00:00+07:00", 0)]
    [InlineData("2025-07-04T15:40:00+07:00", "2025-07-07T17:00:00+07:00", 1)] // over a weekend
    [InlineData("2025-07-04T15:40:00+07:00", "2025-07-05T17:00:00+07:00", 1)] // given on the Saturday between
    [InlineData("2025-07-04T15:40:00+07:00", "2025-07-08T08:00:00+07:00", 0)]
    [InlineData("2025-08-29T15:40:00+07:00", "2025-09-03T16:00:00+07:00", 1)] // over National Day
    [InlineData("2025-04-25T15:40:00+07:00", "2025-04-28T08:00:00+07:00", 0)] // the Saturday between is worked
    [InlineData("2025-07-02T08:00:00+07:00", "2025-07-02T17:00:00+07:00", 1)]
    public Task ACertifiedCopy_IsGivenTheSameDayOrWhenAskedForAfterThreeByTheNextWorkingDay(string accepted, string ended, int inTime) =>
        Counts("same_day_copies", $"1/{inTime}/0",
            $"'status':9,'handling':'11953','procedure':'2.000815.000.00.00.H31','accepted':'{accepted}','ended':'{ended}'");

    [Theory]
    [InlineData("'status':4", "1/0/0")]
    [InlineData("'status':9,'ended':'2025-07-10T17:00:00+07:00'", "1/1/0")]
    [InlineData("'status':9,'ended':'2025-07-11T00:00:00+07:00'", "1/0/0")]
    [InlineData("'status':3,'ended':'2025-07-09T10:00:00+07:00'", "1/1/0")]
    public Task FeedbackThatFellDue_CountsWhetherItHasEndedOrNot(string state, string expected) => Counts("feedback_on_time", expected,
        $"'kind':'feedback','receiving':'11953','due':'2025-07-10T16:00:00+07:00',{state}");

    [Theory]
    [InlineData("'status':1", "1/0/0")]
    [InlineData("'status':2", "1/1/0")]
    [InlineData("'status':3", "1/1/0")]
    [InlineData("'status':7", "1/1/0")]
    public async Task ACaseThatWasFiled_ArisesAndIsTakenInOnceItIsAnswered(string state, string expected)
    {
        var filed = $"'receiving':'11953','filed':'2025-07-03T08:00:00+07:00',{state}";
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
    public Task AProcedureOnAList_IsMatchedWholeOrUpToADot(string procedure, string expected) => Counts("fully_online_justice", expected,
        $"{Done},'channel':'online','procedure':'{procedure}'");

    /// <summary>
    /// One event of one case: denominator, numerator and unobserved of a figure in 11953, from the engine and from the recount; empty when there is no row.
    /// </summary>
    private static async Task Counts(string kpi, string expected, string keys)
    {
        var record = Encoding.UTF8.GetBytes($$"""{"source":"s","case":"c","at":"2025-10-01T08:00:00+07:00",{{keys.Replace('\'', '"')}}}""");
        var run = await EngineRun.OverAsync([record], "year");
        var codes = new CodeBook();
        var recount = new NaiveRecount(codes, Shipped.Rulebook(), Shipped.Units("hungyen"));
        var verdict = new EventDecoder(codes, PseudonymKey.Fixed, DecodeLimits.Default).Decode(record, DecodeLimits.UnknownArrival, out var decoded);
        Assert.True(verdict.IsAccepted, verdict.ToString());
        recount.Add(in decoded);
        using var csv = new StringWriter();
        FigureCsv.Write(csv, recount.Rows([Period.TryParse("year")!], recount.GreatestAt!.Value, rollup: false));

        Assert.Equal((expected, expected), (NumbersOf(kpi, run.Csv), NumbersOf(kpi, csv.ToString())));
    }

    private static string NumbersOf(string kpi, string csv) => string.Join(';', csv.Split('\n')
        .Where(line => line.StartsWith($"{kpi},11953,"))
        .Select(line => string.Join('/', line.Split(',')[^3..])));
}
