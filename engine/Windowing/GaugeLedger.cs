using System.Runtime.InteropServices;
using KpiStream.Engine.Kpis;

namespace KpiStream.Engine.Windowing;

/// <summary>
/// Gauges as of a moving now, per handling unit as stated (successors apply by the day of now, so they are applied when read):
/// open, paused, waiting from the facts; overdue (open, due &lt; now) and due soon (open, now ≤ due &lt; now + 1 day) as now passes deadlines,
/// in milliseconds. Only kind <c>case</c>, not linked. Owned by one shard.
/// </summary>
public sealed class GaugeLedger
{
    private const ulong Looked =
        (1UL << (int)Condition.KindCase) | (1UL << (int)Condition.Linked) | (1UL << (int)Condition.Paused) | (1UL << (int)Condition.Waiting)
            | (1UL << (int)Condition.Open);

    private readonly DeltaLog deadlines = new();
    private int[]?[] rows = new int[]?[256];
    private long[] changedAt = new long[256];
    private long now = long.MinValue / 2;

    /// <summary>One more than the highest unit that may have gauges.</summary>
    public int UnitEnd => rows.Length;

    /// <summary>Grows whenever a gauge may have changed: equal versions of a ledger count the same.</summary>
    public long Version { get; private set; }

    /// <summary>A unit's gauges in <see cref="Gauge"/> order; empty when it never had a case.</summary>
    public ReadOnlySpan<int> this[int unit] => unit < rows.Length ? rows[unit] : default;

    /// <summary>Copies the gauges as sums of the units they are shown under.</summary>
    /// <param name="handledBy">The unit a unit's gauges are shown under, by code id; successors applied.</param>
    public Dictionary<int, int[]> Sums(Func<int, int> handledBy)
    {
        var sums = new Dictionary<int, int[]>();
        for (var unit = 0; unit < rows.Length; unit++)
        {
            if (rows[unit] is { } counts)
            {
                Add(sums, handledBy(unit), counts);
            }
        }

        return sums;
    }

    /// <summary>Copies what has changed since an earlier copy, and takes the rows of all other units from it.</summary>
    /// <param name="before">The earlier copy of this ledger; left as it is.</param>
    /// <param name="since">The version then.</param>
    /// <param name="handledBy">The same as then.</param>
    public Dictionary<int, int[]> SumsAfter(IReadOnlyDictionary<int, int[]> before, long since, Func<int, int> handledBy)
    {
        var sums = new Dictionary<int, int[]>(before);
        var shown = new HashSet<int>();
        for (var unit = 0; unit < changedAt.Length; unit++)
        {
            if (changedAt[unit] > since && shown.Add(handledBy(unit)))
            {
                sums.Remove(handledBy(unit));
            }
        }

        // Of a row that several units share, all are counted again.
        for (var unit = 0; unit < rows.Length && shown.Count > 0; unit++)
        {
            if (rows[unit] is { } counts && handledBy(unit) is var row && shown.Contains(row))
            {
                Add(sums, row, counts);
            }
        }

        return sums;
    }

    /// <summary>Deadlines to come.</summary>
    public int Held => deadlines.Count;

    /// <summary>The memory of the deadlines to come, bytes.</summary>
    public long Bytes => deadlines.Bytes;

    /// <summary>Moves a case from what it was to what it is; most changes of a case are none here.</summary>
    public void Move(in CaseFacts before, in CaseFacts after)
    {
        if (((before.Conditions ^ after.Conditions) & Looked) == 0 && before.Due == after.Due && before.Handling == after.Handling)
        {
            return;
        }

        Add(in before, -1);
        Add(in after, 1);
    }

    /// <summary>Counts a case's facts (+1) or takes them back (−1).</summary>
    public void Add(in CaseFacts facts, int count)
    {
        if (!facts.Has(Condition.KindCase) || facts.Has(Condition.Linked))
        {
            return;
        }

        if (facts.Has(Condition.Paused) || facts.Has(Condition.Waiting))
        {
            RowOf(facts.Handling)[(int)(facts.Has(Condition.Paused) ? Gauge.Paused : Gauge.Waiting)] += count;
        }

        if (!facts.Has(Condition.Open))
        {
            return;
        }

        var row = RowOf(facts.Handling);
        row[(int)Gauge.Open] += count;
        if (facts.Due != 0)
        {
            AddDeadline(row, facts.Handling, facts.Due, count);
        }
    }

    /// <summary>Moves now forward; an earlier instant changes nothing.</summary>
    public void AdvanceTo(long nowMillis)
    {
        if (nowMillis <= now)
        {
            return;
        }

        // Only deadlines that now or a day from now has passed change sides; each is moved by exactly what was counted.
        var passing = new Passing { Ledger = this, From = now, To = nowMillis };
        var (from, to) = (LocalTime.SecondOf(now), LocalTime.SecondOf(nowMillis));
        deadlines.Visit(from - 1, Math.Min(to, from + LocalTime.SecondsPerDay - 1), ref passing);
        deadlines.Visit(from + LocalTime.SecondsPerDay - 1, to + LocalTime.SecondsPerDay, ref passing);
        now = nowMillis;
        deadlines.DropThrough(LocalTime.SecondOf(now) - 1);
    }

    /// <summary>Without further changes of cases no gauge counts otherwise before this second. The greatest number where none ever will.</summary>
    public long NextChange()
    {
        var second = LocalTime.SecondOf(now);
        var soon = deadlines.NextAfter(second + LocalTime.SecondsPerDay - 1);
        return Math.Min(deadlines.NextAfter(second - 1), soon == long.MaxValue ? soon : soon - LocalTime.SecondsPerDay);
    }

    private void AddDeadline(int[] row, int unit, long due, int count)
    {
        if (SideOf(due, now) is { } side)
        {
            row[(int)side] += count;
        }

        if (due >= now)
        {
            var second = LocalTime.SecondOf(due);
            deadlines.Append(second, unit, (int)(due - (second * LocalTime.MillisPerSecond)), count);
        }
    }

    private static void Add(Dictionary<int, int[]> sums, int unit, int[] counts)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, unit, out _);
        sum ??= new int[Gauges.Count];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += counts[i];
        }
    }

    private int[] RowOf(int unit)
    {
        ById.At(ref changedAt, unit) = ++Version;
        return ById.At(ref rows, unit) ??= new int[Gauges.Count];
    }

    /// <summary>Which gauge an open case's deadline counts in; null when it is more than a day away.</summary>
    private static Gauge? SideOf(long due, long now) => due < now ? Gauge.Overdue : due - now < LocalTime.MillisPerDay ? Gauge.DueSoon : null;

    private struct Passing : IDeltaVisitor
    {
        public required GaugeLedger Ledger;
        public required long From;
        public required long To;

        public readonly void Visit(long start, in Delta delta)
        {
            var due = ((start + delta.Second) * LocalTime.MillisPerSecond) + delta.Word;
            var (before, after) = (SideOf(due, From), SideOf(due, To));
            if (due < From || before == after)
            {
                return;
            }

            var row = Ledger.RowOf(delta.Unit);
            if (before is { } left)
            {
                row[(int)left] -= delta.Count;
            }

            if (after is { } reached)
            {
                row[(int)reached] += delta.Count;
            }
        }
    }
}
