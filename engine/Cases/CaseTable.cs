using System.Runtime.CompilerServices;
using KpiStream.Engine.Events;

namespace KpiStream.Engine.Cases;

/// <summary>
/// All cases of one shard: records in pages that never move, found through an open-addressed index. Cases are kept for ever;
/// the bound is the machine's memory, about 190 bytes a case with its index. Owned by one shard; a restart rebuilds it from the log.
/// </summary>
public sealed class CaseTable
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private readonly List<CaseRecord[]> pages = [];

    // An entry is the record's number plus one in the low half and 32 bits of the pseudonym in the high half, so that probing rarely
    // touches a record that is not the one looked for. 0 is free.
    private ulong[] index = new ulong[1 << 10];
    private int count;

    public int Count => count;

    /// <summary>Finds a case, adding an empty record when there is none. The reference stays good for the table's life.</summary>
    public ref CaseRecord GetOrAdd(CaseId id)
    {
        var mask = (ulong)index.Length - 1;
        var tag = id.Hi & 0xFFFF_FFFF_0000_0000;
        for (var slot = id.Lo & mask; ; slot = (slot + 1) & mask)
        {
            var entry = index[slot];
            if (entry == 0)
            {
                return ref Add(id, slot, tag);
            }

            if ((entry & 0xFFFF_FFFF_0000_0000) == tag)
            {
                ref var record = ref this[(int)(uint)entry - 1];
                if (record.Id == id)
                {
                    return ref record;
                }
            }
        }
    }

    /// <summary>The number of a case; −1 when there is none.</summary>
    public int Find(CaseId id)
    {
        var mask = (ulong)index.Length - 1;
        for (var slot = id.Lo & mask; index[slot] != 0; slot = (slot + 1) & mask)
        {
            if (this[(int)(uint)index[slot] - 1].Id == id)
            {
                return (int)(uint)index[slot] - 1;
            }
        }

        return -1;
    }

    /// <summary>A record by its number, in order of first appearance.</summary>
    public ref CaseRecord this[int number]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref pages[number >> PageBits][number & (PageSize - 1)];
    }

    private ref CaseRecord Add(CaseId id, ulong slot, ulong tag)
    {
        if (count % PageSize == 0)
        {
            pages.Add(new CaseRecord[PageSize]);
        }

        index[slot] = tag | (uint)(count + 1);
        ref var record = ref this[count++];
        record.Id = id;
        if (count > index.Length / 2)
        {
            Grow();
        }

        return ref record;
    }

    private void Grow()
    {
        var grown = new ulong[index.Length * 2];
        var mask = (ulong)grown.Length - 1;
        foreach (var entry in index)
        {
            if (entry == 0)
            {
                continue;
            }

            var slot = this[(int)(uint)entry - 1].Id.Lo & mask;
            while (grown[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            grown[slot] = entry;
        }

        index = grown;
    }
}
