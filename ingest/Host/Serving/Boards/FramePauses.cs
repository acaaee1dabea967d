namespace KpiStream.Ingest.Host.Serving.Boards;

/// <summary>
/// Has the youngest objects collected between two frames, where nobody waits, and so not while one is made: a pause of some milliseconds in the middle of a
/// frame is as long as the frame takes. Owned by the publisher.
/// </summary>
internal sealed class FramePauses
{
    /// <summary>
    /// Allocated since the last collection, bytes. A frame with much in it allocates about as much, and the collector would come by itself after three of them.
    /// </summary>
    private const long Enough = 2 << 20;

    private long allocated = GC.GetTotalAllocatedBytes();
    private int collections = GC.CollectionCount(0);

    /// <summary>A frame has been published, and the next is not due yet.</summary>
    public void Use()
    {
        if (GC.CollectionCount(0) != collections)
        {
            // It came by itself meanwhile.
            Note();
        }
        else if (GC.GetTotalAllocatedBytes() - allocated >= Enough)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
            Note();
        }
    }

    private void Note() => (allocated, collections) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
}
