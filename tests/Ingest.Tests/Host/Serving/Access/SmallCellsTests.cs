using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Access;

namespace KpiStream.Ingest.Tests.Host.Serving.Access;

/// <summary>What an onlooker can compute from a public board, checked against all counts behind it.</summary>
public sealed class SmallCellsTests(ITestOutputHelper output)
{
    private const string Ratio = "fully_online", Volume = "arisen";

    /// <summary>Two units, a month within a year: all counts up to ten of either, 14,641 boards.</summary>
    [Fact]
    public void FromCountsOfTwoPeriodsAndTheirTotals_NoSmallCountCanBeComputed()
    {
        int[] counts = [.. Enumerable.Range(0, 11)];
        var worlds = from a in counts from b in counts from later in counts from more in counts select (Month: (a, b), Year: (a + later, b + more));
        var groups = worlds.GroupBy(static world => $"{Published([Counted(world.Month.a), Counted(world.Month.b)])} "
            + Published([Counted(world.Year.Item1), Counted(world.Year.Item2)]));
        foreach (var group in groups)
        {
            AssertUncertain(group.Select(static world => (long)world.Month.a));
            AssertUncertain(group.Select(static world => (long)world.Year.Item1));
            AssertUncertain(group.Select(static world => (long)(world.Year.Item1 - world.Month.a)));
            AssertUncertain(group.Select(static world => (long)(world.Month.a + world.Month.b)));
        }
    }

    /// <summary>Three units of up to eleven cases each and their total.</summary>
    [Fact]
    public void FromCountsOfThreeUnitsAndTheirTotal_NoSmallCountCanBeComputed()
    {
        int[] counts = [.. Enumerable.Range(0, 12)];
        var worlds = from a in counts from b in counts from c in counts select (A: (long)a, B: (long)b, C: (long)c);
        foreach (var group in worlds.GroupBy(static world => Published([Counted(world.A), Counted(world.B), Counted(world.C)])))
        {
            AssertUncertain(group.Select(static world => world.A));
        }
    }

    /// <summary>Two units whose numerators, or what lacks in them, are small; beside the ratio a volume with the same denominator.</summary>
    [Theory]
    [InlineData(0.7)]
    [InlineData(0.9)]
    [InlineData(1.0)]
    [InlineData(0.05)]
    public void FromRatiosTheirVerdictsAndTotals_NoSmallNumeratorOrRestCanBeComputed(double target)
    {
        var cells = Enumerable.Range(50, 7).SelectMany(static d => Enumerable.Range(0, 8).SelectMany(
            few => ((int[])[few, d - few]).Select(n => (D: (long)d, N: (long)n)))).ToList();
        var worlds = from a in cells from b in cells select (A: a, B: b);
        foreach (var group in worlds.GroupBy(world => Published([Rated(world.A, target), Rated(world.B, target)], target)))
        {
            AssertUncertain(group.Select(static world => world.A.N));
            AssertUncertain(group.Select(static world => world.A.D - world.A.N));
            AssertUncertain(group.Select(static world => world.A.N + world.B.N));
        }
    }

