namespace KpiStream.Engine.Tests.Windowing;

/// <summary>Rows walked in the export's order, against rows that are sorted by the UTF-8 bytes of kpi, unit, period and from.</summary>
public sealed class ExportTableTests(ITestOutputHelper output)
{
    // Beyond the basic plane and right below it: UTF-16 and UTF-8 order these two the other way round.
    private static readonly string[] Beginnings = ["a", "A", "Đ", "\uFFFD", "\U0001F3E0", "0", "?"];

    [Fact]
    public void AnyCounts_ComeAsIfTheyWereSorted()
    {
        const int Seed = 17_031;
        output.WriteLine($"seeds {Seed} to {Seed + 199}");
        var rows = 0;
        for (var seed = Seed; seed < Seed + 200; seed++)
        {
            var (expected, found) = Filled(new Random(seed));
            expected.Sort(CompareBytes);
            Assert.True(expected.SequenceEqual(found), $"seed {seed}");
            rows += found.Length;
        }

        output.WriteLine($"{rows} rows");
        Assert.True(rows > 10_000);
    }

    [Fact]
    public void NothingAdded_HasNoRows()
    {
        var table = new ExportTable(["b", "a"], [true, false]);
        Assert.Empty(table.Rows());
        table.Begin("day", "2026-11-27", "2026-11-27");
        table.Begin("33");
        Assert.Empty(table.Rows());
    }

    [Fact]
    public void Columns_AreInTheOrderOfTheirNames() => Assert.Equal([2, 1, 0], new ExportTable(["b", "a", "B"], [true, true, true]).Columns.ToArray());

    /// <summary>A table of random kpis, units and stretches, and the rows that were put into it.</summary>
    private static (List<FigureRow> Expected, FigureRow[] Found) Filled(Random random)
    {
        var kpis = Names(random, random.Next(1, 12));
        var units = Names(random, random.Next(1, 12));
        var isRatio = Array.ConvertAll(kpis, _ => random.Next(2) == 0);
        var table = new ExportTable(kpis, isRatio);
        List<FigureRow> expected = [];
        (string Period, int From)[] stretches = [.. from period in new[] { "month", "day", "30d" } from day in Enumerable.Range(1, 3) select (period, day)];
        random.Shuffle(stretches);
        foreach (var (period, day) in stretches[..random.Next(stretches.Length + 1)])
        {
            var (from, to) = ($"2026-11-{day:00}", $"2026-12-{day:00}");
            table.Begin(period, from, to);
            random.Shuffle(units);
            foreach (var unit in units[..random.Next(units.Length + 1)])
            {
                table.Begin(unit);
                foreach (var column in table.Columns)
                {
                    if (random.Next(3) > 0)
                    {
                        var count = new FigureCount(random.Next(), random.Next(), random.Next());
                        table.Add(column, count);
                        expected.Add(new FigureRow(kpis[column], unit, period, from, to, count.Denominator,
                            isRatio[column] ? count.Numerator : null, isRatio[column] ? count.Unobserved : null));
                    }
                }
            }
        }

        return (expected, [.. table.Rows()]);
    }

    private static string[] Names(Random random, int count)
    {
        var names = new HashSet<string>();
        while (names.Count < count)
        {
            names.Add($"{Beginnings[random.Next(Beginnings.Length)]}{random.Next(20)}");
        }

        return [.. names];
    }

    private static int CompareBytes(FigureRow left, FigureRow right)
    {
        string[] ours = [left.Kpi, left.Unit, left.Period, left.From], theirs = [right.Kpi, right.Unit, right.Period, right.From];
        return ours.Zip(theirs, static (one, other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)))
            .FirstOrDefault(static order => order != 0);
    }
}
