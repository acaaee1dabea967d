namespace KpiStream.Engine.Cases;

/// <summary>
/// The older stamps of cases whose registers were stated at different times. A case's newest stamp stands in its record and goes for every
/// register that no layer names; each older stamp has a layer of 24 bytes that names its registers, chained from the record. No register is in two
/// layers, no layer is empty, no two layers of a case share a stamp. Owned by one shard.
/// </summary>
public sealed class StampLayers
{
    private readonly PagedPool<Layer> pool = new();

    /// <summary>Layers in use.</summary>
    public int Count => pool.Count;

    /// <summary>The memory held, bytes.</summary>
    public long Bytes => pool.Bytes;

    /// <summary>A layer of a chain; only its fields may be changed.</summary>
    public ref Layer this[int layer] => ref pool[layer];

    /// <summary>All registers that the layers of a chain name.</summary>
    public uint KeysOf(int chain)
    {
        var keys = 0u;
        for (; chain != 0; chain = pool[chain].Next)
        {
            keys |= pool[chain].Keys;
        }

        return keys;
    }

    /// <summary>The stamp of every register by <see cref="CaseKey"/>; what was never stated has the newest.</summary>
    public Stamp[] StampsOf(in CaseRecord record)
    {
        var stamps = new Stamp[CaseKeys.Count];
        Array.Fill(stamps, record.Stamp);
        for (var chain = record.Older; chain != 0; chain = pool[chain].Next)
        {
            for (var key = 0; key < stamps.Length; key++)
            {
                stamps[key] = (pool[chain].Keys & (1u << key)) != 0 ? pool[chain].Stamp : stamps[key];
            }
        }

        return stamps;
    }

    /// <summary>Names registers under a stamp older than the case's newest; no layer may name them.</summary>
    public void Add(ref int chain, Stamp stamp, uint keys)
    {
        for (var layer = chain; layer != 0; layer = pool[layer].Next)
        {
            if (pool[layer].Stamp == stamp)
            {
                pool[layer].Keys |= keys;
                return;
            }
        }

        chain = pool.Rent(new Layer { Stamp = stamp, Keys = keys, Next = chain });
    }

    /// <summary>Takes registers out of every layer, giving back the layers that name no other.</summary>
    public void Remove(ref int chain, uint keys)
    {
        ref var link = ref chain;
        while (link != 0)
        {
            var number = link;
            ref var layer = ref pool[number];
            layer.Keys &= ~keys;
            if (layer.Keys != 0)
            {
                link = ref layer.Next;
                continue;
            }

            link = layer.Next;
            pool.Return(number);
        }
    }

    /// <summary>Keeps a newest stamp that its slot has no room for at the head of the case's chain, or stops keeping it there.</summary>
    /// <param name="lead">The layer that has kept it so far; 0 for none.</param>
    /// <param name="isWide">True when it must be kept here.</param>
    /// <returns>The chain with its head.</returns>
    internal int Lead(int lead, bool isWide, in CaseRecord record)
    {
        if (!isWide)
        {
            pool.Return(lead);
            return record.Older;
        }

        var layer = new Layer { Stamp = record.Stamp, Next = record.Older };
        if (lead == 0)
        {
            return pool.Rent(in layer);
        }

        pool[lead] = layer;
        return lead;
    }

    /// <summary>Some registers and the stamp they share.</summary>
    public struct Layer
    {
        public Stamp Stamp;

        /// <summary>Bits <see cref="CaseKey"/>.</summary>
        public uint Keys;

        /// <summary>The next layer; 0 ends the chain.</summary>
        public int Next;
    }
}
