namespace KpiStream.Bench.Fold;

/// <summary>
/// Many cases that each live one of the <see cref="CaseLives"/>, moved in time: they begin evenly over ten days, so that events follow one another
/// in the order of their arrival, and the cases they belong to in no order at all.
/// </summary>
internal sealed class CaseCrowd
{
    private const long SpanMillis = 10 * LocalTime.MillisPerDay;

    // Room for every step from one arrival of the crowd to the next: 2^39 milliseconds are 17 years, 2^24 cases.
    private const int CaseBits = 24;

    private readonly CaseLives lives;
    private readonly long[] shifts;
    private readonly byte[] told;
    private readonly ulong[] order;
    private readonly long begin;
    private long next;

    public CaseCrowd(CaseLives lives, int cases, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cases, 1 << CaseBits);
        this.lives = lives;
        var random = new Random(seed);
        begin = lives.All.Min(life => life[0].Arrival);
        shifts = [.. Enumerable.Range(0, cases).Select(one => begin + random.NextInt64(SpanMillis) - LifeOf(one)[0].Arrival)];
        told = new byte[cases];
        order = [.. Enumerable.Range(0, cases)
            .SelectMany(one => LifeOf(one).Select(step => ((ulong)(step.Arrival + shifts[one] - begin) << CaseBits) | (uint)one))];
        Array.Sort(order);
    }

    public long Count => order.Length;

    /// <summary>Begins again with the first event.</summary>
    public void Begin()
    {
        next = 0;
        Array.Clear(told);
    }

    /// <summary>Fills a batch with the next events; false when there are none left.</summary>
    public bool Fill(EventBatch batch)
    {
        batch.Clear();
        var now = long.MinValue;
        for (; next < order.Length && !batch.IsFull; next++)
        {
            var one = (int)(order[next] & ((1UL << CaseBits) - 1));
            ref var change = ref batch.Next();
            change = LifeOf(one)[told[one]++].Event;
            change.Case = new CaseId(Mix((ulong)one + 1), Mix((ulong)one + 0x1234_5678_9ABC_DEF0));
            Shift(ref change, shifts[one]);
            now = Math.Max(now, change.Stamp.At);
        }

        batch.Now = now;
        return batch.Count > 0;
    }

    private (CaseEvent Event, long Arrival)[] LifeOf(int one) => lives.All[one % lives.All.Length];

    private static void Shift(ref CaseEvent change, long by)
    {
        change.Stamp = change.Stamp with { At = change.Stamp.At + by };
        change.Values.Filed += change.Values.Filed == 0 ? 0 : by;
        change.Values.Accepted += change.Values.Accepted == 0 ? 0 : by;
        change.Values.Due += change.Values.Due == 0 ? 0 : by;
        change.Values.Ended += change.Values.Ended == 0 ? 0 : by;
    }

    // The finaliser of SplitMix64: pseudonyms look random and no two cases share one.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
