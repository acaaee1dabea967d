namespace KpiStream.Engine.Arrivals;

/// <summary>
/// Which partitions of a source records come from. Cases go to partitions by the hash of their code, so each gives a steady share of all records, and a
/// partition's silence is measured in records that the others gave meanwhile: at night it does not grow. Written by one intake's flow, read by any thread;
/// bounded by <see cref="MostPartitions"/>. Saved in checkpoints; without one, shares come back as the log is read again.
/// </summary>
public sealed class PartitionArrivals
{
    /// <summary>Partitions that are followed: those of a number below this. Others never count as silent.</summary>
    public const int MostPartitions = 1_024;

    /// <summary>Beyond this number of records all are halved, so that shares are those of lately.</summary>
    private const double Memory = 100_000;

    private readonly Lock changing = new();
    private readonly Dictionary<int, Slot> slots = [];
    private double all;
    private long live;
    private bool isLive;

    // What came since the flow last rested, by partition: it counts as one moment.
    private readonly (long Records, long Arrival)[] pending = new (long, long)[MostPartitions];
    private readonly int[] touched = new int[MostPartitions];
    private int touchedCount;

    /// <summary>Whether what comes is of now. While the past is read, in whatever order, nobody's silence grows.</summary>
    public bool IsLive
    {
        get => isLive;
        set
        {
            if (isLive != value)
            {
                Settle();
                isLive = value;
            }
        }
    }

    /// <summary>A record came.</summary>
    /// <param name="partition">Where from.</param>
    /// <param name="arrival">Milliseconds since 1970 UTC, or the least number where that is unknown.</param>
    public void Add(int partition, long arrival)
    {
        if ((uint)partition >= MostPartitions)
        {
            return;
        }

        ref var some = ref pending[partition];
        if (some.Records++ == 0)
        {
            touched[touchedCount++] = partition;
        }

        some.Arrival = Math.Max(some.Arrival, arrival);
    }

    /// <summary>Nothing more comes at present. To be called by the flow that adds.</summary>
    public void Settle()
    {
        if (touchedCount == 0)
        {
            return;
        }

        lock (changing)
        {
            var came = 0L;
            var before = live;
            foreach (var partition in touched.AsSpan(0, touchedCount))
            {
                came += pending[partition].Records;
            }

            live += isLive ? came : 0;
            all += came;
            foreach (var partition in touched.AsSpan(0, touchedCount))
            {
                if (!slots.TryGetValue(partition, out var slot))
                {
                    slot = slots[partition] = new Slot { Mark = before };
                }

                slot.Longest = Math.Max(slot.Longest, before - slot.Mark);
                (slot.Mark, slot.LastAt, slot.Records) =
                    (live, Math.Max(slot.LastAt, pending[partition].Arrival), slot.Records + pending[partition].Records);
                pending[partition] = default;
            }

            Halve();
        }

        touchedCount = 0;
    }

    /// <summary>What is known of each partition that ever gave a record, by its number.</summary>
    public IReadOnlyList<PartitionArrival> Read()
    {
        lock (changing)
        {
            return [.. slots.OrderBy(static slot => slot.Key).Select(slot => new PartitionArrival(
                slot.Key, slot.Value.Records, all, live - slot.Value.Mark, slot.Value.Longest, slot.Value.LastAt))];
        }
    }

    /// <summary>Continues from what was read before.</summary>
    public void Restore(IReadOnlyList<PartitionArrival> saved)
    {
        lock (changing)
        {
            foreach (var one in saved.Where(static one => one is { Records: > 0, Partition: >= 0 and < MostPartitions }))
            {
                slots[one.Partition] = new Slot { Records = one.Records, Mark = live - one.Meanwhile, Longest = one.Longest, LastAt = one.LastAt };
            }

            all = slots.Values.Sum(static slot => slot.Records);
        }
    }

    private void Halve()
    {
        while (all > Memory)
        {
            foreach (var slot in slots.Values)
            {
                slot.Records /= 2;
                slot.Longest /= 2;
            }

            all /= 2;
        }
    }

    private sealed class Slot
    {
        public double Records { get; set; }

        public long Mark { get; set; }

        public long Longest { get; set; }

        public long LastAt { get; set; }
    }
}

/// <summary>What is known of one partition.</summary>
/// <param name="Records">Records it gave lately.</param>
/// <param name="All">Records that all partitions gave lately.</param>
/// <param name="Meanwhile">Records that the others gave since its last one.</param>
/// <param name="Longest">The most that they gave between two of its records lately.</param>
/// <param name="LastAt">When its last record arrived, milliseconds since 1970 UTC; 0 when that is unknown.</param>
public sealed record PartitionArrival(int Partition, double Records, double All, long Meanwhile, long Longest, long LastAt)
{
    /// <summary>
    /// The logarithm of how improbable the silence is: every record of the others might have been its own. A case has several events, often in one go, and all
    /// of them are in one partition, so <see cref="EventsOfACase"/> records count as one.
    /// </summary>
    public double Improbability => Records >= LeastRecords && Records < All ? -Math.Log(1 - (Records / All)) * Meanwhile / EventsOfACase : 0;

    /// <summary>Its records to be expected of as many as the others gave.</summary>
    public double Expected => Records < All ? Meanwhile * Records / (All - Records) : 0;

    /// <summary>Fewer say too little of its share.</summary>
    private const double LeastRecords = 30;

    private const double EventsOfACase = 10;
}
