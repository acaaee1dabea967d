using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>What an onlooker can compute from a public board, checked against all counts behind it.</summary>
public sealed class SmallCellsTests(ITestOutputHelper output)
{
    private const string Ratio = "fully_online", Volume = "arisen";

    [Theory]
    [InlineData(60, 30, 0, false)]
    [InlineData(60, 30, 2, true)] // two cases whose facts were never stated
    [InlineData(60, 30, 27, true)] // three that certainly do not count
    [InlineData(60, 58, 0, true)]
    [InlineData(4, 0, 0, true)]
    public void AnyCountOfOneToFour_HidesItsCell(long d, long n, long u, bool isSmall) =>
        Assert.Equal(isSmall, SmallCells.IsSmall(new FigureCell(d, n, (double)n / d, null, null, FigureState.Ok) { U = u > 0 ? u : null }));

    [Theory]
    [InlineData(4L, null, true)]
    [InlineData(5L, null, false)]
    [InlineData(0L, null, false)]
    [InlineData(0L, 0L, false)]
    [InlineData(9L, 4L, true)]
    [InlineData(9L, 5L, true)]
    [InlineData(10L, 5L, false)]
    [InlineData(100L, 100L, false)]
    [InlineData(100L, 99L, true)]
    [InlineData(100L, 0L, false)]
    public void ACountOfOneToFour_InDenominatorNumeratorOrDifference_IsSmall(long d, long? n, bool isSmall) =>
        Assert.Equal(isSmall, SmallCells.IsSmall(Cell(d, n)));

    [Fact]
    public void OfBoardsOfRandomCounts_NoSmallCountCanBeReadOrComputed()
    {
        const int Seed = 1_405;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var round = 0; round < 400; round++)
        {
            var most = round % 4 == 0 ? 6 : 60;
            var units = Enumerable.Range(0, random.Next(1, 8)).Select(number => Unit(number, random, most)).ToList();
            var frame = Frame(units);
            var shown = SmallCells.Hide(frame);
            AssertNothingSmall(frame, shown, Ratio);
            AssertNothingSmall(frame, shown, Volume);
        }
    }

    [Fact]
    public void AlertsSelfChecksAndSmallGauges_AreNotOnAPublicBoard_WhichSaysSo()
    {
        var shown = SmallCells.Hide(Frame([Unit(1, new Random(1), 60) with { Open = 3, Overdue = 7 }]) with
        {
            Alerts = [new BoardAlert("r", "1", "", "firing", "", "3 of 4")],
            Gauges = new Dictionary<string, long> { ["open"] = 2, ["overdue"] = 13 },
        });
        Assert.Empty(shown.Alerts);
        Assert.Null(shown.Trust.SelfCheck);
        Assert.Equal((5, 5), (shown.Units[0].Open, shown.Units[0].Overdue));
        Assert.Equal([0, 15], shown.Gauges.Values);
        Assert.Contains("không công bố số dưới 5", Assert.Single(shown.Trust.Notes!));
    }

    /// <summary>What is shown is right and large; of what is hidden, sums leave more than one possibility.</summary>
    private static void AssertNothingSmall(BoardFrame whole, BoardFrame shown, string kpi)
    {
        var pairs = whole.Units.Zip(shown.Units, (before, after) => (Before: before.Cells[kpi], After: after.Cells[kpi])).ToList();
        Assert.All(pairs.Append((whole.Headline[kpi], shown.Headline[kpi])), static pair =>
        {
            var (before, after) = pair;
            Assert.True(after.Hidden ? after is { D: 0, N: null, V: null, U: null } : after == before && !SmallCells.IsSmall(after));
        });
        var hidden = pairs.Where(static pair => pair.After.Hidden).ToList();
        Assert.False(!shown.Headline[kpi].Hidden && hidden.Count == 1 && pairs.Exists(static pair => pair.After is { Hidden: false, D: > 0 }));
    }

    private static FigureCell Cell(long d, long? n) => new(d, n, n / (double?)d, 0.1, 0.9, FigureState.Ok) { U = n is null ? null : 0 };

    private static BoardUnit Unit(int number, Random random, int most)
    {
        var d = random.Next(most);
        return new BoardUnit($"{number}", "", "", true, new Dictionary<string, FigureCell>
        {
            [Ratio] = Cell(d, random.Next(d + 1)),
            [Volume] = Cell(random.Next(most), null),
        }, 0, 0);
    }

    private static BoardFrame Frame(IReadOnlyList<BoardUnit> units) => new()
    {
        Id = 1,
        Demo = false,
        Now = "",
        DataTime = null,
        StaleAfterSeconds = 60,
        Stale = false,
        CaughtUp = true,
        Phase = "live",
        SourceState = "",
        Province = new BoardUnitName("33", "", ""),
        Period = "30d",
        PeriodLabel = "",
        Figures = [],
        Headline = new Dictionary<string, FigureCell>
        {
            [Ratio] = Cell(units.Sum(static unit => unit.Cells[Ratio].D), units.Sum(static unit => unit.Cells[Ratio].N)),
            [Volume] = Cell(units.Sum(static unit => unit.Cells[Volume].D), null),
        },
        Gauges = new Dictionary<string, long>(),
        Units = units,
        LowVolume = new BoardLowVolume(50, "", null, false, []),
        Alerts = [],
        Trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], [], BoardSelfCheck.Pending),
    };
}
