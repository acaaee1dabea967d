namespace KpiStream.Engine.Tests.Reconciliation;

/// <summary>What the recount makes of a case's events, computed by hand.</summary>
public class FoldTests
{
    [Fact]
    public void CorrectedCase_LeavesItsOldPlace()
    {
        var scene = new Scene()
            .Event("c", "2025-07-02 08:00", "'status':2,'channel':'online','receiving':'A'")
            .Event("c", "2025-07-03 08:00", "'accepted':@2025-08-05 09:00@,'channel':'counter','receiving':'B'");

        Assert.Equal(["B 2025-08-01 1/0"], scene.Rows("filed_online", "month"));
    }

    [Fact]
    public void OlderEventArrivingLate_ChangesOnlyWhatTheNewerLeftOpen()
    {
        var scene = new Scene()
            .Event("c", "2025-07-03 08:00", "'accepted':@2025-07-03 07:00@,'receiving':'A'")
            .Event("c", "2025-07-02 08:00", "'receiving':'B','channel':'online'");

        Assert.Equal(["A 2025-07-01 1/1"], scene.Rows("filed_online", "month"));
    }

    [Fact]
    public void Null_ClearsAFact_AndAnAbsentKeySaysNothing()
    {
        var scene = new Scene()
            .Event("kept", "2025-07-02 08:00", "'status':2,'channel':'online','receiving':'A'")
            .Event("kept", "2025-07-03 08:00", "'status':4")
            .Event("cleared", "2025-07-02 08:00", "'status':2,'channel':'online','receiving':'B','accepted':@2025-06-02 08:00@")
            .Event("cleared", "2025-07-03 08:00", "'channel':null,'accepted':null");

        // The cleared case falls back to the counter and to the time its acceptance was first recorded.
        Assert.Equal(["A 2025-07-01 1/1", "B 2025-07-01 1/0"], scene.Rows("filed_online", "month"));
    }

    [Fact]
    public void EmptyUnitText_IsNull()
    {
        var scene = new Scene()
            .Event("c", "2025-07-02 08:00", "'status':2,'receiving':'A','handling':'B'")
            .Event("c", "2025-07-03 08:00", "'receiving':''");

        Assert.Equal(["B 2025-07-01 1"], scene.Rows("received", "month"));
    }

    [Theory]
    [InlineData("'channel':'online'", "'channel':'post'", "post")]
    [InlineData("'channel':null", "'channel':'counter'", "counter")]
    [InlineData("'channel':'online','seq':2", "'channel':'post','seq':1", "online")]
    [InlineData("'channel':null,'seq':2", "'channel':'online','seq':1", "none")]
    public void EqualTimes_AreDecidedBySequenceThenByTheGreaterValue(string one, string other, string winner)
    {
        foreach (var (first, second) in new[] { (one, other), (other, one) })
        {
            var scene = new Scene()
                .Event("c", "2025-07-02 08:00", "'status':2,'receiving':'A'," + first)
                .Event("c", "2025-07-02 08:00", second);

            Assert.Equal([$"A 2025-07-01 1/{(winner == "online" ? 1 : 0)}"], scene.Rows("filed_online", "month"));
        }
    }

    [Fact]
    public void EqualStamps_OrderTextByItsBytesAndNumbersBySize()
    {
        var scene = new Scene()
            .Event("c", "2025-07-02 08:00", "'status':2,'receiving':'Z','fee':1000,'paid_via':'local'")
            .Event("c", "2025-07-02 08:00", "'receiving':'đ','fee':0,'paid_via':'national'");

        Assert.Equal(["đ 2025-07-01 1/0"], scene.Rows("national_payment", "month"));
    }

    [Fact]
    public void FirstTimes_StandEvenWhenTheStatusWasOverruled()
    {
        var scene = new Scene()
            .Event("c", "2025-07-09 08:00", "'status':10,'handling':'A'")
            .Event("c", "2025-07-05 08:00", "'status':9")
            .Event("c", "2025-07-07 08:00", "'status':9")
            .Event("c", "2025-06-30 08:00", "'status':8")
            .Event("c", "2025-06-29 08:00", "'status':3");

        Assert.Equal(["A 2025-06-30 1"], scene.Rows("received", "day"));
        Assert.Equal(["A 2025-07-05 1"], scene.Rows("handled", "day"));
    }

    [Fact]
    public void StatedTimes_OutrankFirstTimes()
    {
        var scene = new Scene().Event(
            "c", "2025-07-09 08:00", "'status':10,'handling':'A','accepted':@2025-07-01 08:00@,'ended':@2025-07-08 08:00@");

        Assert.Equal(["A 2025-07-01 1"], scene.Rows("received", "day"));
        Assert.Equal(["A 2025-07-08 1"], scene.Rows("handled", "day"));
    }

    [Fact]
    public void CaseReopened_IsNoLongerHandled()
    {
        var scene = new Scene()
            .Event("c", "2025-07-09 08:00", "'status':10,'handling':'A','ended':@2025-07-08 08:00@")
            .Event("c", "2025-07-10 08:00", "'status':4");

        Assert.Empty(scene.Rows("handled", "day"));
        Assert.Equal(["A  1"], scene.Rows("open", "now"));
    }

    [Fact]
    public void FiledOnlyCase_IsNotAccepted()
    {
        var scene = new Scene().Event("c", "2025-07-09 08:00", "'status':1,'receiving':'A','filed':@2025-07-09 07:00@");

        Assert.Empty(scene.Rows("received", "day"));
        Assert.Equal(["A  1"], scene.Rows("waiting", "now"));
    }

    [Fact]
    public void ShuffledAndRepeatedEvents_ChangeNothing()
    {
        const int Seed = 20_250_701;
        var random = new Random(Seed);
        string[] values =
        [
            "'status':9", "'status':2,'seq':1", "'status':null", "'channel':'online'", "'channel':null", "'handling':'A'", "'handling':'B'", "'signed':true",
        ];
        var events = Enumerable.Range(0, 200)
            .Select(_ => ($"c{random.Next(20)}", $"2025-07-0{random.Next(1, 4)} 08:00", values[random.Next(values.Length)]))
            .ToArray();
        var expected = Everything(events);
        for (var round = 0; round < 10; round++)
        {
            var repeated = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(repeated);
            Assert.True(expected.SequenceEqual(Everything(repeated)), $"seed {Seed}, round {round}");
        }
    }

    private static List<string> Everything((string Id, string At, string Keys)[] events)
    {
        var scene = new Scene();
        foreach (var (id, at, keys) in events)
        {
            scene.Event(id, at, keys);
        }

        return [.. scene.Recount.Contributions
            .Select(one => $"{one.Case} {one.Figure} {one.Unit} {one.Second} {one.Outcome} {string.Join('+', one.Missing.Order())}")
            .Order()];
    }
}
