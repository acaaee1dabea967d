namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>Conditions and figures, computed by hand.</summary>
public class FigureTests
{
    private const string FullyOnline =
        "'status':10,'handling':'A','channel':'online','fee':5000,'paid_via':'national','result':'electronic','returned':'online','presence':'none'";

    [Theory]
    [InlineData("'signed':true", "")]
    [InlineData("'fee':0,'paid_via':'counter'", "")]
    [InlineData("'waived':true,'paid_via':null", "")]
    [InlineData("'result':'not_required'", "")]
    [InlineData("'presence':null", "")]
    [InlineData("'paid_via':'local'", "fee_settled")]
    [InlineData("'channel':null,'result':null", "online result_given")]
    [InlineData("'returned':'counter','presence':'visit'", "no_presence returned_remotely")]
    public void FullyOnlineCase_NamesWhatALaterEventTakesFromIt(string change, string missing)
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", FullyOnline).Event("c", "2025-07-02 09:00", change);

        var one = Assert.Single(scene.Recount.Contributions, contribution => contribution.Figure == "fully_online");
        Assert.Equal(missing, string.Join(' ', one.Missing.Order()));
        Assert.Equal(missing.Length == 0, one.Numerator);
    }

    [Fact]
    public void Volume_HasNoNumeratorAndMissesNothing()
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", FullyOnline);

        var one = Assert.Single(scene.Recount.Contributions, contribution => contribution.Figure == "handled");
        Assert.False(one.Numerator);
        Assert.Empty(one.Missing);
        Assert.Equal(Scene.Millis("2025-07-02 08:00") / 1000, one.Second);
    }

    [Fact]
    public void LinkedCase_CountsNowhereUntilTheLinkIsCleared()
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", FullyOnline + ",'parent':'p'");
        Assert.Equal(["linked_cases"], scene.Recount.Contributions.Select(one => one.Figure));

        scene.Event("c", "2025-07-03 08:00", "'parent':''");
        Assert.Equal(["A 2025-07-02 1"], scene.Rows("handled", "day"));
    }

    [Theory]
    [InlineData("feedback", "feedback_on_time")]
    [InlineData("publication", "published_on_time")]
    public void OtherKinds_AreCountedApart(string kind, string figure)
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", FullyOnline + $",'receiving':'A','kind':'{kind}','due':@2025-07-02 08:00@");

        Assert.Equal([figure], scene.Recount.Contributions.Select(one => one.Figure));
    }

    [Theory]
    [InlineData("2025-07-03 23:59:59.999", "2025-07-03 00:00", 1, 0)]
    [InlineData("2025-07-04 00:00", "2025-07-03 23:59", 0, 0)]
    [InlineData("2025-07-03 08:00", "2025-07-03 08:00", 1, 1)]
    public void Deadline_IsComparedByLocalDayOrByInstant(string ended, string due, int byDay, int byInstant)
    {
        var rulebook = Shipped.Rulebook();
        foreach (var (by, expected) in new[] { (OnTimeBy.Day, byDay), (OnTimeBy.Instant, byInstant) })
        {
            var scene = new Scene(rulebook with { OnTimeBy = by })
                .Event("c", "2025-07-09 08:00", $"'status':9,'handling':'A','ended':@{ended}@,'due':@{due}@");

            Assert.Equal([$"A 2025-07-01 1/{expected}"], scene.Rows("on_time", "month"));
        }
    }

    [Theory]
    [InlineData("2.000815", 1)]
    [InlineData("2.000815.000.00.00.H31", 1)]
    [InlineData("2.0008150", 0)]
    [InlineData("2.00081", 0)]
    public void CertifiedCopies_MatchWholePartsOfTheCode(string procedure, int count)
    {
        var scene = new Scene().Event(
            "c", "2025-07-09 08:00", $"'status':9,'handling':'A','procedure':'{procedure}','accepted':@2025-07-08 14:59@,'ended':@2025-07-09 00:00@");

        Assert.Equal(count == 0 ? [] : ["A 2025-07-01 1/0"], scene.Rows("same_day_copies", "month"));
    }

    [Theory]
    [InlineData("2025-07-01 00:00", false)]
    [InlineData("2025-07-31 23:59", false)]
    [InlineData("2025-06-30 23:59", true)]
    [InlineData("2025-08-01 00:00", true)]
    public void WaivedProcedure_OwesNoFeeOnTheDaysOfTheWaiver(string accepted, bool due)
    {
        var waiver = new FeeWaiver("1.1", null, new DateOnly(2025, 7, 1), new DateOnly(2025, 7, 31), "test");
        var scene = new Scene(Shipped.Rulebook() with { Waivers = [waiver] }).Event(
            "c", "2025-09-09 08:00", $"'status':9,'handling':'A','procedure':'1.1.2','channel':'online','fee':1,'paid_via':'local','accepted':@{accepted}@");

        Assert.Equal(due ? 1 : 0, scene.Rows("settled_first", "year").Length);
        Assert.Equal(["A 2025-01-01 1/1"], scene.Rows("online_payment", "year"));
    }

    [Theory]
    [InlineData("2025-07-05 11:59:59.999", "overdue")]
    [InlineData("2025-07-05 12:00:00.000", "due_soon")]
    [InlineData("2025-07-06 11:59:59.999", "due_soon")]
    [InlineData("2025-07-06 12:00:00.000", "")]
    public void Deadlines_AreGaugedToTheMillisecond(string due, string gauge)
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", $"'status':5,'handling':'A','due':@{due}@");

        foreach (var name in new[] { "overdue", "due_soon" })
        {
            Assert.Equal(name == gauge ? ["A  1"] : [], scene.Rows(name, "now", "2025-07-05 12:00"));
        }

        Assert.Equal(["A  1"], scene.Rows("paused", "now"));
    }
}
