namespace KpiStream.Engine.Tests.Windowing;

/// <summary>Rows used for one stretch of time after another, against counters recreated for each.</summary>
public sealed class UnitCountersTests(ITestOutputHelper output)
{
    private const int Units = 200;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnyStretches_CountAsOnesOfTheirOwn(bool rollUp)
    {
        const int Seed = 17_032;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var parents = Parents(random);
        var counters = new UnitCounters(3, Code, rollUp ? Directory(parents) : null);
        for (var stretch = 0; stretch < 60; stretch++)
        {
            counters.Clear();
            Dictionary<string, int[]> expected = [];
            for (var i = random.Next(600); i > 0; i--)
            {
                // One code in ten is in no directory, and belongs to the only province.
                var (unit, lane, add) = (random.Next(Units + Units / 10), random.Next(3), random.Next(-5, 6));
                foreach (var place in counters.PlacesOf(unit))
                {
                    counters[place][lane] += add;
                }

                foreach (var shown in rollUp ? Path(parents, unit) : [Code(unit)])
                {
                    expected.TryAdd(shown, new int[3]);
                    expected[shown][lane] += add;
                }
            }

            Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), counters.Units.Order(StringComparer.Ordinal));
            foreach (var (unit, row) in expected)
            {
                Assert.Equal(row, counters.Of(unit).ToArray());
            }

            Assert.True(counters.Of("none").IsEmpty);
        }
    }

    private static string Code(int unit) => $"u{unit}";

    /// <summary>By unit the one above it: 0 is the nation, 1 its province, and all others lie somewhere below that.</summary>
    private static int[] Parents(Random random) => [-1, 0, .. Enumerable.Range(2, Units - 2).Select(unit => random.Next(1, unit))];

    private static UnitDirectory Directory(int[] parents)
    {
        List<string> problems = [];
        var directory = UnitDirectory.TryCreate(
            [.. parents.Select((parent, unit) => new UnitRow(
                Code(unit), Code(unit), unit == 1 ? "tỉnh" : "xã", parent < 0 ? null : Code(parent), null, null, null, []))],
            "test", problems);
        Assert.Empty(problems);
        return directory!;
    }

    private static IEnumerable<string> Path(int[] parents, int unit)
    {
        yield return Code(unit);
        for (var above = unit < Units ? parents[unit] : 1; above >= 0; above = parents[above])
        {
            yield return Code(above);
        }
    }
}
