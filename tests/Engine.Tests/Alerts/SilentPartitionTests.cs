using KpiStream.Engine.Alerts;
using KpiStream.Engine.Arrivals;

namespace KpiStream.Engine.Tests.Alerts;

/// <summary>A partition that gives nothing though the others continue.</summary>
public sealed class SilentPartitionTests
{
    private const int Partitions = 12;
    private const long Minute = 60_000;
    private static readonly long Begin = LocalTime.StartOfDay(LocalTime.DayOf(new DateOnly(2025, 9, 8)));
    private static readonly SilentPartitionRule Rule = new() { Figure = "" };

    /// <summary>
    /// Seeded: cases of one to ten events at once, a province of 6,000 events on a working day, nights and weekends; the past read partition by partition, a
    /// restart. Then one partition dies.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void HealthyPartitions_AreNeverNamedAndADeadOneIsFoundInHours(int seed)
    {
        var (random, arrivals, calendar) = (new Random(seed), new PartitionArrivals(), WorkingCalendar.WeekdaysOnly);
        for (var record = 0; record < 60_000; record++)
        {
            arrivals.Add(record / 5_001, Begin - 1); // 12 partitions, one after the other
        }

        arrivals.Settle();
        arrivals.IsLive = true;
        var (deadAt, foundAt) = (Begin + (28 * LocalTime.MillisPerDay) + (10 * 60 * Minute), 0L);
        for (var now = Begin; now < deadAt + (12 * 60 * Minute) && foundAt == 0; now += Minute)
        {
            var perMinute = calendar.IsOpen(now) ? 2.3 : 0.02;
            for (var cases = perMinute - random.NextDouble(); cases > 0; cases--)
            {
                var partition = random.Next(Partitions);
                for (var events = now >= deadAt && partition == 5 ? 0 : 1 + random.Next(10); events > 0; events--)
                {
                    arrivals.Add(partition, now);
                }
            }

            arrivals.Settle();
            if (random.Next(3_000) == 0)
            {
                arrivals = Restarted(arrivals);
            }

            var named = arrivals.Read().Where(one => Judge(one, now) == Judgement.Met).Select(static one => one.Partition).ToList();
            Assert.True(named.Count == 0 || (now >= deadAt && named is [5]), $"seed {seed}: {string.Join(',', named)} at minute {(now - Begin) / Minute}");
            foundAt = named.Count > 0 ? now : 0;
        }

        Assert.InRange(foundAt - deadAt, 15 * Minute, 5 * 60 * Minute);
        Assert.Equal(Judgement.Between, Judge(arrivals.Read()[4], foundAt + (60 * Minute)));
        Assert.Equal(Judgement.Met, Judge(Restarted(arrivals).Read()[5], foundAt + (60 * Minute)));
        Assert.Equal(Judgement.Clear, Judge(arrivals.Read()[5], foundAt + SilentPartitionRule.GoneMillis + Minute));
        arrivals.Add(5, foundAt);
        arrivals.Settle();
        Assert.Equal(Judgement.Clear, Judge(arrivals.Read()[5], foundAt + Minute));
    }

    /// <summary>A producer without keys fills one partition at a time: long pauses are each one's rhythm.</summary>
    [Fact]
    public void PartitionsFilledOneAtATime_AreNotNamed()
    {
        var arrivals = new PartitionArrivals { IsLive = true };
        for (var record = 0; record < 200_000; record++)
        {
            var now = Begin + (record * 1_000L);
            arrivals.Add(record / 700 % 4, now);
            arrivals.Settle();
            Assert.True(record < 6_000 || arrivals.Read().All(one => Judge(one, now) != Judgement.Met), $"record {record}");
        }
    }

    [Fact]
    public void APartitionThatNeverHadACase_IsNotRead()
    {
        var arrivals = new PartitionArrivals { IsLive = true };
        for (var record = 0; record < 50_000; record++)
        {
            arrivals.Add(record % 3, Begin);
        }

        arrivals.Add(PartitionArrivals.MostPartitions, Begin);
        arrivals.Settle();
        Assert.Equal([0, 1, 2], arrivals.Read().Select(static one => one.Partition));
    }

    /// <summary>Shares, gaps and the tail against a list of the newest records.</summary>
    [Fact]
    public void Counts_AreThoseOfTheRecords()
    {
        const int seed = 7;
        var (random, arrivals, records) = (new Random(seed), new PartitionArrivals { IsLive = true }, new List<int>());
        for (var step = 0; step < 2_000; step++)
        {
            records.Add(Math.Min(random.Next(5), random.Next(5)));
            arrivals.Add(records[^1], Begin + step);
            arrivals.Settle();
            foreach (var one in arrivals.Read())
            {
                var (last, count) = (records.LastIndexOf(one.Partition), records.Count(partition => partition == one.Partition));
                Assert.Equal((count, records.Count, step - last, Begin + last), (one.Records, one.All, one.Meanwhile, one.LastAt));
                var chance = count < 30 ? 1 : Math.Pow(1 - ((double)count / records.Count), (step - last) / 10.0);
                Assert.Equal(chance, Math.Exp(-one.Improbability), 9);
            }
        }
    }

    [Fact]
    public void TheCause_IsTheTopicAndTheRestWaits()
    {
        Assert.Equal("source:ho-so", Rule.CauseOf("ho-so/3"));
        Assert.Equal("source:a/b", Rule.CauseOf("a/b/3"));
        Assert.True(Rule.Inhibits);
        Assert.Equal(Judgement.Missing, Rule.Judge(new AlertReading(Rule, "ho-so/3", 0, null, null, HasData: true), Begin));
    }

    private static PartitionArrivals Restarted(PartitionArrivals before)
    {
        var after = new PartitionArrivals();
        after.Restore(before.Read());
        after.IsLive = true;
        return after;
    }

    private static Judgement Judge(PartitionArrival one, long now) =>
        Rule.Judge(new AlertReading(Rule, $"ho-so/{one.Partition}", 0, null, null, HasData: true) { Partition = one }, now);
}
