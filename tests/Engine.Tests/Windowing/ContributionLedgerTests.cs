namespace KpiStream.Engine.Tests.Windowing;

/// <summary>Windows and day cells against counting all contributions anew, while now moves and corrections come and go.</summary>
public class ContributionLedgerTests(ITestOutputHelper output)
{
    private static readonly CompiledRulebook Rules = new(Shipped.Rulebook());
    private static readonly Period[] Sliding = [.. ((string[])["1h", "24h", "7d"]).Select(name => Period.TryParse(name)!)];

    // More than four, which lie side by side, and not a whole number of fours.
    private static readonly Period[] SixWindows = [.. Sliding, .. ((string[])["2h", "12h", "3d"]).Select(name => Period.TryParse(name)!)];

    [Theory]
    [InlineData(11, 3)]
    [InlineData(12, 3)]
    [InlineData(13, 6)]
    [InlineData(14, 6)]
    public void MovingNowAndCorrections_CountAsCountingAnewDoes(int seed, int windows)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sets = new LaneSets(Rules);
        var ledger = new ContributionLedger(sets, Rules.LaneCount, SixWindows.Take(windows));
        var counted = new List<Contribution>();
        var now = long.MinValue;
        for (var step = 0; step < LongRuns.Scale(2_000); step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    now = Math.Max(now, Second(random));
                    ledger.AdvanceTo(now);
                    break;
                case 1 when counted.Count > 0:
                    var gone = random.Next(counted.Count);
                    ledger.Move(PlaceOf(counted[gone]), sets.Between(SetOf(counted[gone]), LaneSets.None));
                    counted.RemoveAt(gone);
                    break;
                case 2 when counted.Count > 0:
                    var changed = random.Next(counted.Count);
                    var better = counted[changed] with { Conditions = Conditions(random), Unknown = Unknown(random) };
                    ledger.Move(PlaceOf(better), sets.Between(SetOf(counted[changed]), SetOf(better)));
                    counted[changed] = better;
                    break;
                default:
                    var added = new Contribution(Rules.Groups[random.Next(Rules.Groups.Count)], random.Next(random.Next(2) == 0 ? 4 : 300), Second(random),
                        Conditions(random), Unknown(random));
                    ledger.Move(PlaceOf(added), sets.Between(LaneSets.None, SetOf(added)));
                    counted.Add(added);
                    break;
            }

            if (step % 40 == 0)
            {
                AssertSame(ledger, counted, now);
            }
        }

        int SetOf(Contribution one) => sets.Of(one.Group, one.Conditions, one.Unknown);
    }

    [Fact]
    public void VeryManyUnitsOfOneCase_TakeFewBytesEach_AndNoneOnceTheyLeft()
    {
        const int Units = 20_000;
        var sets = new LaneSets(Rules);
        var ledger = new ContributionLedger(sets, Rules.LaneCount, Sliding);
        var start = Second(new Random(1));
        ledger.AdvanceTo(start);
        var random = new Random(1);
        var set = LaneSets.None;
        while (set == LaneSets.None)
        {
            set = sets.Of(Rules.Groups[0], Conditions(random), 0);
        }

        var step = sets.Between(LaneSets.None, set);
        ledger.Move(new Place(Units, start), step);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var unit = 0; unit < Units; unit++)
        {
            ledger.Move(new Place(unit, start), step);
        }

        // A row of counters for each window would be 2,800 bytes, the day's cell of each is some 200.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Units, 1, 900);
        var version = ledger.Version;
        ledger.AdvanceTo(start + 60);
        Assert.Equal(version, ledger.Version);
        ledger.AdvanceTo(start + Sliding[^1].Seconds);
        Assert.NotEqual(version, ledger.Version);
        Assert.All(ledger.Windows, window => Assert.Empty(Rows(Enumerable.Range(0, window.UnitEnd).Select(unit => (unit, RowOf(ledger, window, unit))))));
    }

    private static Place PlaceOf(Contribution one) => new(one.Unit, one.Second);

    private static ulong Conditions(Random random) => (ulong)random.NextInt64(1L << Engine.Kpis.Conditions.Count) & ~(1UL << (int)Condition.Linked);

    private static ulong Unknown(Random random) => 1UL << (int)(random.Next(2) == 0 ? Condition.NoPresence : Condition.OnTime);

    /// <summary>Ten days at half-hour steps, so that contributions often meet window borders exactly.</summary>
    private static long Second(Random random) => 1_751_300_000 + (1_800L * random.Next(480));

    private static void AssertSame(ContributionLedger ledger, List<Contribution> counted, long now)
    {
        foreach (var window in ledger.Windows)
        {
            var expected = Count(counted.Where(one => one.Second <= now && one.Second > now - window.Period.Seconds));
            Assert.Equal(expected, Rows(Enumerable.Range(0, window.UnitEnd).Select(unit => (unit, RowOf(ledger, window, unit)))));
        }

        var days = ledger.Days.Days.SelectMany(day => ledger.Days.On(day)!.Select(cell => (Day: day, cell.Key, Value: RowOf(ledger, cell.Value))));
        foreach (var byDay in counted.Where(one => one.Second <= now).GroupBy(one => LocalTime.DayOfSecond(one.Second)))
        {
            Assert.Equal(Count(byDay), Rows(days.Where(cell => cell.Day == byDay.Key).Select(cell => (cell.Key, cell.Value))));
        }
    }

    private static int[] RowOf(ContributionLedger ledger, SlidingWindow window, int unit)
    {
        var row = new int[ledger.LaneCount];
        window.AddTo(row, unit);
        return row;
    }

    private static int[] RowOf(ContributionLedger ledger, DayCell cell)
    {
        var row = new int[Rules.LaneCount];
        ledger.Days.AddTo(row, cell);
        return row;
    }

    private static SortedDictionary<(int Unit, int Lane), int> Count(IEnumerable<Contribution> contributions)
    {
        var counts = new SortedDictionary<(int, int), int>();
        var lanes = new ushort[Rules.Figures.Count];
        foreach (var one in contributions)
        {
            foreach (var lane in lanes[..Rules.LanesOf(one.Group, one.Conditions, one.Unknown, lanes)])
            {
                counts[(one.Unit, lane)] = counts.GetValueOrDefault((one.Unit, lane)) + 1;
            }
        }

        return counts;
    }

    private static SortedDictionary<(int Unit, int Lane), int> Rows(IEnumerable<(int Unit, int[] Lanes)> rows)
    {
        var counts = new SortedDictionary<(int, int), int>();
        foreach (var (unit, lanes) in rows)
        {
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                if (lanes[lane] != 0)
                {
                    counts[(unit, lane)] = lanes[lane];
                }
            }
        }

        return counts;
    }
}
