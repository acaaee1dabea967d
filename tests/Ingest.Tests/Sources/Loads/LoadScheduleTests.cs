using KpiStream.Ingest.Sources.Loads;

namespace KpiStream.Ingest.Tests.Sources.Loads;

/// <summary>When events are due: the arithmetic of every pace, against its naive meaning.</summary>
public sealed class LoadScheduleTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void RecordedPace_IsDividedByTheFactorAndNeverGoesBack()
    {
        var schedule = new LoadSchedule(new RecordedPace(60));

        Assert.Equal([0, 1 * Second, 1 * Second, 2 * Second], new long[] { 5_000, 65_000, 35_000, 125_000 }.Select(time => schedule.Next(time)!.Value));
    }

    [Fact]
    public void FixedRate_IsEvenWhateverWasRecorded()
    {
        var schedule = new LoadSchedule(RatePace.Fixed(4));

        Assert.Equal([0, Second / 4, Second / 2], new long[] { 9, 9, 1_000_000 }.Select(time => schedule.Next(time)!.Value));
    }

    [Theory]
    [InlineData(100, 1_000, 10)]
    [InlineData(1_000, 100, 10)]
    [InlineData(500, 500.0001, 3)]
    public void Ramp_HasSentTheIntegralOfItsRateAtEveryMoment(double from, double to, int seconds)
    {
        var pace = new RatePace("ramp", [new RateSegment(from, to, TimeSpan.FromSeconds(seconds))]);
        var dues = Enumerable.Range(0, int.MaxValue).Select(index => pace.DueNanos(index, 0)).TakeWhile(due => due is not null).Select(due => due!.Value / 1e9)
            .ToList();

        Assert.Equal((from + to) / 2 * seconds, dues.Count, 1.0);
        foreach (var (index, at) in dues.Index())
        {
            Assert.Equal(index, (from * at) + ((to - from) * at * at / (2 * seconds)), 0.01);
        }
    }

    [Fact]
    public void Spike_SendsEachStretchAtItsOwnRateAndThenEnds()
    {
        var pace = new RatePace("spike", [Even(100, 2), Even(1_000, 1), Even(100, 2)]);
        var dues = Enumerable.Range(0, 1_400).Select(index => pace.DueNanos(index, 0)!.Value).ToList();

        Assert.Equal(new[] { 200, 1_000, 200 }, new (long From, long To)[] { (0, 2), (2, 3), (3, 5) }
            .Select(stretch => dues.Count(due => due >= stretch.From * Second && due < stretch.To * Second)));
        Assert.Null(pace.DueNanos(1_400, 0));
    }

    [Theory]
    [InlineData("2025-07-15T08:30:00+07:00", "2026-11-27T13:00:00+07:00")]
    [InlineData("2027-01-01T00:00:00+07:00", "2026-11-27T13:00:00+07:00")]
    [InlineData("2026-11-27T13:00:00+07:00", "2026-11-27T13:00:00+07:00")]
    public void ShiftToNow_KeepsWeekdayAndTimeOfDayAndEndsLessThanAWeekBeforeNow(string last, string now)
    {
        var (from, to) = (InstantOf(last), InstantOf(now));
        var shifted = from + WeekShift.ToNow(from, to);

        Assert.InRange(to - shifted, 0, (7 * 86_400_000L) - 1);
        Assert.Equal(LocalTime.DateOf(LocalTime.DayOf(from)).DayOfWeek, LocalTime.DateOf(LocalTime.DayOf(shifted)).DayOfWeek);
        Assert.Equal(InstantText.ToLocalMillis(from)[10..], InstantText.ToLocalMillis(shifted)[10..]);
    }

    [Fact]
    public void RandomPartitions_MergeByTimeWithEachInItsOwnOrder()
    {
        const int seed = 20260116;
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var clock = new PartitionClock();
            var events = Enumerable.Range(0, random.Next(1, 60)).Select(number => (Number: number, Partition: random.Next(4),
                Time: (long)random.Next(30))).ToList();
            var passes = events.Select(one => clock.Pass(one.Partition, one.Time)).ToList();
            var merged = PartitionClock.Merged(passes).Select(number => events[number]).ToList();

            Assert.True(events.Count == merged.Count && merged.Select(one => passes[one.Number]).Zip(merged.Skip(1).Select(one => passes[one.Number]))
                .All(pair => pair.First <= pair.Second), $"seed {seed}, round {round}: not by time");
            foreach (var partition in merged.GroupBy(one => one.Partition))
            {
                Assert.True(partition.Select(one => one.Number).SequenceEqual(partition.Select(one => one.Number).Order()), $"seed {seed}, round {round}");
            }

            Assert.True(clock.IsOrdered == merged.Select(one => one.Number).SequenceEqual(Enumerable.Range(0, events.Count)), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Copies_HaveCasesOfTheirOwnAndTheSameOnesEachTime()
    {
        var ids = Enumerable.Range(1, 2_000).Select(number => new CaseId((ulong)number, (ulong)(number * 31))).ToList();
        var all = Enumerable.Range(0, 20).SelectMany(copy => ids.Select(id => CaseRenaming.Of(id, copy))).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(all, Enumerable.Range(0, 20).SelectMany(copy => ids.Select(id => CaseRenaming.Of(id, copy))));
        Assert.Equal(default, CaseRenaming.Of(default, 7));
    }

    [Fact]
    public void DirtOfASeed_IsTheSameEachTimeAndAsFrequentAsAskedFor()
    {
        var rates = new DirtyRates(10_000, 20_000, 0, 5_000, 1_000);
        Dictionary<Dirt, int> Draw()
        {
            var draw = new DirtDraw(rates, 7);
            return Enumerable.Range(0, 100_000).Select(_ => draw.Next()).CountBy(dirt => dirt).ToDictionary();
        }

        var drawn = Draw();
        Assert.Equal(drawn, Draw());
        Assert.InRange(drawn[Dirt.Malformed], 900, 1_100);
        Assert.InRange(drawn[Dirt.Duplicate], 1_850, 2_150);
        Assert.InRange(drawn[Dirt.Future], 430, 570);
        Assert.False(drawn.ContainsKey(Dirt.Late));
    }

    private static RateSegment Even(double rate, int seconds) => new(rate, rate, TimeSpan.FromSeconds(seconds));

    private static long InstantOf(string text) => InstantText.TryParse(Encoding.UTF8.GetBytes(text), out var instant) ? instant
        : throw new FormatException(text);
}
