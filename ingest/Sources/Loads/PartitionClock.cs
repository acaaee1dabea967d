namespace KpiStream.Ingest.Sources.Loads;

/// <summary>
/// Merges partitions by time. Within a partition the order stays as it was recorded: an event that is older than one before it passes at that one's time.
/// Owned by one flow.
/// </summary>
public sealed class PartitionClock
{
    private readonly Dictionary<int, long> reached = [];
    private long last = long.MinValue;

    /// <summary>True while the events came in the merged order.</summary>
    public bool IsOrdered { get; private set; } = true;

    public int Partitions => reached.Count;

    /// <summary>The time at which an event passes: its own, or that of an event before it in its partition.</summary>
    public long Pass(int partition, long time)
    {
        time = Math.Max(time, reached.GetValueOrDefault(partition, long.MinValue));
        reached[partition] = time;
        IsOrdered &= time >= last;
        last = Math.Max(last, time);
        return time;
    }

    /// <summary>The numbers of events in the merged order; those of one time stay as they came.</summary>
    /// <param name="times">When each passes, in the order in which they came.</param>
    public static IEnumerable<int> Merged(IReadOnlyList<long> times) => Enumerable.Range(0, times.Count).OrderBy(number => times[number]);
}
