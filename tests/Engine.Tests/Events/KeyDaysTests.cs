namespace KpiStream.Engine.Tests.Events;

/// <summary>What a source states by day.</summary>
public sealed class KeyDaysTests
{
    private static readonly int First = LocalTime.DayOf(new DateOnly(2025, 7, 1));

    /// <summary>Against a dictionary: shards, their order, and restarts at any place change no count of a day.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheNewestDays_AreCountedWhateverTheOrderShardsAndRestarts(int seed)
    {
        var (random, sources, naive) = (new Random(seed), new CodeTable(), new Dictionary<(string, int), long[]>());
        StreamCounter[] shards = [new(sources), new(sources), new(sources)];
        for (var number = 0; number < 4_000; number++)
        {
            // Some days newer by and by, some any of two months.
            var day = First + (random.Next(3) == 0 ? random.Next(60) : number / 80);
            var source = $"s{random.Next(2)}";
            var stated = ((uint)random.Next() & CaseKeys.Registers) | CaseKeys.Required;
            var counted = new CaseEvent { Stated = stated, Stamp = new Stamp(LocalTime.StartOfDay(day), 0) };
            counted.Values.Source = sources.Intern(source);
            var shard = random.Next(shards.Length);
            shards[shard].Add(in counted);
            var counts = naive.TryGetValue((source, day), out var known) ? known : naive[(source, day)] = new long[CaseKeys.Count];
            for (var key = 0; key < CaseKeys.Count; key++)
            {
                counts[key] += (stated & CaseKeys.Registers) >> key & 1;
            }

            if (random.Next(500) == 0)
            {
                var saved = shards[shard].Copy();
                shards[shard] = new StreamCounter(sources);
                shards[shard].Add(saved);
            }
        }

        var all = shards.Aggregate(StreamCounts.Empty, static (sum, shard) => sum.With(shard.Copy()));
        foreach (var source in all.Sources)
        {
            var expected = naive.Where(one => one.Key.Item1 == source.Source).OrderBy(static one => one.Key.Item2).ToList();
            Assert.Equal(expected.TakeLast(32).Select(static one => $"{one.Key.Item2}: {string.Join(' ', one.Value)}"),
                source.Days.Select(static day => $"{day.Day}: {string.Join(' ', day.Counts)}"));
            Assert.Equal(Enumerable.Range(0, CaseKeys.Count).Select(key => expected.Sum(one => one.Value[key])), source.Counts);
        }

        Assert.Equal(2, all.Sources.Count);
    }
}
