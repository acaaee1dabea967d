namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>Where and when contributions count, computed by hand.</summary>
public class PlacingTests
{
    [Theory]
    [InlineData("OLD", "2025-06-30 23:59:59.999", "OLD")]
    [InlineData("OLD", "2025-07-01 00:00", "A")]
    [InlineData("OLDER", "2025-05-31 23:59", "OLDER")]
    [InlineData("OLDER", "2025-06-30 12:00", "OLD")]
    [InlineData("OLDER", "2025-07-01 12:00", "A")]
    [InlineData("GONE", "2025-07-01 12:00", "GONE")]
    [InlineData("A", "2025-01-01 12:00", "A")]
    [InlineData("X", "2025-07-01 12:00", "X")]
    [InlineData("", "2025-07-01 12:00", "?")]
    [InlineData("H31.1", "2025-01-01 12:00", "A")]
    [InlineData("Thuỵ", "2025-07-01 12:00", "A")]
    [InlineData("Thu\u0323y", "2025-07-01 12:00", "A")]
    [InlineData("thụy", "2025-07-01 12:00", "thụy")]
    [InlineData("Thủy", "2025-07-01 12:00", "Thủy")]
    [InlineData("H31.2", "2025-06-30 12:00", "OLD")]
    [InlineData("H31.2", "2025-07-01 12:00", "A")]
    public void OldUnit_PassesItsContributionsOnFromTheLocalDayItEnded(string unit, string accepted, string counted)
    {
        var scene = new Scene().Event("c", "2025-07-09 08:00", $"'status':2,'receiving':'{unit}','accepted':@{accepted}@");

        Assert.Equal([$"{counted} 2025-01-01 1"], scene.Rows("received", "year"));
    }

    [Fact]
    public void Gauges_GoToTheUnitOfToday()
    {
        var scene = new Scene().Event("c", "2025-05-09 08:00", "'status':2,'handling':'OLD'");

        Assert.Equal(["OLD  1"], scene.Rows("open", "now", "2025-06-30 23:59"));
        Assert.Equal(["A  1"], scene.Rows("open", "now", "2025-07-01 00:00"));
    }

    [Theory]
    [InlineData("day")]
    [InlineData("since:2025-01-01")]
    [InlineData("2025-07-01..2025-12-31")]
    [InlineData("24h")]
    public void ContributionAfterNow_IsHeldUntilItsSecondComes(string period)
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", "'status':2,'receiving':'A','accepted':@2025-07-03 09:00:00.900@");

