using static KpiStream.Engine.Kpis.Condition;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// The conditions that rest on registers no event has stated, looked up in three reads by the mask of stated registers.
/// What a waiver or the lack of an end settles is taken out by <see cref="CaseFactsReader"/>.
/// </summary>
internal static class UnobservedConditions
{
    private static readonly Dictionary<CaseKey, ulong> ByKey = new()
    {
        [CaseKey.Channel] = StatedConditions.Bits(Online, ByPost, AtCounter),
        [CaseKey.Due] = StatedConditions.Bits(OnTime),
        [CaseKey.Fee] = StatedConditions.Bits(FeeDue),
        [CaseKey.PaidVia] = StatedConditions.Bits(Paid, PaidNational, PaidOnline),
        [CaseKey.Result] = StatedConditions.Bits(ResultElectronic, ResultPaper, ResultNeeded),
        [CaseKey.Signed] = StatedConditions.Bits(Signed),
        [CaseKey.Returned] = StatedConditions.Bits(ReturnedRemotely),
        [CaseKey.Presence] = StatedConditions.Bits(NoPresence),
        [CaseKey.Digitised] = StatedConditions.Bits(Digitised),
        [CaseKey.Reused] = StatedConditions.Bits(Reused),
        [CaseKey.VNeId] = StatedConditions.Bits(VNeId),
        [CaseKey.Synced] = StatedConditions.Bits(Synced),
        [CaseKey.ComponentsSigned] = StatedConditions.Bits(ComponentsSigned),
        [CaseKey.ResultDigitised] = StatedConditions.Bits(ResultDigitised),
        [CaseKey.Stored] = StatedConditions.Bits(Stored),
        [CaseKey.ResultSynced] = StatedConditions.Bits(ResultSynced),
    };

    // None of the keys below bit 8 decides a condition of these.
    private static readonly ulong[] Second = Table(8), Third = Table(16), Fourth = Table(24);

    /// <summary>Every condition that is unknown in some case; all others never are.</summary>
    public static ulong All { get; } = ByKey.Values.Aggregate(0UL, static (all, bits) => all | bits);

    /// <summary>The conditions resting on registers that a mask of stated ones lacks.</summary>
    public static ulong Of(uint stated) => Second[(byte)(stated >> 8)] | Third[(byte)(stated >> 16)] | Fourth[(byte)(stated >> 24)];

    /// <summary>The keys a condition rests on, as a mask of stated registers; 0 for a condition that is never unknown.</summary>
    public static uint KeysOf(Condition condition) =>
        ByKey.Where(entry => (entry.Value & (1UL << (int)condition)) != 0).Aggregate(0U, static (keys, entry) => keys | (1U << (int)entry.Key));

    private static ulong[] Table(int from)
    {
        var table = new ulong[1 << 8];
        foreach (var (key, conditions) in ByKey.Where(entry => (int)entry.Key >= from && (int)entry.Key < from + 8))
        {
            for (var stated = 0; stated < table.Length; stated++)
            {
                table[stated] |= ((stated >> ((int)key - from)) & 1) == 0 ? conditions : 0;
            }
        }

        return table;
    }
}
