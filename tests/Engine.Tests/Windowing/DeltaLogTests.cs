namespace KpiStream.Engine.Tests.Windowing;

/// <summary>The delta log against a plain dictionary, by random operations.</summary>
public class DeltaLogTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomOperations_ShowWhatAPlainDictionaryHolds(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var log = new DeltaLog();
        var model = new Dictionary<(long Second, int Unit, int Word), int>();
        var dropped = -10_000L;
        for (var step = 0; step < LongRuns.Scale(3_000); step++)
        {
            var second = random.Next(-8_000, 12_000);
            if (random.Next(200) == 0)
            {
                // Whole hours go; the model forgets what the log may forget and never asks about it again.
                dropped = Math.Max(dropped, second);
                log.DropThrough(dropped);
                continue;
            }

            if (second > dropped)
            {
                var key = ((long)second / 7 * 7, random.Next(3), random.Next(3));
                var count = random.Next(2) == 0 ? 1 : -1;
                if (key.Item1 > dropped)
                {
                    log.Append(key.Item1, key.Item2, key.Item3, count);
                    model[key] = model.GetValueOrDefault(key) + count;
                }
            }

            if (step % 50 == 0)
            {
                AssertSame(log, model, Math.Max(dropped, random.Next(-9_000, 13_000)), random.Next(-9_000, 13_000));
            }
        }

        AssertSame(log, model, dropped, 20_000);
    }

    [Fact]
    public void ASecondCorrectedForEver_StaysSmall()
    {
        var log = new DeltaLog();
        for (var i = 0; i < 10_000; i++)
        {
            log.Append(5, 1, 2, 1);
            log.Append(5, 1, 2, -1);
        }

        Assert.InRange(log.Count, 0, 64);
    }

    [Fact]
    public void ABusySecondWithManyUnits_IsCompactedInProportion()
    {
        var log = new DeltaLog();
        for (var round = 0; round < 50; round++)
        {
            for (var unit = 0; unit < 1_000; unit++)
            {
                log.Append(5, unit, 0, 1);
            }
        }

        var seen = new Collecting { Sums = [] };
        log.Visit(4, 5, ref seen);
        Assert.All(seen.Sums.Values, sum => Assert.Equal(50, sum));
        Assert.Equal(1_000, seen.Sums.Count);
        Assert.InRange(log.Count, 1_000, 4_100);
    }

    private static void AssertSame(DeltaLog log, Dictionary<(long Second, int Unit, int Word), int> model, long after, long through)
    {
        var seen = new Collecting { Sums = [] };
        log.Visit(after, through, ref seen);
        Assert.Equal(
            model.Where(entry => entry.Key.Second > after && entry.Key.Second <= through && entry.Value != 0).OrderBy(entry => entry.Key),
            seen.Sums.Where(entry => entry.Value != 0).OrderBy(entry => entry.Key));
    }

    private struct Collecting : IDeltaVisitor
    {
        public required Dictionary<(long Second, int Unit, int Word), int> Sums;

        public readonly void Visit(long start, in Delta delta)
        {
            var key = (start + delta.Second, delta.Unit, delta.Word);
            Sums[key] = Sums.GetValueOrDefault(key) + delta.Count;
        }
    }
}