        Assert.Empty(scene.Rows("received", period, "2025-07-03 08:59:59.999"));
        Assert.Single(scene.Rows("received", period, "2025-07-03 09:00:00.000"));
        Assert.Contains(scene.Recount.Contributions, one => one.Figure == "received");
    }

    [Theory]
    [InlineData("2025-07-03 11:00:00.999", 0)]
    [InlineData("2025-07-03 11:00:01.000", 1)]
    [InlineData("2025-07-03 12:00:00.999", 1)]
    public void SlidingPeriod_LeavesOutItsFirstSecondAndCountsItsLast(string accepted, int count)
    {
        var scene = new Scene().Event("c", "2025-07-02 08:00", $"'status':2,'receiving':'A','accepted':@{accepted}@");

        var row = Assert.Single(scene.AllRows("received", "1h", "2025-07-03 12:00"), row => row.Unit == "A");
        Assert.Equal(new FigureRow("received", "A", "1h", "2025-07-03T11:00:00+07:00", "2025-07-03T12:00:00+07:00", count, null, null), row);
    }

    [Theory]
    [InlineData("day", "2025-08-31", "2025-08-31")]
    [InlineData("month", "2025-08-01", "2025-08-31")]
    [InlineData("quarter", "2025-07-01", "2025-09-30")]
    [InlineData("year", "2025-01-01", "2025-12-31")]
    [InlineData("since:2025-08-31", "2025-08-31", "2025-09-02")]
    [InlineData("2025-08-31..2025-12-31", "2025-08-31", "2025-12-31")]
    public void CalendarPeriod_IsBoundedByLocalDays(string period, string from, string to)
    {
        var scene = new Scene()
            .Event("c", "2025-07-02 08:00", "'status':9,'handling':'A','ended':@2025-08-31 23:59:59.999@,'satisfied':true")
            .Event("d", "2025-07-02 08:00", "'status':9,'handling':'A','ended':@2025-09-02 00:00@,'satisfied':false");

        var row = scene.AllRows("satisfied", period, "2025-09-02 12:00").First(row => row.Unit == "A" && row.From == from);
        Assert.Equal((to, 1L), (row.To, row.Numerator!.Value));
    }

    [Fact]
    public void RangeAndSince_CountTheirFirstAndLastDayWhole()
    {
        var scene = new Scene();
        foreach (var (at, index) in new[] { "07-01 23:59:59.999", "07-02 00:00:00.000", "07-04 23:59:59.999", "07-05 00:00:00.000" }.Select((at, i) => (at, i)))
        {
            scene.Event($"c{index}", "2025-07-02 08:00", $"'status':2,'receiving':'A','accepted':@2025-{at}@");
        }

        Assert.Equal(["A 2025-07-02 2"], scene.Rows("received", "2025-07-02..2025-07-04"));
        Assert.Equal(["A 2025-07-02 3"], scene.Rows("received", "since:2025-07-02"));
    }

    [Fact]
    public void Parents_AreTheSumsOfAllBelowAndTheirOwnCode()
    {
        var scene = new Scene()
            .Event("a", "2025-07-02 08:00", "'status':2,'receiving':'A','channel':'online'")
            .Event("b", "2025-07-02 08:00", "'status':2,'receiving':'B'")
            .Event("old", "2025-07-02 08:00", "'status':2,'receiving':'GONE'")
            .Event("own", "2025-07-02 08:00", "'status':2,'receiving':'P','channel':'online'")
            .Event("unknown", "2025-07-02 08:00", "'status':2,'receiving':'X','channel':'online'")
            .Event("unstated", "2025-07-02 08:00", "'status':2");

        string[] leaves = ["? 2025-01-01 1/0", "A 2025-01-01 1/1", "B 2025-01-01 1/0", "GONE 2025-01-01 1/0"];
        Assert.Equal([.. leaves, "P 2025-01-01 1/1", "X 2025-01-01 1/1"], scene.Rows("filed_online", "year"));
        Assert.Equal(
            [.. leaves, "P 2025-01-01 6/3", "VN 2025-01-01 6/3", "X 2025-01-01 1/1"], scene.Rows("filed_online", "year", rollup: true));
        Assert.Equal(["?  1", "A  1", "B  1", "GONE  1", "P  6", "VN  6", "X  1"], scene.Rows("open", "now", rollup: true));
    }

    [Theory]
    [InlineData("24h", false, "A B")]
    [InlineData("24h", true, "A B P VN")]
    [InlineData("since:2025-07-01", false, "A B")]
    [InlineData("now", true, "A B P VN")]
    [InlineData("year", true, "")]
    [InlineData("2025-07-01..2025-07-02", true, "")]
    public void Silence_IsShownForUnitsThatAreStillValid(string period, bool rollup, string units)
    {
        var rows = new Scene().AllRows(period == "now" ? "open" : "received", period, rollup: rollup);

        Assert.Equal(units, string.Join(' ', rows.Select(row => row.Unit).Order()));
        Assert.All(rows, row => Assert.Equal((0L, null), (row.Denominator, row.Numerator)));
    }

    [Fact]
    public void UnitWithoutZeroRows_AppearsOnlyUnderTheFiguresItHas()
    {
        var scene = new Scene().Event("x", "2025-07-02 08:00", "'status':2,'receiving':'X'");

        Assert.Equal(["X 2025-07-01 1"], scene.Rows("received", "since:2025-07-01"));
        Assert.DoesNotContain(scene.AllRows("handled", "since:2025-07-01"), row => row.Unit == "X");
    }
}
