namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Has the youngest objects collected between two frames instead of while one is made, where the pause would make it late. All threads stand still meanwhile,
/// as they do whenever the collector comes by itself. Owned by the publisher.
/// </summary>
/// <param name="allocated">Bytes allocated by the process so far.</param>
/// <param name="collections">Collections of the youngest objects so far.</param>
/// <param name="collect">Collects them.</param>
internal sealed class FramePauses(Func<long> allocated, Func<int> collections, Action collect)
{
    /// <summary>A frame in which everything has changed allocates about as much, bytes.</summary>
    public const long Enough = 2 << 20;

    /// <summary>After a frame was published: by then readers have been sent it.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMilliseconds(100);

    private (long Allocated, int Collections) known = (allocated(), collections());

    public FramePauses()
        : this(() => GC.GetTotalAllocatedBytes(), static () => GC.CollectionCount(0), static () => GC.Collect(0, GCCollectionMode.Forced, blocking: true))
    {
    }

    /// <summary>Whether so much was allocated since the last collection that the next may come while a frame is made.</summary>
    public bool IsDue()
    {
        if (collections() != known.Collections)
        {
            known = (allocated(), collections());
        }

        return allocated() - known.Allocated >= Enough;
    }

    /// <summary>Collects, where it is due.</summary>
    public void Use()
    {
        if (IsDue())
        {
            collect();
        }
    }
}
