namespace KpiStream.Engine.Tests.Windowing;

/// <summary>Gauges against looking at every case anew, while now moves in milliseconds.</summary>
public class GaugeLedgerTests(ITestOutputHelper output)
{
    private const long Start = 1_751_300_000_000;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void MovingNow_CountsAsLookingAtEveryCaseDoes(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var ledger = new GaugeLedger();
        var cases = new List<CaseFacts>();
        var now = long.MinValue;
        for (var step = 0; step < LongRuns.Scale(2_000); step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    now = Math.Max(now, Due(random));
                    ledger.AdvanceTo(now);
                    break;
                case 1 when cases.Count > 0:
                    var gone = random.Next(cases.Count);
                    ledger.Add(cases[gone], -1);
                    cases.RemoveAt(gone);
                    break;
                default:
                    cases.Add(new CaseFacts((ulong)random.NextInt64(), 0, 0, 0, 0, random.Next(5) == 0 ? 0 : Due(random), random.Next(1, 4), 1));
                    ledger.Add(cases[^1], 1);
                    break;
            }

            if (step % 20 == 0 && now > 0)
            {
                AssertSame(ledger, cases, now);
            }
        }
    }

    /// <summary>Within five days, at millisecond borders of the same few seconds, so that now stops in the middle of a second.</summary>
    private static long Due(Random random) =>
        Start + (LocalTime.MillisPerDay / 4 * random.Next(20)) + (1_000L * random.Next(2)) + random.Next(3);

    private static void AssertSame(GaugeLedger ledger, List<CaseFacts> cases, long now)
    {
        for (var unit = 1; unit < 4; unit++)
        {
            var counted = cases.Where(one => one.Handling == unit && one.Has(Condition.KindCase) && !one.Has(Condition.Linked)).ToList();
            var open = counted.Where(one => one.Has(Condition.Open)).ToList();
            int[] expected =
            [
                open.Count,
                counted.Count(one => one.Has(Condition.Paused)),
                counted.Count(one => one.Has(Condition.Waiting) && !one.Has(Condition.Paused)),
                open.Count(one => one.Due != 0 && one.Due < now),
                open.Count(one => one.Due >= now && one.Due < now + LocalTime.MillisPerDay),
            ];
            Assert.Equal(expected, ledger[unit].IsEmpty ? new int[Gauges.Count] : ledger[unit].ToArray());
        }
    }
}
