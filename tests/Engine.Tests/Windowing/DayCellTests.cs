namespace KpiStream.Engine.Tests.Windowing;

/// <summary>A unit's day as a list of sets and as a row of lanes: the same counters either way.</summary>
public class DayCellTests(ITestOutputHelper output)
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());

    [Theory]
    [InlineData(20)]
    [InlineData(2_000)]
    public void StepsForwardAndBack_CountAsARowOfLanesCounts(int different)
    {
        const int seed = 51;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sets = new LaneSets(Rules);
        var words = Enumerable.Range(0, different)
            .Select(_ => (ulong)random.NextInt64(1L << (int)Condition.FirstList) & ~(1UL << (int)Condition.Linked)).ToArray();
        var cells = new DayCells(sets, Rules.LaneCount);
        var held = new List<int>();
        for (var step = 0; step < 4_000; step++)
        {
            var isLeaving = held.Count > 0 && random.Next(3) == 0;
            var set = isLeaving ? held[random.Next(held.Count)] : sets.Of(Rules.Groups[random.Next(Rules.Groups.Count)], words[random.Next(words.Length)], 0);
            cells.Apply(1, 1, isLeaving ? sets.Between(set, LaneSets.None) : sets.Between(LaneSets.None, set), 1, version: 1);
            _ = isLeaving ? held.Remove(set) : Added(held, set);
        }

        Assert.Equal(Expected(held, sets), RowOf(cells));
        foreach (var set in held)
        {
            cells.Apply(1, 1, sets.Between(set, LaneSets.None), 1, version: 1);
        }

        Assert.True(cells.On(1)![1].IsEmpty);
    }

    private static bool Added(List<int> held, int set)
    {
        held.Add(set);
        return true;
    }

    private static int[] Expected(List<int> held, LaneSets sets)
    {
        var row = new int[Rules.LaneCount];
        foreach (var lane in held.SelectMany(set => sets[set].ToArray()))
        {
            row[lane]++;
        }

        return row;
    }

    private static int[] RowOf(DayCells cells)
    {
        var row = new int[Rules.LaneCount];
        cells.AddTo(row, cells.On(1)![1]);
        return row;
    }
}
