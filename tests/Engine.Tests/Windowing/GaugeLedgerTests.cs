namespace KpiStream.Engine.Tests.Windowing;

/// <summary>Gauges against looking at every case anew, while now moves in milliseconds.</summary>
public class GaugeLedgerTests(ITestOutputHelper output)
{
    private const long Start = 1_751_300_000_000;

    private static readonly IReadOnlyList<string> Codes = [.. Enumerable.Range(0, 2_001).Select(static unit => $"u{unit}")];

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

    [Fact]
    public void AFewUnitsChanged_TheirRowsAloneAreCopied()
    {
        const int Units = 2_000;
        var ledger = new GaugeLedger();
        ledger.AdvanceTo(Start);
        var open = (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Open);
        for (var unit = 1; unit <= Units; unit++)
        {
            ledger.Add(new CaseFacts(open, 0, 0, 0, 0, Start + unit, unit, unit), 1);
        }

        var directory = Shipped.Units("hungyen");
        var (before, version) = (ledger.Sums(Self), ledger.Version);
        ledger.AdvanceTo(Start + 8);
        var (after, some) = Allocated(() => ledger.SumsAfter(before, version, Self));
        var (fresh, all) = Allocated(() => ledger.Sums(Self));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], after.Where(row => !ReferenceEquals(row.Value, before[row.Key])).Select(row => row.Key).Order());
        AssertSame(fresh, after);
        var known = new UnitTotals(before, Text, directory);
        var (_, moved) = Allocated(() => new UnitTotals(known, [(before, after)], Text, directory));
        var (_, anew) = Allocated(() => new UnitTotals(fresh, Text, directory));
        output.WriteLine($"of {Units} units 7 changed: {some:N0} + {moved:N0} bytes; all copied: {all:N0} + {anew:N0}");

        // Tables of references, and few rows.
        Assert.InRange(some, 1, (Units * 32) + 3_000);
        Assert.True((some + moved) * 3 < all + anew, "copying what has changed costs more than a third of copying everything");
        static int Self(int unit) => unit;
        string Text(int unit) => Codes[unit];
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    public void RandomMoves_AreCopiedAsByACopyOfEverything(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var ledger = new GaugeLedger();
        static int HandledBy(int unit) => unit % 7;
        var directory = Shipped.Units("hungyen");
        var (kept, now) = (ledger.Sums(HandledBy), Start);
        var totals = new UnitTotals(kept, unit => Codes[unit], directory);
        for (var round = 0; round < LongRuns.Scale(300); round++)
        {
            var version = ledger.Version;
            for (var count = random.Next(4); count > 0; count--)
            {
                ledger.Add(new CaseFacts((ulong)random.NextInt64(), 0, 0, 0, 0, Due(random), random.Next(1, 400), 1), 1);
            }

            now += random.Next((int)LocalTime.MillisPerDay / 8);
            ledger.AdvanceTo(now);
            var (after, fresh) = (ledger.SumsAfter(kept, version, HandledBy), ledger.Sums(HandledBy));
            AssertSame(fresh, after);
            var moved = new UnitTotals(totals, [(kept, after)], unit => Codes[unit], directory);
            var anew = new UnitTotals(fresh, unit => Codes[unit], directory);
            Assert.Equal(anew.Units.Order(), moved.Units.Order());
            Assert.All(anew.Units, unit => Assert.True(anew.IsSame(unit, moved), unit));
            (kept, totals) = (after, moved);
        }
    }

    private static void AssertSame(Dictionary<int, int[]> expected, Dictionary<int, int[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected, row => Assert.Equal(row.Value, actual[row.Key]));
    }

    private static (T Made, long Bytes) Allocated<T>(Func<T> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = make();
        return (made, GC.GetAllocatedBytesForCurrentThread() - before);
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
