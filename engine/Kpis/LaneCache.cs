namespace KpiStream.Engine.Kpis;

/// <summary>
/// Remembers the lanes of condition words seen: real streams show a few hundred. Direct-mapped, so a collision only costs an evaluation.
/// Owned by one shard.
/// </summary>
public sealed class LaneCache
{
    private const int Entries = 1 << 12;

    private readonly CompiledRulebook rules;
    private readonly int stride;
    private readonly ulong[] words = new ulong[Entries];
    private readonly int[] counts = new int[Entries];
    private readonly ushort[] lanes;

    public LaneCache(CompiledRulebook rules)
    {
        this.rules = rules;
        stride = rules.Figures.Count;
        lanes = new ushort[Entries * stride];
    }

    /// <summary>The lanes of a group's condition word; good until the next call.</summary>
    public ReadOnlySpan<ushort> Of(int group, ulong conditions)
    {
        // A word has 36 conditions; the group takes three bits above them, and one more tells a used entry from an empty one.
        var word = conditions | ((ulong)group << 56) | (1UL << 63);
        var entry = (int)((word * 0x9E37_79B9_7F4A_7C15) >> 52);
        var room = lanes.AsSpan(entry * stride, stride);
        if (words[entry] != word)
        {
            counts[entry] = rules.LanesOf(group, conditions, room);
            words[entry] = word;
        }

        return room[..counts[entry]];
    }
}
