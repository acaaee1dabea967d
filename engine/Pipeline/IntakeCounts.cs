using System.Collections.Concurrent;

namespace KpiStream.Engine.Pipeline;

/// <summary>What came in through one intake. Written by the intake's flow alone, rejections by any; any thread may read, and sees whole numbers.</summary>
public sealed class IntakeCounts
{
    private readonly ConcurrentDictionary<Verdict, long> rejections = new();
    private readonly ConcurrentDictionary<Verdict, long> posted = new();
    private readonly ConcurrentDictionary<int, long> lags = new();
    private long accepted;
    private long rejected;
    private long late;
    private long greatestAt = long.MinValue;
    private long now = long.MinValue;
    private long latestArrival = long.MinValue;
    private long lastOffset = -1;
    private long dataTime = long.MinValue;

    /// <summary>Records judged, accepted or not.</summary>
    public long Events => Accepted + Rejected;

    public long Accepted => Volatile.Read(ref accepted);

    public long Rejected => Volatile.Read(ref rejected);

    /// <summary>Accepted events that were late.</summary>
    public long Late => Volatile.Read(ref late);

    /// <summary>The greatest <c>at</c> accepted, milliseconds; <see cref="long.MinValue"/> before the first.</summary>
    public long GreatestAt => Volatile.Read(ref greatestAt);

    /// <summary>
    /// How far the data reach: the greatest <c>at</c> that was not in the future when it arrived, milliseconds; <see cref="long.MinValue"/> before the first.
    /// </summary>
    public long DataTime => Volatile.Read(ref dataTime);

    /// <summary>
    /// What the accepted events say that now is: of a recording the latest arrival, of anything else (and of a recording without arrivals) the
    /// greatest <c>at</c>. Milliseconds; <see cref="long.MinValue"/> before the first.
    /// </summary>
    public long Now => Volatile.Read(ref now);

    /// <summary>The latest arrival read, milliseconds; <see cref="long.MinValue"/> when none carried one.</summary>
    public long LatestArrival => Volatile.Read(ref latestArrival);

    /// <summary>The greatest offset of a record read; −1 before the first.</summary>
    public long LastOffset => Volatile.Read(ref lastOffset);

    /// <summary>Records known to exist and not yet read, in the order of the partitions: as it was at one moment.</summary>
    public IReadOnlyList<(int Partition, long Remaining)> Lags => [.. MomentOf(lags)];

    /// <summary>Rejected records by reason, in the order of precedence and then by key; reasons that never occurred are left out.</summary>
    public IReadOnlyList<(Verdict Verdict, long Count)> ByReason => posted.IsEmpty ? OfSource
        : [.. MomentOf(rejections).Concat(MomentOf(posted)).GroupBy(static row => row.Item1).OrderBy(static row => row.Key)
            .Select(static row => (row.Key, row.Sum(static one => one.Item2)))];

    /// <summary>Of <see cref="ByReason"/> those that the source handed over: a source that is read again hands them over again.</summary>
    internal IReadOnlyList<(Verdict Verdict, long Count)> OfSource => [.. MomentOf(rejections)];

    /// <summary>Of <see cref="ByReason"/> those that were rejected before they reached the source.</summary>
    internal IReadOnlyList<(Verdict Verdict, long Count)> Posted => [.. MomentOf(posted)];

    /// <summary>What the source handed over, by the day on which it came in.</summary>
    internal DayCounts Days { get; } = new();

    /// <summary>What was rejected before it reached the source, by the day on which it came in.</summary>
    internal DayCounts PostedDays { get; } = new();

    /// <summary>
    /// What came in on a local day, today or one shortly before, and was rejected or late. Nothing where the intake has no wall clock. It has everything that
    /// <see cref="Events"/>, asked before, has.
    /// </summary>
    public DayCount On(int day) => Days.On(day).Plus(PostedDays.On(day));

    internal void Observe(long offset, long arrival)
    {
        if (offset > lastOffset)
        {
            Volatile.Write(ref lastOffset, offset);
        }

        if (arrival > latestArrival)
        {
            Volatile.Write(ref latestArrival, arrival);
        }
    }

    internal void Reject(Verdict verdict) => Reject(rejections, verdict);

    /// <summary>May be called on any thread: records are also rejected at the door, before they reach the intake's flow.</summary>
    internal void RejectPosted(Verdict verdict) => Reject(posted, verdict);

    internal void Accept(long newGreatestAt, long newNow, long newDataTime, bool isLate)
    {
        Volatile.Write(ref accepted, accepted + 1);
        Volatile.Write(ref greatestAt, newGreatestAt);
        Volatile.Write(ref now, newNow);
        Volatile.Write(ref dataTime, newDataTime);
        if (isLate)
        {
            Volatile.Write(ref late, late + 1);
        }
    }

    internal void Restore(IntakeState saved, long savedDataTime)
    {
        foreach (var (verdict, count) in saved.Rejected)
        {
            rejections[verdict] = count;
        }

        Volatile.Write(ref rejected, saved.Rejected.Sum(row => row.Count));
        Volatile.Write(ref accepted, saved.Accepted);
        Volatile.Write(ref late, saved.Late);
        Volatile.Write(ref greatestAt, saved.GreatestAt);
        Volatile.Write(ref now, saved.Now);
        Volatile.Write(ref latestArrival, saved.LatestArrival);
        Volatile.Write(ref lastOffset, saved.LastOffset);
        Volatile.Write(ref dataTime, savedDataTime);
    }

    /// <summary>Of two counts of the same the greater one holds.</summary>
    internal void RestorePosted(IReadOnlyList<(Verdict Verdict, long Count)> saved)
    {
        foreach (var (verdict, count) in saved)
        {
            var known = posted.GetValueOrDefault(verdict);
            posted[verdict] = Math.Max(known, count);
            Interlocked.Add(ref rejected, Math.Max(0, count - known));
        }
    }

    internal void ReportLag(int partition, long remaining) => lags[partition] = remaining;

    private void Reject(ConcurrentDictionary<Verdict, long> counts, Verdict verdict)
    {
        counts.AddOrUpdate(verdict, 1, static (_, count) => count + 1);
        Interlocked.Increment(ref rejected);
    }

    /// <summary>
    /// The dictionary copies itself at one moment. LINQ would ask how many there are, copy then, and fail when one had been added in between.
    /// </summary>
    private static IEnumerable<(TKey, long)> MomentOf<TKey>(ConcurrentDictionary<TKey, long> counts)
        where TKey : notnull => counts.ToArray().OrderBy(static row => row.Key).Select(static row => (row.Key, row.Value));
}
