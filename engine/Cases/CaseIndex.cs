namespace KpiStream.Engine.Cases;

/// <summary>
/// Finds the numbers of cases by 32 bits of their pseudonyms: open addressing, eight bytes an entry, at most three quarters full, so 11 to 22 bytes a
/// case. Pseudonyms are random, so their bits need no hashing. Owned by one shard.
/// </summary>
internal sealed class CaseIndex
{
    // The number plus one in the low half, the tag in the high half; 0 is free. Growing needs only the tags, not the cases.
    private ulong[] entries = new ulong[1 << 10];
    private int count;

    public long Bytes => (long)entries.Length * sizeof(ulong);

    /// <summary>Where the search for a tag begins.</summary>
    public int Start(uint tag) => (int)(tag & (uint)(entries.Length - 1));

    /// <summary>What stands where the search for a tag begins, to have it fetched.</summary>
    public ulong Touched(uint tag) => entries[Start(tag)];

    /// <summary>Continues from a place to the next case with the tag.</summary>
    /// <returns>Its number, the place then being after it; −1 when there is none, the place then being where it belongs.</returns>
    public int Next(uint tag, ref int place)
    {
        var all = entries;
        while (true)
        {
            var entry = all[place];
            if (entry == 0)
            {
                return -1;
            }

            place = (place + 1) & (all.Length - 1);
            if ((uint)(entry >> 32) == tag)
            {
                return (int)(uint)entry - 1;
            }
        }
    }

    /// <summary>Enters a case at the place where the search for it ended.</summary>
    public void Add(uint tag, int number, int place)
    {
        entries[place] = ((ulong)tag << 32) | (uint)(number + 1);
        if (++count > entries.Length / 4 * 3)
        {
            Grow();
        }
    }

    /// <summary>Makes room for this many cases at once, instead of by doubling.</summary>
    public void Reserve(int cases)
    {
        var length = (long)entries.Length;
        while (length / 4 * 3 < cases)
        {
            length *= 2;
        }

        Grow(length);
    }

    private void Grow() => Grow((long)entries.Length * 2);

    private void Grow(long length)
    {
        var grown = new ulong[length];
        foreach (var entry in entries)
        {
            if (entry == 0)
            {
                continue;
            }

            var place = (int)((uint)(entry >> 32) & (uint)(grown.Length - 1));
            while (grown[place] != 0)
            {
                place = (place + 1) & (grown.Length - 1);
            }

            grown[place] = entry;
        }

        entries = grown;
    }
}
