using System.Text.Json;
using KpiStream.Engine.Boards;

namespace KpiStream.Engine.Tests.Boards;

public class FigureCellsTests(ITestOutputHelper output)
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());

    [Fact]
    public void Cells_AreWhatADictionaryOfThemIs()
    {
        const int seed = 1601;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (seen, known) = Draw(random);
        for (var round = 0; round < 500; round++)
        {
            var (cells, same) = round % 3 == 0 ? Draw(random) : Change(known, random);
            AssertSame(same, cells);

            Assert.True(cells.TryChanges(seen, out var changes));
            AssertSame(same.Where(cell => !known.TryGetValue(cell.Key, out var old) || old != cell.Value).ToDictionary(), changes ?? Draw([]));
            Assert.Equal(changes is null, same.All(cell => known.TryGetValue(cell.Key, out var old) && old == cell.Value));
            (seen, known) = (cells, same);
        }
    }

    [Fact]
    public void Cells_OfAnotherRulebookAreNotCompared() =>
        Assert.False(Draw(Rules.FigureIds, []).TryChanges(Draw(new CompiledRulebook(Shipped.Rulebook()).FigureIds, []), out _));

    [Fact]
    public void Ratios_AreWrittenToSixDecimalsOfWhatTheyAre()
    {
        const int seed = 1602;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 50_000; round++)
        {
            var d = round % 2 == 0 ? random.Next(1, 400) : random.Next(1, 1_000_000_000);
            var cell = new FigureCell(d, random.Next(d + 1), FigureState.None) { U = 1 };
            var json = JsonSerializer.SerializeToElement(cell with { N = Math.Min(cell.N!.Value, d - 1) }, JsonSerializerOptions.Web);
            var n = Math.Min(cell.N.Value, d - 1);
            Assert.Equal(Math.Floor(1_000_000m * n / d) / 1_000_000, json.GetProperty("v").GetDecimal());
            Assert.Equal(Math.Ceiling(1_000_000m * (n + 1) / d) / 1_000_000, json.GetProperty("most").GetDecimal());
            Assert.DoesNotMatch("\\.[0-9]*0$", json.GetProperty("v").GetRawText());
        }
    }

    private static void AssertSame(Dictionary<string, FigureCell> expected, FigureCells cells)
    {
        Assert.Equal(expected.Count, cells.Count);
        Assert.Equal(expected.OrderBy(static one => one.Key), cells.OrderBy(static one => one.Key));
        Assert.Equal(cells.Keys, cells.Select(static one => one.Key));
        Assert.Equal(cells.Values, cells.Select(static one => one.Value));
        foreach (var id in Rules.Figures.Select(static figure => figure.Definition.Id).Append("none"))
        {
            Assert.Equal(expected.TryGetValue(id, out var cell), cells.TryGetValue(id, out var there));
            Assert.Equal(cell, there);
            Assert.Equal(expected.ContainsKey(id), cells.ContainsKey(id));
        }
    }

    private static (FigureCells Cells, Dictionary<string, FigureCell> Same) Draw(Random random) =>
        Cut(Enumerable.Range(0, Rules.Figures.Count).Select(_ => Cell(random)).ToArray(), random);

    private static (FigureCells Cells, Dictionary<string, FigureCell> Same) Change(Dictionary<string, FigureCell> known, Random random) =>
        Cut([.. Rules.Figures.Select(figure => known.TryGetValue(figure.Definition.Id, out var old) && random.Next(4) > 0 ? old : Cell(random))], random);

    private static (FigureCells Cells, Dictionary<string, FigureCell> Same) Cut(FigureCell[] cells, Random random)
    {
        var kept = Rules.Figures.Select(static figure => figure.Definition.Id).Where(_ => random.Next(5) > 0).ToHashSet();
        return (FigureCells.Of(Rules.FigureIds, cells).Only(kept),
            Rules.Figures.Where(figure => kept.Contains(figure.Definition.Id))
                .ToDictionary(static figure => figure.Definition.Id, figure => cells[figure.Number]));
    }

    private static FigureCells Draw(HashSet<string> kept) => Draw(Rules.FigureIds, kept);

    private static FigureCells Draw(FigureIds ids, HashSet<string> kept) => FigureCells.Of(ids, new FigureCell[ids.Count]).Only(kept);

    private static FigureCell Cell(Random random)
    {
        var d = random.Next(3);
        return new FigureCell(d, random.Next(d + 1), FigureState.Ok) { U = random.Next(3) == 0 ? 1 : null };
    }
}