    /// <summary>Each part may be anything that its own rounding leaves open, whatever the others are, and the total is right to its five.</summary>
    [Fact]
    public void ATotalOfManyParts_NarrowsNoneOfThemDown()
    {
        const int Seed = 1_405;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var round = 0; round < 20_000; round++)
        {
            long[] parts = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (long)random.Next(random.Next(1, 60)))];
            var (total, least) = (parts.Sum(), parts.Sum(SmallCells.Floor));
            var shown = SmallCells.FloorTotal(total, parts);
            Assert.True(shown % 5 == 0 && shown <= total && shown >= SmallCells.Floor(total) - 5, $"{shown} of {string.Join(' ', parts)}");
            // Where the others are at their most, each may still be at its least.
            Assert.True(shown <= least + (4 * (parts.Length - 1)));
        }
    }

    [Fact]
    public void WhatIsShown_AgreesWithItsVerdict()
    {
        var random = new Random(1_406);
        for (var round = 0; round < 20_000; round++)
        {
            var d = random.Next(50, 400);
            var n = random.Next(d + 1);
            var u = random.Next(3) == 0 ? random.Next(d - n + 1) : 0;
            var frame = Frame([new BoardUnit("1", "", "", true, new Dictionary<string, FigureCell> { [Ratio] = Judged(d, n, u, 0.7) }, 0, 0)], 0.7);
            var cell = SmallCells.Hide(frame).Units[0].Cells[Ratio];
            Assert.Equal(frame.Units[0].Cells[Ratio].S, cell.S);
            Assert.True((cell.S == FigureState.Ok) == (cell.V >= 0.7) && (cell.S != FigureState.Breach || (cell.Most ?? cell.V) < 0.7), $"{d} {n} {u}: {cell}");
            Assert.True(cell.S != FigureState.NotObserved || cell.Most >= 0.7, $"{d} {n} {u}: {cell}");
            Assert.InRange(Math.Abs((double)n / d - cell.V!.Value), 0, 0.12);
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
        Assert.Equal((0, 5), (shown.Units[0].Open, shown.Units[0].Overdue));
        Assert.Equal([0, 10], shown.Gauges.Values);
        Assert.Contains("không công bố số dưới 5", Assert.Single(shown.Trust.Notes!));
    }

    /// <summary>A count of one to four cases has another that is as likely: all worlds given look the same.</summary>
    private static void AssertUncertain(IEnumerable<long> counts)
    {
        var possible = counts.Distinct().ToList();
        Assert.False(possible is [> 0 and < 5], $"only {possible[0]} is possible");
    }

    /// <summary>All that a public board says, as text.</summary>
    private static string Published(Dictionary<string, FigureCell>[] units, double? target = null)
    {
        var shown = SmallCells.Hide(Frame([.. units.Select(static (cells, number) => new BoardUnit($"{number}", "", "", true, cells, 0, 0))], target));
        return string.Join(';', shown.Units.Select(static unit => unit.Cells).Append(shown.Headline)
            .SelectMany(static cells => cells.Values.Select(static cell => $"{cell.D},{cell.N},{cell.U},{cell.V},{cell.S},{cell.Hidden}")));
    }

    private static Dictionary<string, FigureCell> Counted(long d) => new() { [Volume] = Cell(d, null) };

    private static Dictionary<string, FigureCell> Rated((long D, long N) cell, double target) =>
        new() { [Ratio] = Judged(cell.D, cell.N, 0, target), [Volume] = Cell(cell.D, null) };

    private static FigureCell Judged(long d, long n, long u, double target) =>
        new(d, n, n >= target * d ? FigureState.Ok : n + u < target * d ? FigureState.Breach : FigureState.NotObserved)
        {
            U = u > 0 ? u : null,
        };

    private static FigureCell Cell(long d, long? n) => new(d, n, FigureState.Ok);

    private static BoardUnit Unit(int number, Random random, int most)
    {
        var d = random.Next(most);
        return new BoardUnit($"{number}", "", "", true, new Dictionary<string, FigureCell>
        {
            [Ratio] = Cell(d, random.Next(d + 1)),
            [Volume] = Cell(random.Next(most), null),
        }, 0, 0);
    }

    private static BoardFrame Frame(IReadOnlyList<BoardUnit> units, double? target = null) => new()
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
        Figures = target is null ? [] : [new BoardFigure(Ratio, "", "", "", false, target, "")],
        Headline = units[0].Cells.Keys.ToDictionary(static kpi => kpi, kpi => kpi == Volume ? Cell(units.Sum(unit => unit.Cells[kpi].D), null) : Judged(
            units.Sum(unit => unit.Cells[kpi].D), units.Sum(unit => unit.Cells[kpi].N!.Value), units.Sum(unit => unit.Cells[kpi].U ?? 0), target ?? 0.5)),
        Gauges = new Dictionary<string, long>(),
        Units = units,
        LowVolume = new BoardLowVolume(50, "", null, false, []),
        Alerts = [],
        Trust = new BoardTrust("r", "d", 0, 0, 0, 0, 0, [], [], BoardSelfCheck.Pending),
    };
}
