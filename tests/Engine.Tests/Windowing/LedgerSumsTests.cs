namespace KpiStream.Engine.Tests.Windowing;

/// <summary>A copy of what has changed since an earlier copy is the copy of everything, and costs what has changed.</summary>
public sealed class LedgerSumsTests(ITestOutputHelper output)
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());
    private static readonly Period[] Periods = [.. ((string[])["24h", "7d", "day", "month", "since:2025-01-01"]).Select(name => Period.TryParse(name)!)];
    private static readonly DateOnly Day = new(2025, 7, 15);
    private static readonly long Noon = LocalTime.SecondOf(new DateTimeOffset(2025, 7, 15, 12, 0, 0, TimeSpan.FromHours(7)).ToUnixTimeMilliseconds());

    [Fact]
    public void OneUnitChanged_ItsRowAloneIsCopied()
    {
        const int Units = 2_000;
        var (ledger, sets) = Ledger();
        var step = sets.Between(LaneSets.None, AnySet(sets, new Random(1)));
        for (var unit = 1; unit <= Units; unit++)
        {
            ledger.Move(new Place(unit, Noon), step);
        }

        foreach (var period in Periods)
        {
            var (before, version) = (LedgerSums.Of(ledger, period, Day, Day)!, ledger.Version);
            ledger.Move(new Place(7, Noon), step);
            var (after, some) = Allocated(() => LedgerSums.After(ledger, before, version));
            var (fresh, all) = Allocated(() => LedgerSums.Of(ledger, period, Day, Day)!);
            output.WriteLine($"{period.Name}: {some:N0} bytes for one of {Units} units, {all:N0} for all of them");
            Assert.Equal([7], after.Rows.Where(row => !ReferenceEquals(row.Value, before.Rows[row.Key])).Select(row => row.Key));
            AssertSame(fresh, after);

            // A table of references, and one row.
            Assert.InRange(some, 1, (Units * 48) + (Rules.LaneCount * sizeof(int)) + 1_000);
            Assert.True(all > Units * Rules.LaneCount * sizeof(int));
            var known = new UnitTotals(before.Rows, static unit => $"u{unit}", Shipped.Units("hungyen"));
            var (_, moved) = Allocated(() => new UnitTotals(known, [(before.Rows, after.Rows)], static unit => $"u{unit}", Shipped.Units("hungyen")));
            Assert.InRange(moved, 1, (Units * 48) + (2 * Rules.LaneCount * sizeof(int)) + 1_000_000);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void RandomMoves_AreCopiedAsByACopyOfEverything(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (ledger, sets) = Ledger();
        var directory = Shipped.Units("hungyen");
        var codes = directory.Rows.Select(static row => row.Code).Distinct().ToList();
        Func<int, int> shownAs = static unit => unit > 60 ? 1 : unit;
        Func<int, string> text = unit => codes[unit % codes.Count];
        var kept = Periods.Select(period => LedgerSums.Of(ledger, period, Day, Day, shownAs)!).ToList();
        var totals = kept.Select(sums => new UnitTotals(sums.Rows, text, directory)).ToList();
        for (var round = 0; round < LongRuns.Scale(200); round++)
        {
            var version = ledger.Version;
            for (var count = random.Next(4); count > 0; count--)
            {
                ledger.Move(new Place(1 + random.Next(80), Noon + random.Next(-9 * 86_400, 86_400)), sets.Between(LaneSets.None, AnySet(sets, random)));
            }

            ledger.AdvanceTo(Noon + (round * 300));
            for (var number = 0; number < Periods.Length; number++)
            {
                var after = LedgerSums.After(ledger, kept[number], version);
                var fresh = LedgerSums.Of(ledger, Periods[number], Day, Day, shownAs)!;
                AssertSame(fresh, after);
                var moved = new UnitTotals(totals[number], [(kept[number].Rows, after.Rows)], text, directory);
                var anew = new UnitTotals(fresh.Rows, text, directory);
                Assert.Equal(anew.Units.Order(), moved.Units.Order());
                Assert.All(anew.Units, unit => Assert.True(anew.IsSame(unit, moved), unit));
                (kept[number], totals[number]) = (after, moved);
            }
        }
    }

    private static (ContributionLedger Ledger, LaneSets Sets) Ledger()
    {
        var sets = new LaneSets(Rules);
        var ledger = new ContributionLedger(sets, Rules.LaneCount, Periods.Where(static period => period.Kind == PeriodKind.Sliding));
        ledger.AdvanceTo(Noon);
        return (ledger, sets);
    }

    private static int AnySet(LaneSets sets, Random random)
    {
        var set = LaneSets.None;
        while (set == LaneSets.None)
        {
            set = sets.Of(Rules.Groups[random.Next(Rules.Groups.Count)], (ulong)random.NextInt64(), 0);
        }

        return set;
    }

    private static (T Made, long Bytes) Allocated<T>(Func<T> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = make();
        return (made, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertSame(LedgerSums expected, LedgerSums actual)
    {
        Assert.Equal(expected.Rows.Keys.Order(), actual.Rows.Keys.Order());
        Assert.All(expected.Rows, row => Assert.Equal(row.Value, actual.Rows[row.Key]));
    }
}
