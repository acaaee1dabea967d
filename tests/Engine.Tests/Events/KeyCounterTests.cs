namespace KpiStream.Engine.Tests.Events;

/// <summary>Counts of keys against plain counting.</summary>
public sealed class KeyCounterTests(ITestOutputHelper output)
{
    [Fact]
    public void AnyMasks_CountAsOneByOne()
    {
        const int Seed = 41_000;
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var expected = new long[CaseKeys.Count];
        var counter = new KeyCounter();
        for (var i = 0; i < 20_000; i++)
        {
            var mask = i % 3 == 0 ? (uint)random.NextInt64(1L << CaseKeys.Count) : i % 3 == 1 ? uint.MaxValue : 0b1011u;
            counter.Add(mask);
            for (var key = 0; key < expected.Length; key++)
            {
                expected[key] += (mask >> key) & 1;
            }
        }

        Assert.Equal(expected, counter.ToArray());
        Assert.Equal(uint.MaxValue, counter.Keys);
    }

    [Fact]
    public void CountsOfAnEarlierRun_AreAdded()
    {
        var counter = new KeyCounter();
        counter.Add(0b111);
        counter.Add(0b101);
        counter.Add([5, 0, (1L << 40) + 3]);
        Assert.Equal([7, 1, (1L << 40) + 5], counter.ToArray()[..3]);
        Assert.Equal(0b111u, counter.Keys);
    }
}
