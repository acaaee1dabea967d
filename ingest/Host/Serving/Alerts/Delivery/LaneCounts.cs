using System.Collections.Concurrent;

namespace KpiStream.Ingest.Host.Serving.Alerts.Delivery;

/// <summary>What became of a channel's messages since the start. Any thread may read.</summary>
internal sealed class LaneCounts
{
    private readonly ConcurrentDictionary<string, long> dead = new();
    private long sent;
    private long replaced;

    public long Sent => Interlocked.Read(ref sent);

    public long Replaced => Interlocked.Read(ref replaced);

    /// <summary>Messages given up, by reason.</summary>
    public IReadOnlyCollection<KeyValuePair<string, long>> Dead => [.. dead];

    public long AllDead => dead.Values.Sum();

    public void Take() => Interlocked.Increment(ref sent);

    public void Replace(int by = 1) => Interlocked.Add(ref replaced, by);

    public void GiveUp(string reason) => dead.AddOrUpdate(reason, 1, static (_, count) => count + 1);
}
