using System.Collections.Concurrent;

namespace KpiStream.Engine.Pipeline;

/// <summary>
/// Routes cases to shards by their pseudonym, never by partition, so a case is one case wherever its events came from. Any thread.
/// </summary>
/// <param name="shards">The shards, in their order.</param>
/// <param name="spare">Batches that the shards have emptied.</param>
internal sealed class ShardRouter(Shard[] shards, ConcurrentBag<EventBatch> spare)
{
    public int Count => shards.Length;

    public int ShardOf(CaseId id) => (int)((uint)id.Hi % (uint)shards.Length);

    /// <summary>An empty batch, given back by <see cref="Put"/>.</summary>
    public EventBatch Rent()
    {
        if (!spare.TryTake(out var batch))
        {
            return new EventBatch();
        }

        batch.Fetch();
        return batch;
    }

    /// <summary>Hands a batch over, waiting while the shard's queue is full.</summary>
    public void Put(int shard, EventBatch batch) => shards[shard].Put(batch);
}
