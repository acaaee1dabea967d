namespace KpiStream.Engine.Events;

/// <summary>
/// Events on their way to one shard: the unit of work and of cost. Filled by an intake, then owned by the shard, then reused.
/// </summary>
public sealed class EventBatch
{
    /// <summary>256 events of about 150 bytes: 38 KB, so a batch stays within a core's second-level cache.</summary>
    public const int Capacity = 256;

    private readonly CaseEvent[] events = new CaseEvent[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The greatest instant the shard may take for now with this batch, milliseconds; <see cref="long.MinValue"/> for "as before".</summary>
    public long Now { get; set; } = long.MinValue;

    /// <summary>The next free event, to be filled in place. The batch must not be full.</summary>
    public ref CaseEvent Next() => ref events[Count++];

    /// <summary>The events put so far.</summary>
    public ReadOnlySpan<CaseEvent> Events => events.AsSpan(0, Count);

    /// <summary>
    /// Takes the memory over from the core that read it last, all of it at once, before it is filled. Left to the single events, each waits for its own lines,
    /// and with it everything that is read soon after it was written: a twentieth of a replay.
    /// </summary>
    public void Fetch() => Array.Clear(events);

    public void Clear()
    {
        Count = 0;
        Now = long.MinValue;
    }
}
