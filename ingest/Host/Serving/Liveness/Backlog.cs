namespace KpiStream.Ingest.Host.Serving.Liveness;

/// <summary>
/// Whether a source that had read its past has a backlog again: while it is read, the figures are of no moment that ever was, and nothing is judged.
/// Told by the source's flow and by the publisher, asked by anyone.
/// </summary>
internal sealed class Backlog(TimeProvider time)
{
    /// <summary>Records between a broker and us in steady operation: less than a second of the greatest stream this is for, read in milliseconds.</summary>
    public const long InFlight = 1_000;

    /// <summary>A stream that never rests is caught up once so little remained for this long.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private readonly Lock changing = new();
    private readonly Dictionary<int, long> remaining = [];
    private readonly HashSet<int> unheard = [];
    private long? fewSince;
    private bool wasLost;
    private bool isRead;

    /// <summary>True from the first sign of a backlog until it is read.</summary>
    public bool IsRead
    {
        get
        {
            lock (changing)
            {
                return isRead;
            }
        }
    }

    /// <summary>A partition says how many of its records are known and not read.</summary>
    public void Report(int partition, long records)
    {
        lock (changing)
        {
            remaining[partition] = records;
            unheard.Remove(partition);
            var most = remaining.Values.Max();
            if (most > InFlight)
            {
                (isRead, fewSince) = (true, null);
            }
            else if (isRead && unheard.Count == 0)
            {
                fewSince ??= time.GetTimestamp();
                isRead = most > 0 && time.GetElapsedTime(fewSince.Value) < Settled;
            }
        }
    }

    /// <summary>Whether the source can be read. Once it can again, nobody knows what came meanwhile until every partition has reported.</summary>
    public void Follow(bool isLost)
    {
        lock (changing)
        {
            if (wasLost || isLost)
            {
                (isRead, fewSince) = (true, null);
                unheard.UnionWith(remaining.Keys);
            }

            wasLost = isLost;
        }
    }
}
