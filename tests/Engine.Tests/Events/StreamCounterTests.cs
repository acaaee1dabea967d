namespace KpiStream.Engine.Tests.Events;

/// <summary>What a stream states, by source and by day.</summary>
public sealed class StreamCounterTests
{
    private static readonly int Day = LocalTime.DayOf(new DateOnly(2026, 11, 26));

    [Fact]
    public void SourcesBeyondTheBound_AreCountedTogether()
    {
        var sources = new CodeTable();
        var counter = new StreamCounter(sources);
        for (var number = 0; number < StreamCounter.MostSources + 3; number++)
        {
            Add(counter, sources, $"s{number}", 1u << (int)CaseKey.Presence);
        }

        Add(counter, sources, "s0", 0);
        var counts = counter.Copy();
        Assert.Equal(StreamCounter.MostSources + 1, counts.Sources.Count);
        Assert.Equal((2, 3), (Of(counts, "s0").Events, Of(counts, "").Events));
        Assert.Equal(1, Of(counts, "s0").Counts[(int)CaseKey.Presence]);
        Assert.Equal(StreamCounter.MostSources + 4, counts.Events);
    }

    [Fact]
    public void CountsAddedAgain_AreTheSame()
    {
        var sources = new CodeTable();
        var counter = new StreamCounter(sources);
        for (var number = 0; number < 90; number++)
        {
            Add(counter, sources, $"s{number % 70}", (uint)number);
        }

        // An engine that resumes from a checkpoint has its code tables first.
        var again = new StreamCounter(sources);
        again.Add(counter.Copy());
        Same(counter.Copy(), again.Copy());
        Same(counter.Copy().With(counter.Copy()), Twice(again, counter.Copy()));
    }

    [Fact]
    public void EventsInRuns_CountAsOneByOne()
    {
        const int seed = 61;
        var (random, sources) = (new Random(seed), new CodeTable());
        var (counter, keys, days) = (new StreamCounter(sources), new Dictionary<(string, CaseKey), long>(), new SortedDictionary<int, long>());
        var (source, stated, day) = ("a", 0u, Day);
        for (var number = 0; number < 3_000; number++)
        {
            source = random.Next(5) == 0 ? $"s{random.Next(3)}" : source;
            stated = random.Next(5) == 0 ? (uint)random.Next() & CaseKeys.Registers : stated;
            day = random.Next(5) == 0 ? Day + random.Next(-1, 2) : day;
            Add(counter, sources, source, stated, day);
            days[day] = days.GetValueOrDefault(day) + 1;
            foreach (var key in Enum.GetValues<CaseKey>().Where(key => ((stated | CaseKeys.Required) & CaseKeys.Registers & (1u << (int)key)) != 0))
            {
                keys[(source, key)] = keys.GetValueOrDefault((source, key)) + 1;
            }

            if (random.Next(100) == 0 || number == 2_999)
            {
                var counts = counter.Copy();
                Assert.Equal(days.Select(static one => (one.Key, one.Value)), counts.Days);
                Assert.All(keys, one => Assert.Equal(one.Value, Of(counts, one.Key.Item1).Counts[(int)one.Key.Item2]));
            }
        }
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2099-12-31T23:59:59.999Z")]
    public void TheFirstAndTheLastInstantOfTheContract_AreCounted(string at)
    {
        var counter = new StreamCounter(new CodeTable());
        Assert.True(InstantText.TryParse(System.Text.Encoding.UTF8.GetBytes(at), out var millis));
        counter.AddDay(millis);
        Assert.Equal((LocalTime.DayOf(millis), 1), Assert.Single(counter.Copy().Days));
        Assert.True(DayCounter.IsDay(LocalTime.DayOf(millis)));
    }

    private static StreamCounts Twice(StreamCounter counter, StreamCounts more)
    {
        counter.Add(more);
        return counter.Copy();
    }

    private static SourceKeys Of(StreamCounts counts, string source) => counts.Sources.Single(one => one.Source == source);

    private static void Same(StreamCounts expected, StreamCounts actual)
    {
        Assert.Equal(expected.Days, actual.Days);
        Assert.Equal(expected.Sources.Select(source => $"{source.Source}: {string.Join(' ', source.Counts)}"),
            actual.Sources.Select(source => $"{source.Source}: {string.Join(' ', source.Counts)}"));
    }

    private static void Add(StreamCounter counter, CodeTable sources, string source, uint stated, int? day = null)
    {
        var counted = new CaseEvent { Stated = stated | CaseKeys.Required, Stamp = new Stamp(LocalTime.StartOfDay(day ?? Day), 0) };
        counted.Values.Source = sources.Intern(source);
        counter.Add(in counted);
    }
}
