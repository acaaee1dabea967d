using static KpiStream.Engine.Kpis.Condition;

namespace KpiStream.Engine.Kpis;

/// <summary>
/// The conditions that status, words and flags alone decide, looked up in six reads: the packed word is cut between its fields
/// into stretches of at most eight bits, and a table has for each stretch what its fields say together.
/// </summary>
internal static class StatedConditions
{
    // Packed values: a status is its own number, a word its position plus one, a flag 1 or 2 for stated and true; null is 0.
    private static readonly Dictionary<CaseKey, ulong[]> ByValue = new()
    {
        [CaseKey.Status] = [0, Bits(Waiting), 0, Bits(Refused), 0, Bits(Paused), Bits(Paused), Bits(Withdrawn), Bits(Stopped), Bits(Done),
            Bits(Done, ReturnedResult)],
        [CaseKey.Kind] = [Bits(KindCase), Bits(KindCase), Bits(KindFeedback), Bits(KindPublication)],
        [CaseKey.Channel] = [Bits(AtCounter), Bits(AtCounter), Bits(Online), Bits(ByPost)],
        [CaseKey.PaidVia] = [0, 0, Bits(Paid, PaidNational, PaidOnline), Bits(Paid, PaidOnline), Bits(Paid)],
        [CaseKey.Result] = [Bits(ResultNeeded), Bits(ResultNeeded), Bits(ResultNeeded, ResultPaper), Bits(ResultNeeded, ResultElectronic), 0],
        [CaseKey.Returned] = [0, 0, Bits(ReturnedRemotely), Bits(ReturnedRemotely), 0],
        [CaseKey.Presence] = [Bits(NoPresence), Bits(NoPresence), 0, 0, 0],
        [CaseKey.Signed] = [0, 0, Bits(Signed)],
        [CaseKey.Digitised] = [0, 0, Bits(Digitised)],
        [CaseKey.Reused] = [0, 0, Bits(Reused)],
        [CaseKey.VNeId] = [0, 0, Bits(VNeId)],
        [CaseKey.Synced] = [0, 0, Bits(Synced)],
        [CaseKey.ComponentsSigned] = [0, 0, Bits(ComponentsSigned)],
        [CaseKey.ResultDigitised] = [0, 0, Bits(ResultDigitised)],
        [CaseKey.Stored] = [0, 0, Bits(Stored)],
        [CaseKey.ResultSynced] = [0, 0, Bits(ResultSynced)],
        [CaseKey.Satisfied] = [0, Bits(Rated), Bits(Rated, Satisfied)],
    };

    // Read-only numbers are constants to the compiler that makes the code, lookups in the layout are not.
    private static readonly int FromPaidVia = WordLayout.ShiftOf(CaseKey.PaidVia), FromReturned = WordLayout.ShiftOf(CaseKey.Returned),
        FromSigned = WordLayout.ShiftOf(CaseKey.Signed), FromSynced = WordLayout.ShiftOf(CaseKey.Synced),
        FromStored = WordLayout.ShiftOf(CaseKey.Stored);

    private static readonly ulong[] First = Table(0, FromPaidVia), Second = Table(FromPaidVia, FromReturned), Third = Table(FromReturned, FromSigned),
        Fourth = Table(FromSigned, FromSynced), Fifth = Table(FromSynced, FromStored), Sixth = Table(FromStored, FromStored + 8);

    /// <summary>The conditions of a <see cref="Registers.Packed"/> word.</summary>
    public static ulong Of(ulong packed) => First[(byte)packed] | Second[(byte)(packed >> FromPaidVia)] | Third[(byte)(packed >> FromReturned)]
        | Fourth[(byte)(packed >> FromSigned)] | Fifth[(byte)(packed >> FromSynced)] | Sixth[(byte)(packed >> FromStored)];

    /// <summary>Some conditions as a word.</summary>
    public static ulong Bits(params ReadOnlySpan<Condition> conditions)
    {
        var bits = 0UL;
        foreach (var condition in conditions)
        {
            bits |= 1UL << (int)condition;
        }

        return bits;
    }

    // A stretch that is shorter than a byte is followed by bits of the next, which its table does not look at.
    private static ulong[] Table(int from, int to)
    {
        var table = new ulong[1 << 8];
        foreach (var (key, conditions) in ByValue.Where(field => WordLayout.ShiftOf(field.Key) >= from && WordLayout.ShiftOf(field.Key) < to))
        {
            for (var stretch = 0; stretch < table.Length; stretch++)
            {
                var value = (stretch >> (WordLayout.ShiftOf(key) - from)) & (int)WordLayout.MaskOf(key);
                table[stretch] |= value < conditions.Length ? conditions[value] : 0;
            }
        }

        return table;
    }
}
